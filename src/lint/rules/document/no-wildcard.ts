import { formatNamespace, formatRole, formatUser, parseNamespace } from '../../../model/names.ts';
import { formatResource } from '../../../model/resource.ts';
import type { IntentCollection, IntentGrant, IntentRestriction } from '../../../policy/intent.ts';
import { type Named, namesOf, unmanagedPatterns } from '../../names.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

export const noWildcard: LintRule = {
  kind: 'checks',
  name: 'document/no-wildcard',
  description: 'A name holds an asterisk or another pattern, which is taken literally',
  recommended: 'error',
  source:
    "MongoDB's manual, “Resource Document”: an empty string stands for any database or collection, and nothing else is a wildcard",
  check: (context) => [
    ...context.intent.collections.flatMap((entry) => ofCollection(context, entry)),
    ...context.intent.roles.flatMap(({ grants, adopted }) =>
      grants.flatMap((grant) => ofGrant(context, grant, adopted)),
    ),
    ...context.intent.restrictions.flatMap((restriction) => ofRestriction(context, restriction)),
    ...ofHolders(context),
    ...unmanagedPatterns(context.files).flatMap(({ text, origin }) =>
      OTHER_PATTERN.test(text) ? [{ message: accountText(text), at: origin, severity: 'warning' as const }] : [],
    ),
  ],
};

/** What stands for several names in shells, in braces that a shell expands, and in regular expressions. */
const OTHER_PATTERN = /\?|\[[^\]]+\]|\{[^{}]*(?:,|\.\.)[^{}]*\}/;
/** In LIKE of SQL, and in no name of an account. */
const PERCENT = '%';

/** An asterisk is always meant as a pattern; anything else may be a part of a name that somebody has chosen. */
function weightOf(...names: readonly string[]): 'error' | 'warning' | undefined {
  if (names.some((name) => name.includes('*'))) return 'error';
  return names.some((name) => OTHER_PATTERN.test(name)) ? 'warning' : undefined;
}

function weightOfNamespace(db: string, collection: string): 'error' | 'warning' | undefined {
  return weightOf(db, collection) ?? (`${db}${collection}`.includes(PERCENT) ? 'warning' : undefined);
}

const LITERALLY = 'literally, because it has no patterns';

function ofCollection(context: LintContext, { ns, encryption, origin }: IntentCollection): RuleFinding[] {
  const severity = weightOfNamespace(ns.db, ns.collection);
  const restricted = weightOfNamespace(ns.db, '') === undefined ? `, or write a restriction on ${ns.db}.*` : '';
  const message = `MongoDB takes the name ${formatNamespace(ns)} ${LITERALLY}. What is said here is about no other collection. Name each collection${restricted}`;
  const vault = parseNamespace(encryption?.keyVault ?? '');
  const vaultSeverity = vault && weightOfNamespace(vault.db, vault.collection);
  return [
    ...(severity === undefined ? [] : [{ message, at: origin, severity }]),
    ...(vault === undefined || vaultSeverity === undefined
      ? []
      : [
          {
            message: `MongoDB takes the key vault ${formatNamespace(vault)} ${LITERALLY}. Name the one collection that holds the keys`,
            at: partOf(context, origin, ['encryption', 'keyVault']),
            severity: vaultSeverity,
          },
        ]),
  ];
}

/** What a cluster has is not for the policy to mend. */
function ofGrant(context: LintContext, grant: IntentGrant, adopted: boolean): RuleFinding[] {
  if (grant.kind !== 'privilege' || !('db' in grant.privilege.resource)) return [];
  const { resource } = grant.privilege;
  const name = 'collection' in resource ? resource.collection : resource.system_buckets;
  const severity = weightOfNamespace(resource.db, name);
  if (severity === undefined) return [];
  const mend =
    resource.db === '*' || name === '*'
      ? 'Write an empty string, which stands for any'
      : 'Name each collection, or grant the privilege on the whole database';
  const message = `MongoDB takes ${formatResource(resource)} ${LITERALLY}. This privilege grants nothing on other collections. ${mend}`;
  return [{ message, at: partOf(context, grant.origin, ['on']), severity: adopted ? 'warning' : severity }];
}

function ofRestriction(context: LintContext, { on, origin }: IntentRestriction): RuleFinding[] {
  return on.flatMap((text, index): RuleFinding[] => {
    const ns = parseNamespace(text);
    const severity = ns && weightOfNamespace(ns.db, ns.collection === '*' ? '' : ns.collection);
    if (severity === undefined) return [];
    const message = `the restriction takes ${text} literally, because db.* is the only pattern here. It is about no other collection. Name each collection, or write db.*`;
    return [{ message, at: partOf(context, origin, ['on', index]), severity }];
  });
}

/** Where one account or role is meant, and not several. */
function ofHolders({ intent }: LintContext): RuleFinding[] {
  const adopted = new Set([
    ...intent.users.filter((each) => each.adopted).map(({ user }) => formatUser(user)),
    ...intent.roles.filter((each) => each.adopted).map(({ role }) => formatRole(role)),
  ]);
  return namesOf(intent).flatMap(({ kind, text, name, db, origin }: Named): RuleFinding[] => {
    const severity = kind === 'user' || kind === 'role' ? weightOf(name, db) : undefined;
    if (severity === undefined) return [];
    const message = kind === 'user' ? accountText(text) : roleText(text);
    return [{ message, at: origin, severity: adopted.has(text) ? 'warning' : severity }];
  });
}

function accountText(text: string): string {
  return `"${text}" is taken literally, as the name of one account. An asterisk under users of a restriction or under unmanaged is the only pattern for accounts. Name each account, or write such a pattern there`;
}

function roleText(text: string): string {
  return `"${text}" is taken literally, as the name of one role, because roles have no patterns. Name each role`;
}
