/** From the text of policy files to the intent. */

import type { PolicyFile } from '../generated/policy.ts';
import * as policyForm from '../generated/validate-policy.js';
import { formatNamespace, roleKey, userKey } from '../model/names.ts';
import { isEmptyRange } from '../model/version.ts';
import { compileRole, compileUser } from './compile-access.ts';
import {
  compileAcceptedRisk,
  compileAttestation,
  compileBreakGlass,
  compileCollection,
  compileRestriction,
} from './compile-collections.ts';
import { conform, POLICY_MARK } from './conform.ts';
import { type FileContext, fileContext } from './file-context.ts';
import type { Intent, Origin } from './intent.ts';
import { sizeProblems, textProblem } from './limits.ts';
import { checkManagedKeys } from './managed-keys.ts';
import type { Problem } from './problem.ts';
import { checkReferences } from './references.ts';
import { parseSource, type SourceFile } from './source.ts';
import { expandVariables, type VariableLayers } from './variables.ts';

export interface PolicyText {
  /** How messages name the file. */
  readonly file: string;
  readonly text: string;
}

export interface CompileOptions {
  /** Values that win over the policy's own `variables`, the strongest first. */
  readonly variables?: VariableLayers;
  /** Set to false if more files may belong to the policy than those given: then no role is said to be unknown. */
  readonly complete?: boolean;
}

/** A policy that compiled has no problems; one that did not has at least one, and no intent. */
export type Compiled =
  | { readonly intent: Intent; readonly problems: readonly [] }
  | { readonly intent?: undefined; readonly problems: readonly Problem[] };

/** A file that was read: its data, or what is wrong with its syntax. */
export interface ParsedFile {
  readonly file: string;
  /** What was read, whatever became of it. */
  readonly text?: string;
  readonly source?: SourceFile;
  readonly problems: readonly Problem[];
}

/**
 * Reads YAML or JSON. Syntax errors come back as problems, each with its place; a file without any has a `source`. Throws
 * nothing.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { parsePolicyFile } from 'mongoward';
 *
 * const { problems } = parsePolicyFile({ file: 'trail.yaml', text: 'users: *' });
 * assert.deepEqual(problems, [
 *   {
 *     rule: 'document/syntax',
 *     severity: 'error',
 *     message: 'an asterisk without quotes begins a YAML alias: quote it as "*"',
 *     file: 'trail.yaml',
 *     line: 1,
 *     column: 8,
 *     path: '',
 *   },
 * ]);
 * ```
 */
export function parsePolicyFile({ file, text }: PolicyText): ParsedFile {
  const large = textProblem(file, text);
  return { file, text, ...(large === undefined ? parseSource(file, text) : { problems: [large] }) };
}

/** `metadata.name`, if the file has come that far. */
export function policyNameOf({ source }: ParsedFile): string | undefined {
  const data = source?.data;
  const metadata = typeof data === 'object' && data !== null && 'metadata' in data ? data.metadata : undefined;
  const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
  return typeof name === 'string' ? name : undefined;
}

/**
 * Compiles files to one policy. They must bear the same `metadata.name`; the same object twice is a problem, as is
 * everything that does not fit the language, each with file, line and column.
 */
export function compilePolicy(files: readonly ParsedFile[], options: CompileOptions = {}): Compiled {
  const { intent, problems } = draftPolicy(files, options);
  return problems.length === 0 && intent !== undefined ? { intent, problems: [] } : { problems };
}

/** What a policy says as far as it could be understood, and what stands in the way of compiling it. */
export interface Draft {
  readonly intent: Intent | undefined;
  readonly problems: readonly Problem[];
  /** Every file came through, so that what the intent does not have is nowhere. */
  readonly complete: boolean;
}

/** For the linter, which tells as much as it can about a policy that does not compile. Nothing else may act on a draft. */
export function draftPolicy(files: readonly ParsedFile[], options: CompileOptions = {}): Draft {
  const parsed = files.flatMap((file) => file.source ?? []);
  const tooLarge = sizeProblems(parsed);
  const variables = [...(options.variables ?? []), ownVariables(parsed)];
  const read = tooLarge.length > 0 ? [] : parsed.map((source) => readFile(source, variables));
  const problems = [...files.flatMap((file) => file.problems), ...tooLarge, ...read.flatMap((file) => file.problems)];
  const documents = read.flatMap(({ source }) => source ?? []);
  const complete = options.complete !== false && documents.length === files.length;
  const intent = assemble(documents, problems, complete);
  return { intent, problems: sortProblems(problems), complete };
}

/** The file with its variables put in, if it fits the language. */
function readFile(
  source: SourceFile,
  variables: VariableLayers,
): { readonly source?: SourceFile; readonly problems: readonly Problem[] } {
  const expanded = expandVariables(source, variables);
  if (expanded.problems.length > 0) return { problems: expanded.problems };
  const problems = conform(expanded.source, { ...policyForm, mark: POLICY_MARK });
  return problems.length > 0 ? { problems } : { source: expanded.source, problems };
}

