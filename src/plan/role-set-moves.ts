/** What somebody gains and loses who holds other roles than before. */
import type { RoleGraph } from '../model/graph.ts';
import { compoundKey, getOrMake } from '../model/keyed.ts';
import { type RoleRef, roleKey } from '../model/names.ts';
import { once } from '../model/once.ts';
import { type Role, roleSetKey } from '../model/role.ts';
import { grantsOf, grantsTogether, type HeldGrants } from './restrictions/held-grants.ts';
import { type Loss, lossesBeside, nearness } from './restrictions/losses.ts';
import type { Universe } from './restrictions/universe.ts';

/** Each worked out when it is asked for. */
export interface Moved {
  gains(): readonly Loss[];
  loses(): readonly Loss[];
}

export interface MovedSides {
  readonly before: RoleGraph;
  readonly after: RoleGraph;
  readonly universe: Universe;
  /** Whether the role, or one that it inherits, is another than before. */
  isAnother(ref: RoleRef): boolean;
}

/** What one set of roles gives and takes in the place of another. */
export function roleSetMoves({
  before,
  after,
  universe,
  isAnother,
}: MovedSides): (had: readonly RoleRef[], has: readonly RoleRef[]) => Moved {
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
    const could = once(() => before.closure(had));
    const can = once(() => after.closure(has));
    return { gains: once(() => grantedMore(can(), could())), loses: once(() => grantedMore(could(), can())) };
  };
  const isNearBefore = nearness(before, universe);
  const isNearAfter = nearness(after, universe);
  // Roles that stay as they are matter only where they grant a part of what the others give or take: that is worked out
  // once for all who change alike.
  return (had, has) => {
    const now = new Set(has.map(roleKey));
    const stays = had.filter((ref) => now.has(roleKey(ref)) && !isAnother(ref));
    const all = between(had, has);
    if (stays.length === 0) return all;
    const staying = new Set(stays.map(roleKey));
    const goes = had.filter((ref) => !staying.has(roleKey(ref)));
    const comes = has.filter((ref) => !staying.has(roleKey(ref)));
    const alone = getOrMake(known, compoundKey([roleSetKey(goes), roleSetKey(comes)]), () => between(goes, comes));
    return {
      gains: once(() => (stays.some((ref) => isNearBefore(alone.gains(), ref)) ? all : alone).gains()),
      loses: once(() => (stays.some((ref) => isNearAfter(alone.loses(), ref)) ? all : alone).loses()),
    };
  };
}
