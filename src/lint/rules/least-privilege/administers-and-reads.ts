import { formatUser } from '../../../model/names.ts';
import type { Privilege } from '../../../model/privilege.ts';
import { isNormalCollection } from '../../../model/resource.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { toldByProtection } from './exposed.ts';

const ADMINISTERS = ['createRole', 'createUser', 'grantRole', 'changePassword', 'replSetConfigure', 'setParameter'];

/** Of several roles together: one role that does both by itself is told by wide-builtin and any-action. */
export const administersAndReads: LintRule = {
  kind: 'checks',
  name: 'least-privilege/administers-and-reads',
  description: 'One account both administers and reads data',
  recommended: 'warning',
  source: 'CIS MongoDB benchmark and ISO 27001, “segregation of duties”: who administers does not use the data',
  check: (context) => context.intent.users.flatMap((entry) => both(context, entry)),
};

function both(context: LintContext, { user, grants }: LintContext['intent']['users'][number]): RuleFinding[] {
  if (context.isBreakGlass(user) || grants.length < 2) return [];
  const told = toldByProtection(context);
  const held = grants.flatMap((grant) => {
    if (grant.kind !== 'role') return [];
    const privileges = context.graph.privileges([grant.role]);
    return [{ grant, administers: actionOf(privileges), reads: privileges.some(isReading) }];
  });
  const admin = held.find(({ administers, reads }) => administers !== undefined && !reads);
  const reader = held.find(({ administers, reads }) => administers === undefined && reads);
  if (admin === undefined || reader === undefined || told(admin.grant.origin) || told(reader.grant.origin)) return [];
  const roleOf = ({ grant }: typeof admin): string => `${grant.role.role}@${grant.role.db}`;
  const message = `${formatUser(user)} administers by ${roleOf(admin)} (${admin.administers}) and reads data by ${roleOf(reader)}: who can grant access should not use it unseen; give the two to different accounts`;
  return [{ message, at: reader.grant.origin }];
}

function actionOf(privileges: readonly Privilege[]): string | undefined {
  return ADMINISTERS.find((action) => privileges.some(({ actions }) => actions.includes(action)));
}

/** Documents of applications, by exact name or wildcard, not what the server keeps for itself. */
function isReading({ resource, actions }: Privilege): boolean {
  if (!actions.includes('find') || !('collection' in resource)) return false;
  const own = ['admin', 'config', 'local'].includes(resource.db);
  return !own && (resource.collection === '' || isNormalCollection(resource));
}
