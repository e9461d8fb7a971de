/** The shortest grant path: from a user through its roles to a privilege that meets a requirement. */
import type { Inheritance } from '../model/inheritance.ts';
import { formatRole, formatUser, type RoleRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import { formatResource } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import type { Grant, Principal } from './analysis.ts';
import { meets, type Requirement, requirementKey, requirementText } from './techniques.ts';

/** `app@admin`, `readWrite@audit`, `update on audit.*`. */
export function grantNames({
  path,
  privilege,
  action,
}: Pick<Grant, 'path' | 'action'> & { readonly privilege: Pick<Grant['privilege'], 'resource'> }): readonly string[] {
  return [...path, `${action} on ${formatResource(privilege.resource)}`];
}

/**
 * The grant path as a person can follow it. Of a takeover it is the accounts one after the other, each with its roles: the
 * privilege of the first step would stand behind the last account, which is another's.
 */
export function grantPathOf(principal: Pick<Principal, 'path' | 'privilege' | 'action' | 'steps'>): readonly string[] {
  return principal.steps.length > 1 ? principal.path : grantNames(principal);
}

export interface Routes {
  /** `user@db`, then roles by inheritance, and the privilege at the end. Throws if no role of the user meets it. */
  from(user: User, requirement: Requirement): Route;
}

interface Route {
  readonly path: readonly string[];
  readonly privilege: Privilege;
}

/** The rest of the path from a role: how many steps, and where the next one leads; at the end, the privilege. */
interface Hop {
  readonly distance: number;
  readonly role: RoleRef;
  readonly next?: Hop;
  readonly privilege: Privilege;
}

/** `granted`: all roles that users hold, inherited ones included. Hops are found when a requirement is first asked for. */
export function findRoutes(granted: Inheritance): Routes {
  const byRequirement = new Map<string, Hops>();
  const hopsFor = (requirement: Requirement): Hops => {
    const key = requirementKey(requirement);
    const known = byRequirement.get(key) ?? findHops(granted, requirement);
    byRequirement.set(key, known);
    return known;
  };
  return {
    from: (user, requirement) => {
      const hops = hopsFor(requirement);
      let best: Hop | undefined;
      for (const at of granted.numbers(user.roles)) {
        const hop = hops.get(at);
        if (hop !== undefined && (best === undefined || hop.distance < best.distance)) best = hop;
      }
      if (best === undefined) {
        throw new Error(`no role of ${formatUser(user)} grants ${requirementText(requirement)}`);
      }
      const path = [formatUser(user)];
      for (let hop: Hop | undefined = best; hop !== undefined; hop = hop.next) path.push(formatRole(hop.role));
      return { path, privilege: best.privilege };
    },
  };
}

/** By a role's number. */
type Hops = ReadonlyMap<number, Hop>;

/** Breadth first, from the roles that meet the requirement by themselves to those that inherit them. */
function findHops({ roles, heirs }: Inheritance, requirement: Requirement): Hops {
  const hops = new Map<number, Hop>();
  for (const [at, role] of roles.entries()) {
    const privilege = role.privileges.find((candidate) => meets(candidate, requirement));
    if (privilege !== undefined) hops.set(at, { distance: 0, role, privilege });
  }
  // A map's own order is that of arrival: what is added while going through it comes last.
  for (const [at, hop] of hops) {
    for (const heir of heirs[at] ?? []) {
      const role = roles[heir];
      if (role === undefined || hops.has(heir)) continue;
      hops.set(heir, { distance: hop.distance + 1, role, next: hop, privilege: hop.privilege });
    }
  }
  return hops;
}
