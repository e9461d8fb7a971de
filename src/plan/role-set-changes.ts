/** What roles held before and after give and take: worked out once for all accounts that hold the same. */
import type { RoleGraph } from '../model/graph.ts';
import { compoundKey, getOrMake } from '../model/keyed.ts';
import { formatRole, type RoleRef, roleKey } from '../model/names.ts';
import { once, onceForPair } from '../model/once.ts';
import { sortedBy } from '../model/order.ts';
import { type AuthenticationRestriction, canonicalRoleRefs, type Role, roleSetKey } from '../model/role.ts';
import type { Reason } from './operations/operation.ts';
import { eachOnce } from './reasons.ts';
import { grantsOf, grantsTogether, type HeldGrants } from './restrictions/held-grants.ts';
import { type Loss, lossesBeside, nearness } from './restrictions/losses.ts';
import type { Universe } from './restrictions/universe.ts';

/** Actions at one place: `audit.*`, `audit.logs`, `cluster`; `*.*, databases made later`. */
export type AccessAt = Pick<Loss, 'on' | 'resource' | 'actions'>;

/** Restrictions of logins, one of which has to be met; `by`: the role that has them, nothing for the account itself. */
export interface LoginGate {
  readonly by?: string;
  readonly restrictions: readonly AuthenticationRestriction[];
}

export interface RoleSetChange {
  /** The same roles before and after, the same key. */
  readonly key: string;
  /** Canonical. */
  readonly holds: readonly RoleRef[];
  readonly willHold: readonly RoleRef[];
  readonly gains: readonly AccessAt[];
  readonly loses: readonly AccessAt[];
  /** Whether the roles are the same, and grant the same. */
  readonly isSame: boolean;
  /** From where the roles let their holders log in. */
  readonly gates: { readonly before: readonly LoginGate[]; readonly after: readonly LoginGate[] };
  /** Why those of the roles change that do. */
  why(): readonly Reason[];
}

export interface RoleSetSides {
  readonly before: RoleGraph;
  readonly after: RoleGraph;
  readonly universe: Universe;
  /** Whether the role, or one that it inherits, is another than before. */
  isAnother(ref: RoleRef): boolean;
  /** Whether a role of one of the graphs restricts logins. */
  readonly hasGates: boolean;
  reasonsOf(role: Role): readonly Reason[];
}

export function roleSetComparer(
  sides: RoleSetSides,
): (had: readonly RoleRef[], has: readonly RoleRef[]) => RoleSetChange {
  const { before, after, hasGates, reasonsOf } = sides;
  const known = new Map<string, RoleSetChange>();
  const movedBetween = moves(sides);
  const gates = (graph: RoleGraph, refs: readonly RoleRef[]): readonly LoginGate[] =>
    hasGates ? gatesOf(graph.closure(refs)) : [];
  const compared = (
    had: readonly RoleRef[],
    has: readonly RoleRef[],
    isSameSet: boolean,
  ): Omit<RoleSetChange, 'key'> => {
    const { gains, loses } = movedBetween(had, has);
    return {
      holds: canonicalRoleRefs(had),
      willHold: canonicalRoleRefs(has),
      gains,
      loses,
      isSame: isSameSet && gains.length + loses.length === 0,
      gates: { before: gates(before, had), after: gates(after, has) },
      why: once(() => {
        const roles = [...before.closure(had), ...after.closure(has)];
        return eachOnce(roles.flatMap((role) => changesBy(role, reasonsOf(role))));
      }),
    };
  };
  return onceForPair((had, has) => {
    const [old, now] = [roleSetKey(had), roleSetKey(has)];
    const key = compoundKey([old, now]);
    return getOrMake(known, key, () => ({ key, ...compared(had, has, old === now) }));
  });
}

interface Moved {
  readonly gains: readonly Loss[];
  readonly loses: readonly Loss[];
}

/** What one set of roles gives and takes in the place of another. */
function moves({
  before,
  after,
  universe,
  isAnother,
}: RoleSetSides): (had: readonly RoleRef[], has: readonly RoleRef[]) => Moved {
  const known = new Map<string, Moved>();
  const grants = new Map<Role, HeldGrants>();
  const grantedBy = (role: Role): HeldGrants => getOrMake(grants, role, () => grantsOf(role.privileges));
  /** What these roles grant and those do not. A role that is among both grants nothing more. */
  const grantedMore = (these: readonly Role[], those: readonly Role[]): readonly Loss[] => {
    const shared = new Set(those);
    const more = these.filter((role) => !shared.has(role)).flatMap(({ privileges }) => privileges);
    return more.length === 0 ? [] : lossesBeside(more, grantsTogether(those.map(grantedBy)), universe);
  };
  const between = (had: readonly RoleRef[], has: readonly RoleRef[]): Moved => {
    const could = before.closure(had);
    const can = after.closure(has);
    return { gains: grantedMore(can, could), loses: grantedMore(could, can) };
  };
  const isNearBefore = nearness(before, universe);
  const isNearAfter = nearness(after, universe);
  // Roles that stay as they are matter only where they grant a part of what the others give or take: that is worked out
  // once for all who change alike.
  return (had, has) => {
    const now = new Set(has.map(roleKey));
    const stays = had.filter((ref) => now.has(roleKey(ref)) && !isAnother(ref));
    if (stays.length === 0) return between(had, has);
    const staying = new Set(stays.map(roleKey));
    const goes = had.filter((ref) => !staying.has(roleKey(ref)));
    const comes = has.filter((ref) => !staying.has(roleKey(ref)));
    const alone = getOrMake(known, compoundKey([roleSetKey(goes), roleSetKey(comes)]), () => between(goes, comes));
    const doMatter = stays.some((ref) => isNearBefore(alone.gains, ref) || isNearAfter(alone.loses, ref));
    return doMatter ? between(had, has) : alone;
  };
}

function gatesOf(roles: readonly Role[]): readonly LoginGate[] {
  const gated = roles.filter(({ authenticationRestrictions = [] }) => authenticationRestrictions.length > 0);
  return sortedBy(gated, formatRole).map((role) => ({
    by: formatRole(role),
    restrictions: role.authenticationRestrictions ?? [],
  }));
}

function changesBy(role: Role, reasons: readonly Reason[]): readonly Reason[] {
  return reasons.map(({ text, at }) => ({ text: `${formatRole(role)} changes: ${text}`, ...(at && { at }) }));
}
