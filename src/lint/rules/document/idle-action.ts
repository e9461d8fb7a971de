import { isNeverAsked } from '../../../access/actions/index.ts';
import {
  isAskedOnDatabases,
  isAskedOnEverything,
  isGranted,
  isGrantedOnlyOn,
  isShownOfDatabases,
} from '../../../model/catalogue.ts';
import { formatResource } from '../../../model/resource.ts';
import type { IntentGrant } from '../../../policy/intent.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';
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
      idleIn(grant).map((idle) => ({ ...idle, at: partOf(context, grant.origin, ['allow']) })),
    );
  },
};

type Idle = Pick<RuleFinding, 'message' | 'severity'>;

function idleIn(grant: IntentGrant): readonly Idle[] {
  if (grant.kind !== 'privilege') return [];
  const { resource, actions } = grant.privilege;
  const say = (isIdle: (action: string) => boolean, why: string, rest: Pick<Idle, 'severity'> = {}): Idle[] => {
    const idle = actions.filter(isIdle);
    if (idle.length === 0) return [];
    return [
      {
        message: `the grant of ${idle.join(', ')} on ${formatResource(resource)} has no effect, because ${why}`,
        ...rest,
      },
    ];
  };
  const on = (where: string): string => `MongoDB asks for it on ${where} only. Grant it there, or take it out`;
  // What MongoDB's own roles grant in vain is copied from them.
  const unasked = say(
    (action) => !isGranted(action) && isNeverAsked(action),
    'no command of MongoDB asks for it. Take it out',
  );
  if ('anyResource' in resource) return unasked;
  const everything = [...unasked, ...say(isAskedOnEverything, on('everything at once (any)'))];
  if ('cluster' in resource) {
    return [...everything, ...say((action) => isGrantedOnlyOn('databases', action), on('databases and collections'))];
  }
  const idle = [...everything, ...say((action) => isGrantedOnlyOn('cluster', action), on('the cluster'))];
  if ('collection' in resource && resource.collection === '') return idle;
  const isOwn = 'collection' in resource && resource.collection.startsWith('system.');
  return [
    ...idle,
    ...say(isAskedOnDatabases, on('whole databases')),
    // Lists that are copied from MongoDB's own roles mislead nobody.
    ...(isOwn ? [] : say(isShownOfDatabases, on('whole databases'), { severity: 'info' })),
  ];
}
