import { formatNamespace, formatRole } from '../../../model/names.ts';
import { formatResource } from '../../../model/resource.ts';
import type { IntentCollection } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { besides } from './located-violations.ts';

/** By these something else comes to live in the database. */
const FILLING = ['insert', 'createCollection', 'createIndex'];

export const dedicatedDatabase: LintRule = {
  kind: 'checks',
  name: 'protection/dedicated-database',
  description: 'Something else lives, or may be put, in a database that is dedicated to one collection',
  recommended: 'error',
  source: 'the audit-trail guide: a dedicated database with audit logs only',
  check: (context) =>
    context.intent.collections
      .filter((entry) => entry.dedicatedDatabase)
      .flatMap((entry) => doors(context, entry))
      .concat(neighbours(context)),
};

/** Collections of this policy in a database that this policy or another dedicates to one collection. */
function neighbours(context: LintContext): RuleFinding[] {
  return context
    .violations()
    .filter(({ violation }) => violation.rule === 'protection/dedicated-database')
    .flatMap((located) =>
      context.intent.collections
        .filter(({ origin }) => origin === located.at)
        .map(({ ns, origin }) => ({
          message: `${ns.db} is for ${located.violation.on} alone, and this policy defines ${formatNamespace(ns)} there. Move ${formatNamespace(ns)} to another database${besides(context, located)}`,
          at: origin,
        })),
    );
}

function doors(context: LintContext, { ns }: IntentCollection): RuleFinding[] {
  const defined = new Set(context.intent.collections.map((entry) => formatNamespace(entry.ns)));
  return context.privilegeLines().flatMap(({ entry, privilege: { resource, actions }, at }) => {
    if (!('collection' in resource) || resource.db !== ns.db || resource.collection === ns.collection) return [];
    if (defined.has(formatNamespace(resource)) || resource.collection.startsWith('system.')) return [];
    const filling = actions.filter((action) => FILLING.includes(action));
    if (filling.length === 0) return [];
    const message = `${ns.db} is for ${formatNamespace(ns)} alone, and ${formatRole(entry.role)} can make other collections there by ${filling.join(', ')} on ${formatResource(resource)}. Grant it on ${formatNamespace(ns)} only`;
    return [{ message, at, severity: 'warning' }];
  });
}
