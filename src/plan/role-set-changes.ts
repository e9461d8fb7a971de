/** What roles held before and after give and take: worked out once for all accounts that hold the same. */
import type { RoleGraph } from '../model/graph.ts';
import { compoundKey, getOrMake } from '../model/keyed.ts';
import { formatRole, type RoleRef } from '../model/names.ts';
import { once, onceForPair } from '../model/once.ts';
import { canonicalRoleRefs, type Role, roleSetKey } from '../model/role.ts';
import { gatesOfRoles, type LoginGate } from './login-gates.ts';
import type { Reason } from './operations/operation.ts';
import { eachOnce } from './reasons.ts';
import type { Loss } from './restrictions/losses.ts';
import { type MovedSides, roleSetMoves } from './role-set-moves.ts';

/** Actions at one place: `audit.*`, `audit.logs`, `cluster`; `*.*, databases made later`. */
export type AccessAt = Pick<Loss, 'on' | 'resource' | 'actions'>;

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

export interface RoleSetSides extends MovedSides {
  /** Whether a role of one of the graphs restricts logins. */
  readonly hasGates: boolean;
  reasonsOf(role: Role): readonly Reason[];
}

export function roleSetComparer(
  sides: RoleSetSides,
): (had: readonly RoleRef[], has: readonly RoleRef[]) => RoleSetChange {
  const { before, after, hasGates, reasonsOf } = sides;
  const known = new Map<string, RoleSetChange>();
  const movedBetween = roleSetMoves(sides);
  const gates = (graph: RoleGraph, refs: readonly RoleRef[]): readonly LoginGate[] =>
    hasGates ? gatesOfRoles(graph.closure(refs)) : [];
  const compared = (
    had: readonly RoleRef[],
    has: readonly RoleRef[],
    isSameSet: boolean,
  ): Omit<RoleSetChange, 'key'> => {
    const moved = movedBetween(had, has);
    const [gains, loses] = [moved.gains(), moved.loses()];
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

function changesBy(role: Role, reasons: readonly Reason[]): readonly Reason[] {
  return reasons.map(({ text, at }) => ({ text: `${formatRole(role)} changes: ${text}`, ...(at && { at }) }));
}