/** `variables` of all files together: they are needed before the schema has looked at anything. */
export function ownVariables(sources: readonly SourceFile[]): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const { data } of sources) {
    const written = typeof data === 'object' && data !== null && 'variables' in data ? data.variables : undefined;
    if (typeof written !== 'object' || written === null) continue;
    for (const [name, value] of Object.entries(written)) if (typeof value === 'string') variables.set(name, value);
  }
  return variables;
}

/** `complete`: every file has come this far, so that what is not here is nowhere. */
function assemble(sources: readonly SourceFile[], problems: Problem[], complete: boolean): Intent | undefined {
  const documents = sources.map((source) => ({
    context: fileContext(source, problems),
    data: source.data as PolicyFile,
  }));
  const [first] = documents;
  if (first === undefined) return undefined;
  checkNames(documents, problems);
  const each = <Entry, Result>(
    list: (data: PolicyFile) => Readonly<Record<string, Entry>> | undefined,
    compile: (context: FileContext, key: string, entry: Entry) => Result | undefined,
  ): Result[] =>
    documents.flatMap(({ context, data }) =>
      Object.entries(list(data) ?? {}).flatMap(([key, entry]) => compile(context, key, entry) ?? []),
    );
  const eachOf = <Entry, Result>(
    list: (data: PolicyFile) => readonly Entry[] | undefined,
    compile: (context: FileContext, index: number, entry: Entry) => Result,
  ): Result[] =>
    documents.flatMap(({ context, data }) => (list(data) ?? []).map((entry, index) => compile(context, index, entry)));

  const descriptions = documents.flatMap(({ data }) => data.metadata.description ?? []);
  const intent: Intent = {
    policy: first.data.metadata.name,
    ...(descriptions[0] === undefined ? {} : { description: descriptions[0] }),
    roles: each((data) => data.roles, compileRole),
    users: each((data) => data.users, compileUser),
    collections: each((data) => data.collections, compileCollection),
    restrictions: eachOf((data) => data.restrictions, compileRestriction),
    breakGlass: eachOf((data) => data.breakGlass, compileBreakGlass),
    unmanaged: documents.flatMap(({ data }) => data.unmanaged ?? []),
    // Of several files one that says so is enough.
    inventory: documents.some(({ data }) => data.inventory === 'closed') ? 'closed' : 'open',
    acceptedRisks: eachOf((data) => data.acceptedRisks, compileAcceptedRisk),
    cluster: clusterDemands(documents, problems),
    attestations: eachOf((data) => data.attestations, compileAttestation),
    files: sources.map((source) => source.file),
  };
  refuseTwice(intent.roles, (entry) => roleKey(entry.role), 'role', problems);
  refuseTwice(intent.users, (entry) => userKey(entry.user), 'user', problems);
  refuseTwice(intent.collections, (entry) => formatNamespace(entry.ns), 'collection', problems);
  checkReferences(intent, problems, complete);
  checkManagedKeys(intent, problems);
  return intent;
}

interface PolicyDocument {
  readonly context: FileContext;
  readonly data: PolicyFile;
}

function checkNames(documents: readonly PolicyDocument[], problems: Problem[]): void {
  const [first, ...others] = documents;
  for (const { context, data } of others) {
    if (data.metadata.name === first?.data.metadata.name) continue;
    problems.push({
      rule: 'document/several-policies',
      severity: 'error',
      message: `this file belongs to the policy "${data.metadata.name}", ${first?.context.source.file} to "${first?.data.metadata.name}": give the files of one policy`,
      ...context.source.locate(['metadata', 'name']),
    });
  }
}

function clusterDemands(documents: readonly PolicyDocument[], problems: Problem[]): Intent['cluster'] {
  const stated = documents.filter(({ data }) => data.cluster !== undefined);
  for (const { context } of stated.slice(1)) {
    problems.push({
      rule: 'document/duplicate',
      severity: 'error',
      message: `"cluster" stands in ${stated[0]?.context.source.file} too: keep one`,
      ...context.source.locate(['cluster']),
    });
  }
  const [first] = stated;
  const { version } = first?.data.cluster ?? {};
  if (first !== undefined && version !== undefined && isEmptyRange(version)) {
    const message = emptyRangeText(version);
    first.context.problem('document/schema', ['cluster', 'version'], message);
  }
  return first?.data.cluster ?? {};
}

/** Of a policy's demand, and of a cluster's entry in the configuration. */
export function emptyRangeText(range: string): string {
  return `no version of MongoDB is in the range ${JSON.stringify(range)}: correct one of its ends`;
}

function refuseTwice<T extends { readonly origin: Origin }>(
  entries: readonly T[],
  key: (entry: T) => string,
  kind: string,
  problems: Problem[],
): void {
  const seen = new Map<string, Origin>();
  for (const entry of entries) {
    const before = seen.get(key(entry));
    if (before === undefined) {
      seen.set(key(entry), entry.origin);
      continue;
    }
    const { file, line } = before();
    const message = `this ${kind} is already defined in ${file}:${line}: keep one`;
    problems.push({ rule: 'document/duplicate', severity: 'error', message, ...entry.origin() });
  }
}

/** By file, line and column: the order in which a person works through them. */
export function sortProblems<T extends Problem>(problems: readonly T[]): T[] {
  return [...problems].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.message < b.message ? -1 : a.message > b.message ? 1 : 0),
  );
}
