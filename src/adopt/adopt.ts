/**
 * A policy written from what a cluster has: the same roles and users, by the same names, without any secret, so that
 * planning it against the same cluster gives nothing. Pure: the same state gives the same files.
 */
import { isBuiltinRoleName } from '../model/catalogue.ts';
import { findCycle, roleGraph } from '../model/graph.ts';
import { databaseNameProblem, formatRole, formatUser, type RoleRef, roleKey, splitAt } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import { canonicalRole, canonicalUser, type Role, type User } from '../model/role.ts';
import { compilePolicy, parsePolicyFile } from '../policy/compile.ts';
import { parsePointer } from '../policy/problem.ts';
import { secretIn } from '../policy/secrets.ts';
import { matchesText } from '../policy/selector.ts';
import { toExtendedJson } from '../state/extended-json.ts';
import type { ClusterState } from '../state/state.ts';
import { dangersOf } from './dangers.ts';
import { escaped, fileText, roleText, userText } from './write.ts';

export interface AdoptOptions {
  /** `metadata.name` of the policy. */
  readonly name: string;
  /** Patterns of `name@db`: these alone; none: all. */
  readonly only: readonly string[];
  readonly ignore: readonly string[];
  /** Of another tool's files, which may not be all that there is: `as Terraform has them`. Absent: a whole cluster. */
  readonly from?: string;
}

