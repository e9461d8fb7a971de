/** The shortest way from a user through its roles to a privilege that meets a requirement. */
import { formatRole, formatUser, type RoleRef, roleKey } from './names.ts';
import type { Privilege } from './privilege.ts';
import type { Role, User } from './role.ts';
import type { Requirement } from './ways.ts';

export interface Routes {
  /** `user@db`, then roles by inheritance, and the privilege at the end. Throws if no role of the user meets it. */
  from(user: User, requirement: Requirement): Route;
}

interface Route {
  readonly path: readonly string[];
  readonly privilege: Privilege;
}

/** The rest of the way from a role: how many steps, and where the next one leads; at the end, the privilege. */
interface Hop {
  readonly distance: number;
  readonly role: RoleRef;
  readonly next?: Hop;
  readonly privilege: Privilege;
}

/** `granted`: all roles that users hold, inherited ones included. Hops are found when a requirement is first asked for. */
export function findRoutes(granted: readonly Role[]): Routes {
  const byRequirement = new Map<string, ReadonlyMap<string, Hop>>();
  const hopsFor = (requirement: Requirement): ReadonlyMap<string, Hop> => {
    const key = `${requirement.action}\0${requirement.on}`;
    const known = byRequirement.get(key) ?? findHops(granted, requirement);
    byRequirement.set(key, known);
    return known;
  };
  return {
    from: (user, requirement) => {
      const hops = hopsFor(requirement);
      let best: Hop | undefined;
      for (const ref of user.roles) {
        const hop = hops.get(roleKey(ref));
        if (hop !== undefined && (best === undefined || hop.distance < best.distance)) best = hop;
      }
      if (best === undefined) {
        throw new Error(`no role of ${formatUser(user)} grants ${requirement.action} on ${requirement.on}`);
      }
      const path = [formatUser(user)];
      for (let hop: Hop | undefined = best; hop !== undefined; hop = hop.next) path.push(formatRole(hop.role));
      return { path, privilege: best.privilege };
    },
  };
}

/** Breadth first, from the roles that meet the requirement by themselves to those that inherit them. */
function findHops(roles: readonly Role[], requirement: Requirement): ReadonlyMap<string, Hop> {
  const heirs = new Map<string, Role[]>();
  const open: Hop[] = [];
  for (const role of roles) {
    for (const ref of role.roles) {
      const list = heirs.get(roleKey(ref));
      if (list === undefined) heirs.set(roleKey(ref), [role]);
      else list.push(role);
    }
    const privilege = role.privileges.find((candidate) => meets(candidate, requirement));
    if (privilege !== undefined) open.push({ distance: 0, role, privilege });
  }
  const hops = new Map(open.map((hop) => [roleKey(hop.role), hop]));
  for (const hop of open) {
    for (const heir of heirs.get(roleKey(hop.role)) ?? []) {
      if (hops.has(roleKey(heir))) continue;
      const further = { distance: hop.distance + 1, role: heir, next: hop, privilege: hop.privilege };
      hops.set(roleKey(heir), further);
      open.push(further);
    }
  }
  return hops;
}

function meets({ actions, resource }: Privilege, requirement: Requirement): boolean {
  return (actions.includes(requirement.action) || actions.includes('anyAction')) && requirement.reaches(resource);
}
