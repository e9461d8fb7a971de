import { formatResource } from '../../../model/resource.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

export const noWildcard: LintRule = {
  kind: 'checks',
  name: 'document/no-wildcard',
  description: 'A privilege names a database or collection with an asterisk in it, which MongoDB takes literally',
  recommended: 'error',
  source:
    "MongoDB's manual, “Resource Document”: an empty string stands for any database or collection, and nothing else is a wildcard",
  check: (context) =>
    context.intent.roles.flatMap(({ grants, adopted }) =>
      grants.flatMap((grant): RuleFinding[] => {
        if (grant.kind !== 'privilege' || !('db' in grant.privilege.resource)) return [];
        const { resource } = grant.privilege;
        const name = 'collection' in resource ? resource.collection : resource.system_buckets;
        if (!resource.db.includes('*') && !name.includes('*')) return [];
        const whole = resource.db === '*' || name === '*';
        const mend = whole
          ? 'Write an empty string, which stands for any'
          : 'Name each collection, or grant the privilege on the whole database';
        const message = `MongoDB takes ${formatResource(resource)} literally, because it has no patterns. This privilege grants nothing on other collections. ${mend}`;
        // What a cluster has is not for the policy to mend.
        return [{ message, at: partOf(context, grant.origin, ['on']), ...(adopted && { severity: 'warning' }) }];
      }),
    ),
};
