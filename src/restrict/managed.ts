/**
 * Managed roles: what an account holds in the place of a role that reaches too far. Each is named from what it replaces
 * and from what is cut, so that all accounts with the same need share one, and so that the next plan finds it again.
 */
import { createHash } from 'node:crypto';
import type { RoleGraph } from '../model/graph.ts';
import { type RoleRef, roleKey } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import { canonicalPrivileges, type Privilege } from '../model/privilege.ts';
import { canonicalRole, type Role } from '../model/role.ts';
import type { Cut } from './cuts.ts';
import { narrowPrivileges, samePrivileges, type Universe } from './narrow.ts';

export interface ManagedRole {
  readonly role: Role;
  /** The role in whose place it is held. */
  readonly replaces: RoleRef;
  readonly covers: readonly string[];
  /** The requirements that it meets, with all that it inherits. */
  readonly met: bigint;
}

/** What becomes of a role when something is cut from it. */
export type Narrowed =
  | { readonly kind: 'kept' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'replaced'; readonly by: ManagedRole };

export interface Narrower {
  narrow(ref: RoleRef, cuts: readonly Cut[]): Narrowed;
  /** Every managed role that was needed, sorted. */
  managed(): readonly ManagedRole[];
}

export interface NarrowerOptions {
  /** Two policies never share a managed role. */
  readonly policy: string;
  readonly graph: RoleGraph;
  readonly universe: Universe;
  /** The requirements that a role meets, with all that it inherits. */
  met(ref: RoleRef): bigint;
  /** Those that privileges meet. */
  metBy(privileges: readonly Privilege[]): bigint;
  /** What the role of that name covers already, by the ownership record. */
  covered(managed: RoleRef): readonly string[];
}

export function makeNarrower(options: NarrowerOptions): Narrower {
  const { graph, universe, met, metBy, covered, policy } = options;
  const results = new Map<string, Narrowed>();
  const made = new Map<string, ManagedRole>();

  const narrow = (ref: RoleRef, cuts: readonly Cut[]): Narrowed => {
    const relevant = cuts.filter(({ bit }) => (met(ref) & bit) !== 0n);
    const role = graph.role(ref);
    if (role === undefined || relevant.length === 0) return KEPT;
    const key = [policy, roleKey(ref), ...relevant.map((cut) => cut.key).sort()].join('\n');
    const known = results.get(key);
    if (known !== undefined) return known;
    // A state made by hand may hold a cycle of inheritance: what is being narrowed already grants nothing a second time.
    results.set(key, GONE);
    const result = narrowRole(role, relevant, key);
    results.set(key, result);
    return result;
  };

  const narrowRole = (role: Role, cuts: readonly Cut[], key: string): Narrowed => {
    const name: RoleRef = { role: managedName(role, cuts, key), db: 'admin' };
    const before = canonicalPrivileges(role.privileges);
    const { privileges, covers } = narrowPrivileges(before, cuts, widened(universe, covered(name)));
    const inherited = role.roles.map((ref) => ({ ref, narrowed: narrow(ref, cuts) }));
    if (samePrivileges(before, privileges) && inherited.every(({ narrowed }) => narrowed.kind === 'kept')) return KEPT;
    const roles = inherited.flatMap(({ ref, narrowed }) =>
      narrowed.kind === 'kept' ? [ref] : narrowed.kind === 'replaced' ? [narrowed.by.role] : [],
    );
    const { authenticationRestrictions = [] } = role;
    // Empty, it still says from where its holders may log in.
    if (privileges.length === 0 && roles.length === 0 && authenticationRestrictions.length === 0) return GONE;
    const copy = canonicalRole({ ...name, privileges, roles, authenticationRestrictions });
    const metByInherited = inherited.reduce(
      (sum, { ref, narrowed }) =>
        sum | (narrowed.kind === 'kept' ? met(ref) : narrowed.kind === 'replaced' ? narrowed.by.met : 0n),
      0n,
    );
    const replaces = { role: role.role, db: role.db };
    const by: ManagedRole = { role: copy, replaces, covers, met: metBy(privileges) | metByInherited };
    made.set(roleKey(name), by);
    return { kind: 'replaced', by };
  };

  return {
    narrow,
    managed: () => [...made.values()].sort((a, b) => (roleKey(a.role) < roleKey(b.role) ? -1 : 1)),
  };
}

const KEPT: Narrowed = { kind: 'kept' };
const GONE: Narrowed = { kind: 'gone' };

/** A database that is gone stays covered: it may come back, and a role need not change for it. */
function widened(universe: Universe, covered: readonly string[]): Universe {
  const databases = sortedSet([...universe.databases, ...covered.filter((name) => !name.includes('.'))]);
  return {
    actions: universe.actions,
    databases,
    collections: (db) =>
      sortedSet([
        ...universe.collections(db),
        ...covered.filter((name) => name.startsWith(`${db}.`)).map((name) => name.slice(db.length + 1)),
      ]),
  };
}

const MOST_NAMED_PLACES = 2;

/** `readWriteAnyDatabase-except-audit-1f3a9c2e`: the number tells apart what is cut. */
function managedName({ role, db }: RoleRef, cuts: readonly Cut[], key: string): string {
  const places = sortedSet(cuts.map(({ on }) => on.replace(/\.\*$/, '')));
  const named = places.length > MOST_NAMED_PLACES ? `${places.length}-places` : places.join('-');
  const home = db === 'admin' ? '' : `-of-${db}`;
  const number = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `${role}${home}-except-${named}-${number}`;
}
