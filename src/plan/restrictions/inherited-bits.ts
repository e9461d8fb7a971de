/** The requirements that roles meet with all that they inherit, each role looked at once. */
import type { RoleGraph } from '../../model/graph.ts';
import { getOrMake } from '../../model/keyed.ts';
import { type RoleRef, roleKey } from '../../model/names.ts';
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
  const granted = graph.closure(refs);
  const bits = new Map(granted.map((role) => [roleKey(role), metBy(role.privileges)]));
  const heirs = new Map<string, string[]>();
  for (const role of granted) {
    for (const inherited of role.roles) {
      const list = heirs.get(roleKey(inherited));
      if (list === undefined) heirs.set(roleKey(inherited), [roleKey(role)]);
      else list.push(roleKey(role));
    }
  }
  const open = [...bits.keys()];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const own = bits.get(key) ?? 0n;
    for (const heir of heirs.get(key) ?? []) {
      const before = bits.get(heir) ?? 0n;
      if ((before | own) === before) continue;
      bits.set(heir, before | own);
      open.push(heir);
    }
  }
  const of = (ref: RoleRef): bigint => bits.get(roleKey(ref)) ?? 0n;
  // Accounts that hold the same share one list.
  const ofLists = new Map<readonly RoleRef[], bigint>();
  return { of, ofAll: (list) => getOrMake(ofLists, list, () => list.reduce((sum, ref) => sum | of(ref), 0n)) };
}
