import { formatRole, formatUser, type RoleRef, roleKey } from '../../../model/names.ts';
import type { Privilege } from '../../../model/privilege.ts';
import { isNormalCollection } from '../../../model/resource.ts';
import { grantedRoles } from '../../../model/role.ts';
import type { LintContext, LintRule } from '../../rule.ts';

const ADMINISTERS = ['grantRole', 'createUser', 'createRole', 'changePassword'];

/** Administering the cluster takes built-in roles, which have least-privilege/wide-builtin to themselves. */
const TOLD = ['restore@admin', 'dbOwner@admin', 'root@admin', '__system@admin'];

/** Of several roles together: one role that does both by itself is told by wide-builtin and any-action. */
export const administersAndReads: LintRule = {
  kind: 'checks',
  name: 'least-privilege/administers-and-reads',
  description: 'One account both administers and reads data',
  recommended: 'warning',
  source: 'CIS MongoDB benchmark and ISO 27001, “segregation of duties”: who administers does not use the data',
  check: (context) => {
    const told = context.isTold;
    const powerOf = powersOf(context);
    return context.intent.users.flatMap(({ user, grants }) => {
      if (grants.length < 2 || context.isBreakGlass(user)) return [];
      const held = grants.flatMap((grant) =>
        grant.kind !== 'role' || TOLD.includes(formatRole(grant.role)) ? [] : [{ ...grant, ...powerOf(grant.role) }],
      );
      const admin = held.find(({ administers, reads }) => administers !== undefined && !reads);
      const reader = held.find(({ administers, reads }) => administers === undefined && reads);
      if (admin === undefined || reader === undefined || told(admin.origin) || told(reader.origin)) return [];
      const message = `${formatUser(user)} administers through ${formatRole(admin.role)} (${admin.administers}) and reads data through ${formatRole(reader.role)}. Whoever can grant access should not use it unseen. Give the two to different accounts`;
      return [{ message, at: reader.origin }];
    });
  },
};

interface Power {
  /** An action by which its holder administers accounts. */
  readonly administers: string | undefined;
  readonly reads: boolean;
}

/** What each role grants by itself and by inheritance. */
function powersOf({ graph, intent }: LintContext): (role: RoleRef) => Power {
  const roles = graph.closure(grantedRoles(intent.users.map(({ user }) => user)));
  const heirs = new Map<string, string[]>();
  for (const role of roles) {
    for (const inherited of role.roles) {
      const list = heirs.get(roleKey(inherited));
      if (list === undefined) heirs.set(roleKey(inherited), [roleKey(role)]);
      else list.push(roleKey(role));
    }
  }
  const administers = spread(
    roles.flatMap((role): [string, string][] => {
      const action = ADMINISTERS.find((one) => role.privileges.some(({ actions }) => actions.includes(one)));
      return action === undefined ? [] : [[roleKey(role), action]];
    }),
    heirs,
  );
  const reads = spread(
    roles.flatMap((role): [string, true][] => (role.privileges.some(isReading) ? [[roleKey(role), true]] : [])),
    heirs,
  );
  return (role) => ({ administers: administers.get(roleKey(role)), reads: reads.has(roleKey(role)) });
}

/** Hands on what roles have to those that inherit them, without recursion: inheritance may be deep. */
function spread<T>(
  seeds: readonly [string, T][],
  heirs: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, T> {
  const found = new Map(seeds);
  const open = [...found];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [key, value] = next;
    for (const heir of heirs.get(key) ?? []) {
      if (found.has(heir)) continue;
      found.set(heir, value);
      open.push([heir, value]);
    }
  }
  return found;
}

/** Documents of applications, by exact name or wildcard, not what the server keeps for itself. */
function isReading({ resource, actions }: Privilege): boolean {
  if (!actions.includes('find') || !('collection' in resource)) return false;
  const own = ['admin', 'config', 'local'].includes(resource.db);
  return !own && (resource.collection === '' || isNormalCollection(resource));
}
