/** Text differences: of a role, user, collection or record as it is and as it will be. */
import { createTwoFilesPatch, structuredPatch } from 'diff';
import { stringify } from 'yaml';
import { formatRole, type RoleRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import { formatResource } from '../model/resource.ts';
import { withoutSecrets } from '../policy/secrets.ts';
import { documentKey } from '../state/document.ts';
import { toExtendedJson } from '../state/extended-json.ts';
import { oneLine } from './layout.ts';

/**
 * Both sides as text, with a context of three lines and marks `+`, `-` and blank. Without a difference: no lines; the order
 * of a document's keys is none.
 */
export function diffLines(before: unknown, after: unknown): readonly string[] {
  if (before !== undefined && after !== undefined && documentKey(before) === documentKey(after)) return [];
  const patch = structuredPatch('', '', describe(before), describe(after), '', '', { context: 3 });
  return patch.hunks
    .flatMap((hunk, index) => [...(index > 0 ? [' ...'] : []), ...hunk.lines])
    .filter((line) => !line.startsWith('\\'));
}

/** The same as a unified difference with a head, for other programs. */
export function unifiedDiff(target: string, before: unknown, after: unknown): string {
  const name = oneLine(target);
  return createTwoFilesPatch(name, name, describe(before), describe(after), 'cluster', 'policy', { context: 3 });
}

/** Two states of a file as a unified difference, as `git apply` takes it. Without a difference: an empty text. */
export function fileDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const name = oneLine(file);
  const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, { context: 3 });
  return patch.replace(/^=+\n/, '');
}

/** Fields that say which object it is; the heading has named it. */
const IDENTITY = new Set(['role', 'user', 'db', 'ns', 'isBuiltin']);

/** A canonical form as YAML in a policy's own words, roles first, because privileges may be many; an absent form is an empty text. */
function describe(form: unknown): string {
  if (typeof form !== 'object' || form === null) return '';
  const parts = Object.entries(form).sort(([a], [b]) => Number(b === 'roles') - Number(a === 'roles'));
  const entries = parts.flatMap(([key, value]): [string, unknown][] => {
    if (IDENTITY.has(key)) return [];
    if (key === 'privileges') return nonEmpty(key, privileges(value as readonly Privilege[]));
    if (key === 'roles') return nonEmpty(key, (value as readonly RoleRef[]).map(roleForm));
    const json = toExtendedJson(value);
    // What somebody has put there as a secret is nothing for whoever reviews a plan.
    return [[key, shellForm(key === 'customData' ? withoutSecrets(json) : json)]];
  });
  if (entries.length === 0) return '';
  return stringify(Object.fromEntries(entries), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** `name@db`, and its parts where the database's own name has an `@`, which would begin it elsewhere. */
function roleForm(ref: RoleRef): string | RoleRef {
  return ref.db.includes('@') ? { role: ref.role, db: ref.db } : formatRole(ref);
}

const SHELL: Readonly<Record<string, (value: unknown) => string>> = {
  $numberLong: (digits) => `Long("${digits}")`,
  $numberDecimal: (digits) => `Decimal128("${digits}")`,
  $numberDouble: (digits) => `Double("${digits}")`,
  $oid: (hex) => `ObjectId("${hex}")`,
  $date: (date) => (typeof date === 'string' ? `ISODate("${date}")` : `Date(${JSON.stringify(date)})`),
  $minKey: () => 'MinKey()',
  $maxKey: () => 'MaxKey()',
  $binary: (value) => {
    const { base64, subType } = fields(value);
    return `BinData(${Number.parseInt(String(subType), 16)}, "${base64}")`;
  },
  $regularExpression: (value) => {
    const { pattern, options } = fields(value);
    return `/${pattern}/${options}`;
  },
  $timestamp: (value) => {
    const { t, i } = fields(value);
    return `Timestamp(${t}, ${i})`;
  },
};

/** A text that would look like one of them. */
const LIKE_SHELL = /^(?:[A-Z]\w*\(|\/.*\/)/s;

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value ?? {}));
}

/** BSON values as mongosh shows them. */
function shellForm(value: unknown): unknown {
  if (typeof value === 'string' && LIKE_SHELL.test(value)) return `String(${JSON.stringify(value)})`;
  if (Array.isArray(value)) return value.map(shellForm);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, inner] = [''], ...others] = Object.entries(value);
  const show = others.length === 0 && Object.hasOwn(SHELL, key) ? SHELL[key] : undefined;
  if (show !== undefined) return show(inner);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shellForm(item)]));
}

function nonEmpty(key: string, value: object): [string, unknown][] {
  return Object.keys(value).length === 0 ? [] : [[key, value]];
}

function privileges(list: readonly Privilege[]): Record<string, readonly string[]> {
  return Object.fromEntries(list.map(({ resource, actions }) => [formatResource(resource), actions]));
}
