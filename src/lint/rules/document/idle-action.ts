import { reachOfAction } from '../../../model/catalogue.ts';
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
    const reaches = new Map<string, Reach>();
    const reachOf = (action: string): Reach => {
      if (!reaches.has(action)) reaches.set(action, reachOfAction(action));
      return reaches.get(action);
    };
    const grants = context.intent.roles.flatMap((role) => role.grants);
    return grants.flatMap((grant) => {
      const message = idleMessage(grant, reachOf);
      return message === undefined ? [] : [{ message, at: partOf(context, grant.origin, ['allow']) }];
    });
  },
};

type Reach = ReturnType<typeof reachOfAction>;

function idleMessage(grant: IntentGrant, reachOf: (action: string) => Reach): string | undefined {
  if (grant.kind !== 'privilege' || 'anyResource' in grant.privilege.resource) return undefined;
  const { resource, actions } = grant.privilege;
  const onCluster = 'cluster' in resource;
  const idle = actions.filter((action) => reachOf(action) === (onCluster ? 'databases' : 'cluster'));
  if (idle.length === 0) return undefined;
  const where = onCluster ? 'databases and collections' : 'the cluster';
  return `the grant of ${idle.join(', ')} on ${formatResource(resource)} has no effect, because MongoDB asks for it on ${where} only. Grant it there, or take it out`;
}
