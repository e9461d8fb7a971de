import {
  builtinRole,
  CATALOGUES,
  type Catalogue,
  catalogueFor,
  isBuiltinRoleName,
  isKnownAction,
} from '../../../model/catalogue.ts';
import { formatRole } from '../../../model/names.ts';
import { compareVersions, releaseLine } from '../../../model/version.ts';
import type { IntentGrant } from '../../../policy/intent.ts';
import { didYouMean } from '../../../policy/nearest.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';

/** What no release knows at all is told by document/unknown-action and document/unknown-role. */
export const notInRelease: LintRule = {
  kind: 'checks',
  name: 'document/not-in-release',
  description: 'The oldest release that the policy admits does not know an action or a built-in role',
  recommended: 'error',
  source: 'the server refuses it: FailedToParse, RoleNotFound',
  check: ({ intent, version }) => {
    const catalogue = catalogueToHoldAgainst(version);
    if (catalogue === undefined) return [];
    const release = releaseLine(version);
    const custom = new Set(intent.roles.map(({ role }) => formatRole(role)));
    return [...intent.roles, ...intent.users].flatMap(({ grants }) =>
      grants.flatMap((grant) => missing(grant, release, catalogue, custom)),
    );
  },
};

/** Between two releases whose catalogues are known, what the newer one knows is let pass; beyond them, everything. */
function catalogueToHoldAgainst(version: string): Catalogue | undefined {
  const nearest = catalogueFor(version);
  if (releaseLine(nearest.version) === releaseLine(version)) return nearest;
  return CATALOGUES.find((known) => compareVersions(known.version, version) >= 0);
}

function missing(
  grant: IntentGrant,
  release: string,
  catalogue: Catalogue,
  custom: ReadonlySet<string>,
): RuleFinding[] {
  const advice = 'Raise cluster.version, or grant what that release has';
  if (grant.kind === 'role') {
    const name = formatRole(grant.role);
    if (custom.has(name) || !isBuiltinRoleName(grant.role) || builtinRole(catalogue, grant.role) !== undefined)
      return [];
    const message = `MongoDB ${release}, which the policy admits, has no built-in role ${name} and refuses the grant. ${advice}`;
    return [{ message, at: grant.origin }];
  }
  return grant.privilege.actions
    .filter((action) => !catalogue.actions.has(action) && isKnownAction(action))
    .map((action) => ({
      message: `MongoDB ${release}, which the policy admits, does not know the action "${action}"${didYouMean(action, catalogue.actions)} and refuses the whole role. ${advice}`,
      at: grant.origin,
    }));
}
