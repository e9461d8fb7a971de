import { isAskedOnDatabases, isGrantedOnlyOn } from '../../../model/catalogue.ts';
import { formatResource } from '../../../model/resource.ts';
import type { IntentGrant } from '../../../policy/intent.ts';
import type { LintRule } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

export const idleAction: LintRule = {
  kind: 'checks',
  name: 'document/idle-action',
  description: 'An action is granted where MongoDB never asks for it',
  recommended: 'warning',
  source: "MongoDB's manual, “Privilege Actions”, and on what MongoDB's own roles grant each action",
  check: (context) => {
    const grants = context.intent.roles.flatMap((role) => role.grants);
    return grants.flatMap((grant) =>
      idleMessages(grant).map((message) => ({ message, at: partOf(context, grant.origin, ['allow']) })),
    );
  },
};

function idleMessages(grant: IntentGrant): readonly string[] {
  if (grant.kind !== 'privilege' || 'anyResource' in grant.privilege.resource) return [];
  const { resource, actions } = grant.privilege;
  const idleWhere = (where: string, isIdle: (action: string) => boolean): string[] => {
    const idle = actions.filter(isIdle);
    return idle.length === 0
      ? []
      : [
          `the grant of ${idle.join(', ')} on ${formatResource(resource)} has no effect, because MongoDB asks for it on ${where} only. Grant it there, or take it out`,
        ];
  };
  if ('cluster' in resource) {
    return idleWhere('databases and collections', (action) => isGrantedOnlyOn('databases', action));
  }
  return [
    ...idleWhere('the cluster', (action) => isGrantedOnlyOn('cluster', action)),
    ...('collection' in resource && resource.collection === '' ? [] : idleWhere('whole databases', isAskedOnDatabases)),
  ];
}