export interface Adopted {
  /** By name, without a folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly roles: number;
  readonly users: number;
  /** What is not in the policy, and why. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** Accounts that Atlas, Ops Manager and Cloud Manager make for their own agents. */
const OF_AGENTS = ['mms-automation*@admin', 'mms-backup*@admin', 'mms-monitoring*@admin'];

const OF_AN_AGENT = 'an agent manages it: it is under "unmanaged"';

type Entry = { readonly name: string; readonly db: string } & (
  | { readonly kind: 'roles'; readonly role: Role }
  | { readonly kind: 'users'; readonly user: User }
);

/** What a policy can't say or must not own is left out, and said; whatever refers to it is left out too. */
export function adopt(state: ClusterState, options: AdoptOptions): Adopted {
  const leftOut = new Map<string, LeftOut>();
  const leave = (entry: Entry, why: string): void => {
    const what = `${entry.kind === 'roles' ? 'role' : 'user'} ${entry.name}`;
    leftOut.set(what, { what, why });
  };
  const owners = new Map((state.objects ?? []).map(({ kind, target, policy }) => [`${kind}s ${target}`, policy]));
  const cyclic = new Set(cyclicRoles(state.roles ?? []));
  const unmanaged = OF_AGENTS.filter((pattern) => state.users?.some((user) => matchesText(pattern, formatUser(user))));
  const entries = entriesOf(state).filter((entry) => {
    const why = reasonToLeave(entry, options, owners.get(`${entry.kind} ${entry.name}`), cyclic, unmanaged);
    if (why === '') return false;
    if (why !== undefined) leave(entry, why);
    return why === undefined;
  });
  const dangers = dangersOf(roleGraph(state.roles ?? [], state.server.version));
  let kept = withReferences(entries, leave);
  for (;;) {
    const files = filesOf(kept, options, unmanaged, dangers, isWhole(options, leftOut));
    const { problems } = compilePolicy([...files].map(([file, text]) => parsePolicyFile({ file, text })));
    // The compiler itself judges what a policy can say.
    const wrong = new Map(problems.map(({ path, message }) => [parsePointer(path).slice(0, 2).join('\0'), message]));
    const problemOf = (entry: Entry): string | undefined => wrong.get(`${entry.kind}\0${escaped(entry.name)}`);
    const fit = kept.filter((entry) => problemOf(entry) === undefined);
    if (fit.length === kept.length) {
      return {
        files,
        roles: kept.filter(({ kind }) => kind === 'roles').length,
        users: kept.filter(({ kind }) => kind === 'users').length,
        leftOut: sortedBy(leftOut.values(), ({ what }) => what),
      };
    }
    for (const entry of kept) {
      const why = problemOf(entry);
      if (why !== undefined) leave(entry, why);
    }
    kept = withReferences(fit, leave);
  }
}

/** Whether the policy declares everything that there is: only then is whatever else appears a stranger. */
function isWhole({ only, ignore, from }: AdoptOptions, leftOut: ReadonlyMap<string, LeftOut>): boolean {
  return (
    from === undefined &&
    only.length + ignore.length === 0 &&
    [...leftOut.values()].every(({ why }) => why === OF_AN_AGENT)
  );
}

function entriesOf({ roles = [], users = [] }: ClusterState): Entry[] {
  return [
    ...sortedBy(
      roles.filter(({ isBuiltin }) => isBuiltin !== true),
      roleKey,
    ).map((role): Entry => ({ kind: 'roles', name: formatRole(role), db: role.db, role: canonicalRole(role) })),
    ...sortedBy(users, formatUser).map(
      (user): Entry => ({ kind: 'users', name: formatUser(user), db: user.db, user: canonicalUser(user) }),
    ),
  ];
}

/** Nothing: it goes in. An empty text: nobody asked for it. */
function reasonToLeave(
  entry: Entry,
  { name, only, ignore }: AdoptOptions,
  owner: string | undefined,
  cyclic: ReadonlySet<string>,
  unmanaged: readonly string[],
): string | undefined {
  const matches = (pattern: string): boolean => matchesText(pattern, entry.name);
  if ((only.length > 0 && !only.some(matches)) || ignore.some(matches)) return '';
  if (entry.kind === 'users' && unmanaged.some(matches)) return OF_AN_AGENT;
  if (owner !== undefined && owner !== name) return `it belongs to the policy "${owner}"`;
  if (entry.kind === 'roles' && cyclic.has(entry.name)) return 'it inherits itself';
  const secret = entry.kind === 'users' ? secretIn(toExtendedJson(entry.user.customData)) : undefined;
  if (secret !== undefined) return `its custom data holds ${secret}`;
  const own = splitAt(entry.name);
  const known = entry.kind === 'roles' ? entry.role.role : entry.user.user;
  if (own === undefined || own.db !== entry.db || own.name !== known || databaseNameProblem(entry.db) !== undefined) {
    return 'a policy can\'t name it: its name or database is empty, or the database has an "@"';
  }
  return undefined;
}

function cyclicRoles(roles: readonly Role[]): string[] {
  const found: string[] = [];
  let left = roles;
  for (let cycle = findCycle(left); cycle !== undefined; cycle = findCycle(left)) {
    const names = new Set(cycle);
    for (const name of names) found.push(name);
    left = left.filter((role) => !names.has(formatRole(role)));
  }
  return found;
}

/** Without those that refer to a role which is neither kept nor built in. */
function withReferences(entries: readonly Entry[], leave: (entry: Entry, why: string) => void): readonly Entry[] {
  let kept = entries;
  for (;;) {
    const known = new Set(kept.flatMap((entry) => (entry.kind === 'roles' ? [roleKey(entry.role)] : [])));
    const missing = (refs: readonly RoleRef[]): RoleRef | undefined =>
      refs.find((ref) => !known.has(roleKey(ref)) && !isBuiltinRoleName(ref));
    const fit = kept.filter((entry) => {
      const ref = missing(entry.kind === 'roles' ? entry.role.roles : entry.user.roles);
      if (ref !== undefined) leave(entry, `the role ${formatRole(ref)}, which it holds, is not in the policy`);
      return ref === undefined;
    });
    if (fit.length === kept.length) return kept;
    kept = fit;
  }
}

/** A file for the roles of each database, and one for the users of each. */
function filesOf(
  entries: readonly Entry[],
  { name, from }: AdoptOptions,
  unmanaged: readonly string[],
  dangers: (roles: readonly RoleRef[]) => readonly string[],
  closed: boolean,
): ReadonlyMap<string, string> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = `${entry.kind} ${entry.db}`;
    groups.set(group, [...(groups.get(group) ?? [])]);
    groups.get(group)?.push(entry);
  }
  const files = new Map<string, string>();
  for (const [, list] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = list;
    if (first === undefined) continue;
    const home = first.db
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
    // Names in other scripts are no names of files that travel well; each file says which database it is about.
    const plain = `${first.kind}-${home === '' ? 'other' : home}`;
    let file = `${name}-${plain}.yaml`;
    for (let n = 2; files.has(file); n += 1) file = `${name}-${plain}-${n}.yaml`;
    const texts = list.map((entry) =>
      entry.kind === 'roles'
        ? roleText(entry.role, [...misleading(entry.role), ...dangers([{ role: entry.role.role, db: entry.role.db }])])
        : userText(entry.user, dangers(entry.user.roles)),
    );
    files.set(
      file,
      fileText(name, first.kind, first.db, texts, files.size === 0 ? unmanaged : [], closed && files.size === 0, from),
    );
  }
  if (files.size === 0) files.set(`${name}.yaml`, fileText(name, 'users', '', [], unmanaged, closed));
  return files;
}

/** MongoDB takes the name of one of its own roles outside `admin`; the linter warns of it as well. */
function misleading({ role }: Role): readonly string[] {
  return isBuiltinRoleName({ role, db: 'admin' })
    ? [`bears the name of MongoDB's own role ${role}, which it is not`]
    : [];
}
