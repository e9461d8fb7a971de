/** Who inherits from whom, by number: what is found out about a role goes on to all its heirs. */
import type { RoleRef } from './names.ts';
import type { Role } from './role.ts';
import { RoleMap } from './role-map.ts';

export interface Inheritance {
  /** A role's number is its place here. */
  readonly roles: readonly Role[];
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
  return { roles, numbers, heirs };
}
