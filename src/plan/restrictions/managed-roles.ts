/**
 * Managed roles: what an account holds in the place of a role that reaches too far. Each is named from what it replaces
 * and from what is taken away, so that all accounts with the same need share one, and so that the next plan finds it again.
 */
import { createHash } from 'node:crypto';
import type { RoleGraph } from '../../model/graph.ts';
import { getOrMake } from '../../model/keyed.ts';
import { type RoleRef, roleKey } from '../../model/names.ts';
import { sortedSet } from '../../model/order.ts';
import { canonicalPrivileges, type Privilege } from '../../model/privilege.ts';
import { canonicalRole, type Role } from '../../model/role.ts';
import { sortedJson } from '../../state/sorted-json.ts';
import { narrowPrivileges, samePrivileges } from './narrow.ts';
import type { Revocation } from './revocation.ts';
import { type Universe, widened } from './universe.ts';

export interface ManagedRole {
  readonly role: Role;
  /** The role in whose place it is held. */
  readonly replaces: RoleRef;
  readonly covers: readonly string[];
  /** The requirements that it meets, with all that it inherits. */
  readonly met: bigint;
}

/** What becomes of a role when something is taken from it. */
export type Narrowed =
  | { readonly kind: 'kept' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'replaced'; readonly by: ManagedRole };

export interface Narrower {
  narrow(ref: RoleRef, revocations: readonly Revocation[]): Narrowed;
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
  /** Whether a restriction is about accounts that hold the role: then something must go on saying that they held it. */
  selects(role: RoleRef): boolean;
  /** What the role of that name covers already, by the ownership record. */
  covered(managed: RoleRef): readonly string[];
  /** The managed roles that are held in the place of that role already. */
  managedFor(replaced: RoleRef): readonly Role[];
}

export function makeNarrower(options: NarrowerOptions): Narrower {
  const { graph, universe, met, metBy, covered, managedFor, policy } = options;
  const results = new Map<string, Map<bigint, Narrowed>>();
  const made = new Map<string, ManagedRole>();

  const narrow = (ref: RoleRef, revocations: readonly Revocation[]): Narrowed => {
    const own = met(ref);
    const relevant = revocations.filter(({ bit }) => (own & bit) !== 0n);
    const role = graph.role(ref);
    if (role === undefined || relevant.length === 0) return KEPT;
    const ids = relevant.reduce((sum, { id }) => sum | id, 0n);
    const byRevocations = getOrMake(results, roleKey(ref), () => new Map<bigint, Narrowed>());
    const known = byRevocations.get(ids);
    if (known !== undefined) return known;
    // A state made by hand may hold a cycle of inheritance: what is being narrowed already grants nothing a second time.
    byRevocations.set(ids, GONE);
    const result = narrowRole(role, relevant);
    byRevocations.set(ids, result);
    return result;
  };

  const narrowRole = (role: Role, revocations: readonly Revocation[]): Narrowed => {
    const key = [policy, roleKey(role), ...revocations.map((revocation) => revocation.key).sort()].join('\n');
    const name: RoleRef = { role: managedName(role, revocations, key), db: 'admin' };
    const before = canonicalPrivileges(role.privileges);
    const wide = widened(universe, covered(name));
    const { privileges, covers } = narrowPrivileges(before, revocations, wide);
    const inherited = role.roles.map((ref) => ({ ref, narrowed: narrow(ref, revocations) }));
    if (samePrivileges(before, privileges) && inherited.every(({ narrowed }) => narrowed.kind === 'kept')) return KEPT;
    const roles = inherited.flatMap(({ ref, narrowed }) =>
      narrowed.kind === 'kept' ? [ref] : narrowed.kind === 'replaced' ? [narrowed.by.role] : [],
    );
    const { authenticationRestrictions = [] } = role;
    // Empty, it still says from where its holders may log in, and that a restriction is about them.
    const isEmpty = privileges.length === 0 && roles.length === 0;
    if (isEmpty && authenticationRestrictions.length === 0 && !graph.closure([role]).some(options.selects)) {
      return GONE;
    }
    const wanted = canonicalRole({ ...name, privileges, roles, authenticationRestrictions });
    // What is taken may differ by what else the account held, which is gone by then; the role that is left may not.
    const alike = managedFor(role).filter((other) => sameGrants(other, wanted));
    const same = alike.find((other) => roleKey(other) === roleKey(wanted)) ?? alike[0];
    const copy = same === undefined ? wanted : { ...wanted, role: same.role, db: same.db };
    const metByInherited = inherited.reduce(
      (sum, { ref, narrowed }) =>
        sum | (narrowed.kind === 'kept' ? met(ref) : narrowed.kind === 'replaced' ? narrowed.by.met : 0n),
      0n,
    );
    const replaces = { role: role.role, db: role.db };
    const all = same === undefined ? covers : sortedSet([...covers, ...covered(same)]);
    const by: ManagedRole = { role: copy, replaces, covers: all, met: metBy(privileges) | metByInherited };
    made.set(roleKey(copy), by);
    return { kind: 'replaced', by };
  };

  return {
    narrow,
    managed: () => [...made.values()].sort((a, b) => (roleKey(a.role) < roleKey(b.role) ? -1 : 1)),
  };
}

/** Whether a role as it stands grants what the canonical one does, and to holders from the same places. */
export function sameGrants(a: Role, b: Role): boolean {
  const grants = ({ privileges, roles, authenticationRestrictions = [] }: Role): string =>
    sortedJson({ privileges, roles, authenticationRestrictions });
  return grants(canonicalRole(a)) === grants(b);
}

const KEPT: Narrowed = { kind: 'kept' };
const GONE: Narrowed = { kind: 'gone' };

const MOST_NAMED_PLACES = 2;

/** `readWriteAnyDatabase-except-audit-1f3a9c2e`: the number tells apart what is taken away. */
function managedName(replaced: RoleRef, revocations: readonly Revocation[], key: string): string {
  const places = sortedSet(revocations.map(({ on }) => on.replace(/\.\*$/, '')));
  const named = places.length > MOST_NAMED_PLACES ? `${places.length}-places` : places.join('-');
  const number = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `${beginning(replaced)}${named}-${number}`;
}

/** The name says in whose place a managed role is held: what the record says besides can be held against it. */
export function isNamedFor(managed: RoleRef, replaced: RoleRef): boolean {
  return managed.db === 'admin' && managed.role.startsWith(beginning(replaced));
}

function beginning({ role, db }: RoleRef): string {
  return `${role}${db === 'admin' ? '' : `-of-${db}`}-except-`;
}
