/** Who inherits from whom, by number: what is found out about a role goes on to all its heirs. */
import { getOrMake } from './keyed.ts';
import { RoleMap } from './name-maps.ts';
import type { RoleRef } from './names.ts';
import type { Role } from './role.ts';

export interface Inheritance {
  /** A role's number is its place here. */
  readonly roles: readonly Role[];
  /** The number of this role; nothing if it is not among `roles`. */
  number(ref: RoleRef): number | undefined;
  /** The numbers of these roles; those that are not among `roles` are left out. */
  numbers(refs: readonly RoleRef[]): readonly number[];
  /** By a role's number: the roles that inherit from it directly. */
  readonly heirs: readonly (readonly number[])[];
}

export function inheritance(roles: readonly Role[]): Inheritance {
  const numberOf = new RoleMap<number>();
  for (const [at, role] of roles.entries()) numberOf.set(role, at);
  const numbers = (refs: readonly RoleRef[]): number[] => {
    const found: number[] = [];
    for (const ref of refs) {
      const at = numberOf.get(ref);
      if (at !== undefined) found.push(at);
    }
    return found;
  };
  const heirs = roles.map((): number[] => []);
  for (const [at, role] of roles.entries()) {
    for (const inherited of numbers(role.roles)) heirs[inherited]?.push(at);
  }
  return { roles, number: (ref) => numberOf.get(ref), numbers, heirs };
}

/** These roles and all of `roles` that inherit from them, directly or through others. */
export function withHeirs(refs: Iterable<RoleRef>, roles: Iterable<Role>): Pick<RoleMap<true>, 'has'> {
  const heirs = new RoleMap<RoleRef[]>();
  for (const role of roles) for (const inherited of role.roles) getOrMake(heirs, inherited, () => []).push(role);
  const reached = new RoleMap<true>();
  const open = [...refs];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (reached.has(ref)) continue;
    reached.set(ref, true);
    for (const heir of heirs.get(ref) ?? []) open.push(heir);
  }
  return reached;
}

/** Bits go from each role to those that inherit it, until nothing changes; a cycle of inheritance ends like anything else. */
export function handOn(masks: bigint[], heirs: Inheritance['heirs']): void {
  const open = masks.flatMap((mask, at) => (mask === 0n ? [] : [at]));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const mask = masks[at] ?? 0n;
    for (const heir of heirs[at] ?? []) {
      const before = masks[heir] ?? 0n;
      if ((before | mask) === before) continue;
      masks[heir] = before | mask;
      open.push(heir);
    }
  }
}
