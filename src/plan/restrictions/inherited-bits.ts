/** The requirements that roles meet with all that they inherit, each role looked at once. */
import type { RoleGraph } from '../../model/graph.ts';
import { handOn, inheritance } from '../../model/inheritance.ts';
import { getOrMake } from '../../model/keyed.ts';
import type { RoleRef } from '../../model/names.ts';
import type { Privilege } from '../../model/privilege.ts';

export interface InheritedBits {
  of(ref: RoleRef): bigint;
  ofAll(refs: readonly RoleRef[]): bigint;
}

/** `refs`: every role that will be asked about, directly or through one that inherits it. */
export function inheritedBits(
  graph: RoleGraph,
  refs: readonly RoleRef[],
  metBy: (privileges: readonly Privilege[]) => bigint,
): InheritedBits {
  const granted = inheritance(graph.closure(refs));
  const bits = granted.roles.map((role) => metBy(role.privileges));
  handOn(bits, granted.heirs);
  const of = (ref: RoleRef): bigint => {
    const at = granted.number(ref);
    return at === undefined ? 0n : (bits[at] ?? 0n);
  };
  // Accounts that hold the same share one list.
  const ofLists = new Map<readonly RoleRef[], bigint>();
  return { of, ofAll: (list) => getOrMake(ofLists, list, () => list.reduce((sum, ref) => sum | of(ref), 0n)) };
}
