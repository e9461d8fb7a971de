/**
 * How large a policy may be. Whom a protection rules out is asked of every account for every protection, and each
 * account of every role: past these sizes the answer would take minutes, and nobody reviews a policy so large.
 */
import type { DocumentPath, Problem } from './problem.ts';
import type { SourceFile } from './source.ts';

/** Of one file, in UTF-16 units: some 20,000 roles. */
export const MOST_TEXT = 4 * 1024 * 1024;

/** Of all files of a policy together. */
const MOST_TOGETHER = 16 * 1024 * 1024;

/** Of all files of a policy together. */
const MOST: Readonly<Record<string, number>> = {
  roles: 20_000,
  users: 20_000,
  collections: 2_000,
  restrictions: 500,
  unmanaged: 1_000,
  breakGlass: 500,
  acceptedRisks: 500,
  attestations: 500,
  variables: 10_000,
};

/** Of one entry: what stands in it at this path. */
const MOST_INSIDE: readonly (readonly [section: string, path: readonly string[], most: number])[] = [
  ['roles', ['privileges'], 10_000],
  ['roles', ['roles'], 1_000],
  ['users', ['roles'], 1_000],
  ['collections', ['encryption', 'fields'], 1_000],
  ['restrictions', ['users'], 1_000],
  ['restrictions', ['except'], 1_000],
  ['restrictions', ['on'], 1_000],
];

/** Accounts and roles on one side, protected collections and restrictions on the other. */
const MOST_QUESTIONS = 2_000_000;

/** Lines that grant something, in all roles and users together. */
const MOST_GRANTS = 200_000;

const GRANTING = MOST_INSIDE.filter(([section]) => section === 'roles' || section === 'users');

const RULE = 'document/schema';

/** What of a policy is larger than it may be, each told where it is. */
export function sizeProblems(sources: readonly SourceFile[]): readonly Problem[] {
  const [first] = sources;
  if (first === undefined) return [];
  const parts = [
    ...Object.entries(MOST).flatMap((entry) => ofSection(sources, ...entry)),
    ...MOST_INSIDE.flatMap((entry) => inSection(sources, ...entry)),
  ];
  return (parts.length > 0 ? parts : ofAll(first, sources)).slice(0, MOST_TOLD);
}

function problemAt(source: SourceFile, path: DocumentPath, message: string): Problem {
  return { rule: RULE, severity: 'error', message, ...source.locate(path) };
}

/** At the file with which a section becomes too long. */
function ofSection(sources: readonly SourceFile[], section: string, most: number): Problem[] {
  let count = 0;
  for (const source of sources) {
    count += sizeAt(source.data, [section]);
    if (count > most) return [problemAt(source, [section], tooMany(section, count, most))];
  }
  return [];
}

function inSection(sources: readonly SourceFile[], section: string, path: readonly string[], most: number): Problem[] {
  return sources.flatMap((source) =>
    entriesOf(valueAt(source.data, [section])).flatMap(([key, entry]) => {
      const size = sizeAt(entry, path);
      return size > most ? [problemAt(source, [section, key, ...path], tooMany(path.join('.'), size, most))] : [];
    }),
  );
}

/** Where no part is too large by itself. */
function ofAll(first: SourceFile, sources: readonly SourceFile[]): Problem[] {
  const sum = (sizeOf: (source: SourceFile) => number): number =>
    sources.reduce((total, source) => total + sizeOf(source), 0);
  const sections = (...names: readonly string[]): number =>
    sum(({ data }) => names.reduce((total, name) => total + sizeAt(data, [name]), 0));
  const text = sum((source) => source.text.length);
  const [holders, questions] = [sections('roles', 'users'), sections('collections', 'restrictions')];
  const grants = sum(({ data }) =>
    GRANTING.reduce(
      (total, [section, path]) =>
        total + entriesOf(valueAt(data, [section])).reduce((inside, [, entry]) => inside + sizeAt(entry, path), 0),
      0,
    ),
  );
  return [
    ...(text > MOST_TOGETHER ? [problemAt(first, [], largeText(text, MOST_TOGETHER))] : []),
    ...(grants > MOST_GRANTS ? [problemAt(first, [], tooMany('roles and users together', grants, MOST_GRANTS))] : []),
    ...(holders * questions > MOST_QUESTIONS
      ? [
          problemAt(
            first,
            [],
            `${shown(holders)} roles and users by ${shown(questions)} collections and restrictions are more than can be checked in time. Split what is unrelated into several policies`,
          ),
        ]
      : []),
  ];
}

const MOST_TOLD = 20;

/** Why the text of a file is not even parsed. */
export function textProblem(file: string, text: string): Problem | undefined {
  if (text.length <= MOST_TEXT) return undefined;
  const message = largeText(text.length, MOST_TEXT);
  return { rule: RULE, severity: 'error', message, file, line: 1, column: 1, path: '' };
}

function largeText(length: number, most: number): string {
  const megabytes = (n: number): string => `${(n / 1024 / 1024).toFixed(1)} MB`;
  return `${megabytes(length)} are too much for a policy to be checked in time. ${megabytes(most)} is the most. Split the policy`;
}

function tooMany(what: string, count: number, most: number): string {
  return `${shown(count)} entries of ${what} are too many to be checked. ${shown(most)} is the most. Split the policy`;
}

function shown(count: number): string {
  return count.toLocaleString('en');
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined,
    data,
  );
}

function entriesOf(value: unknown): readonly (readonly [key: string | number, entry: unknown])[] {
  if (Array.isArray(value)) return value.map((entry, index) => [index, entry] as const);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function sizeAt(data: unknown, path: readonly string[]): number {
  const value = valueAt(data, path);
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
