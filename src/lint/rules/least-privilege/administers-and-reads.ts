import { formatRole, formatUser, type RoleRef, roleKey } from '../../../model/names.ts';
import type { Privilege } from '../../../model/privilege.ts';
import { isNormalCollection } from '../../../model/resource.ts';
import type { LintRule } from '../../rule.ts';
import { toldByProtection } from './exposed.ts';

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
    const told = toldByProtection(context);
    const powers = new Map<string, Power>();
    const powerOf = (role: RoleRef): Power => {
      const key = roleKey(role);
      const known = powers.get(key) ?? powerIn(context.graph.closure([role]).flatMap(({ privileges }) => privileges));
      powers.set(key, known);
      return known;
    };
    return context.intent.users.flatMap(({ user, grants }) => {
      if (grants.length < 2 || context.isBreakGlass(user)) return [];
      const held = grants.flatMap((grant) =>
        grant.kind !== 'role' || TOLD.includes(formatRole(grant.role)) ? [] : [{ ...grant, ...powerOf(grant.role) }],
      );
      const admin = held.find(({ administers, reads }) => administers !== undefined && !reads);
      const reader = held.find(({ administers, reads }) => administers === undefined && reads);
      if (admin === undefined || reader === undefined || told(admin.origin) || told(reader.origin)) return [];
      const message = `${formatUser(user)} administers by ${formatRole(admin.role)} (${admin.administers}) and reads data by ${formatRole(reader.role)}: who can grant access should not use it unseen; give the two to different accounts`;
      return [{ message, at: reader.origin }];
    });
  },
};

interface Power {
  /** An action by which its holder administers accounts. */
  readonly administers: string | undefined;
  readonly reads: boolean;
}

function powerIn(privileges: readonly Privilege[]): Power {
  return {
    administers: ADMINISTERS.find((action) => privileges.some(({ actions }) => actions.includes(action))),
    reads: privileges.some(isReading),
  };
}

/** Documents of applications, by exact name or wildcard, not what the server keeps for itself. */
function isReading({ resource, actions }: Privilege): boolean {
  if (!actions.includes('find') || !('collection' in resource)) return false;
  const own = ['admin', 'config', 'local'].includes(resource.db);
  return !own && (resource.collection === '' || isNormalCollection(resource));
}
