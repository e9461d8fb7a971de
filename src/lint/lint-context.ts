/** What the rules share about one policy, each part computed when the first rule asks for it. */

import { type Assessment, assessHoldings, holdingsOf } from '../access/analysis.ts';
import { circumstancesOf } from '../access/circumstances.ts';
import { intentState } from '../access/intent-state.ts';
import { onTarget, scopeKey } from '../access/scope.ts';
import { simplestFirst, type Technique, techniquesOn } from '../access/techniques.ts';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { type RoleRef, roleKey, userKey } from '../model/names.ts';
import { once } from '../model/once.ts';
import { collectionTarget, type Target } from '../model/resource.ts';
import { grantedRoles } from '../model/role.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent, IntentRole, IntentUser } from '../policy/intent.ts';
import type { SourceFile } from '../policy/source.ts';
import type { ClusterState } from '../state/state.ts';
import type { LintedPolicies } from './linted-policies.ts';
import type { LintContext, PrivilegeLine } from './rule.ts';

export interface LintSubject {
  readonly intent: Intent;
  readonly files: readonly SourceFile[];
  readonly complete: boolean;
  readonly today: string;
  /** The policies of the run, this one among them. */
  readonly together: LintedPolicies;
  /** Instead of the oldest release that the policy admits. */
  readonly targetVersion?: string | undefined;
}

export function lintContext(subject: LintSubject): LintContext {
  const { intent, files, complete, today, targetVersion, together } = subject;
  const state = intentState(intent, targetVersion);
  const { version } = state.server;
  const { roles = [] } = state;
  const ask = once(() => asking(state));
  const askRewritten = once(() => asking(together.rewritten(intent)));
  const askUnheld = once(() => {
    const inherited = new Set(grantedRoles(roles).map(roleKey));
    const standIns = intent.roles
      .map(({ role }) => role)
      .filter((role) => role.db !== 'admin' && !held().has(roleKey(role)) && !inherited.has(roleKey(role)))
      .map((role) => ({ user: roleKey(role), db: '$external', roles: [role] }));
    return asking({ ...state, users: standIns });
  });
  const adopted = once(() => new Set(intent.users.filter((each) => each.adopted).map(({ user }) => userKey(user))));
  const graph = once(() => roleGraph(roles, version));
  const exempt = once(() => exemptionsOn(intent, today));
  const held = once(() => heldBy(intent.users, graph()));
  const inUse = once(() =>
    exempt().count === 0
      ? held()
      : heldBy(
          intent.users.filter(({ user }) => !exempt().isExempt(user)),
          graph(),
        ),
  );
  const violations = once(() => together.violations().filter((each) => each.policy === intent.policy));
  const lasting = once(() => violations().filter(({ fate }) => fate !== 'rewritten'));
  // Each line has one origin, which is not looked up: that would take as long as the file is.
  const told = once(
    () =>
      new Set(violations().flatMap(({ violation, at }) => (violation.rule === 'protection/restriction' ? [] : [at]))),
  );
  const intruders = once(
    () => new Set(violations().flatMap(({ violation: { principal } }) => (principal ? [userKey(principal.user)] : []))),
  );
  const isExposed = (role: RoleRef): boolean => inUse().has(roleKey(role)) || !held().has(roleKey(role));
  return {
    intent,
    policies: together.policies,
    files,
    complete,
    today,
    version,
    state,
    get graph() {
      return graph();
    },
    violations: lasting,
    isIntruder: (user) => intruders().has(userKey(user)),
    isTold: (at) => told().has(at),
    privilegeLines: once(() => intent.roles.flatMap((entry) => (isExposed(entry.role) ? linesOf(entry) : []))),
    who: (outcome, target, kind) => ask()(outcome, target, kind),
    unheldRolesThat: (outcome, target) =>
      askUnheld()(outcome, target).flatMap(({ user, kind, technique }) =>
        kind === 'server' ? [] : user.roles.map((role) => ({ role, does: technique.does })),
      ),
    canOnceRewritten: (user, outcome, ns) => {
      if (!adopted().has(userKey(user))) return true;
      return askRewritten()(outcome, collectionTarget(ns)).some(
        (principal) => userKey(principal.user) === userKey(user),
      );
    },
    isBreakGlass: (user) => exempt().isExempt(user),
    isHeld: (role) => held().has(roleKey(role)),
    isExposed,
    grantOf: (principal) => together.lines.of(principal).at,
  };
}

/** Who can bring an outcome about, in one state; what was worked out about a place serves the next question. */
function asking(state: ClusterState): LintContext['who'] {
  const { roles = [], users = [], server } = state;
  const holdings = once(() => holdingsOf({ users }, roleGraph(roles, server.version)));
  const assessments = new Map<string, { readonly techniques: readonly Technique[]; readonly assessment: Assessment }>();
  const around = (target: Target) => {
    const key = scopeKey(onTarget(target));
    const known = assessments.get(key);
    if (known !== undefined) return known;
    const techniques = techniquesOn(target, circumstancesOf(state, target));
    const made = { techniques, assessment: assessHoldings(holdings(), techniques) };
    assessments.set(key, made);
    return made;
  };
  return (outcome, target, kind) => {
    const { techniques, assessment } = around(target);
    const asked = techniques.filter(
      (technique) => technique.outcomes.includes(outcome) && (kind === undefined || technique.kind === kind),
    );
    return assessment.who(simplestFirst(asked));
  };
}

function linesOf(entry: IntentRole): readonly PrivilegeLine[] {
  return entry.grants.flatMap((grant) =>
    grant.kind === 'privilege' ? [{ entry, privilege: grant.privilege, at: grant.origin }] : [],
  );
}

/** The keys of the roles that these accounts hold, inherited ones included. */
function heldBy(users: readonly IntentUser[], graph: RoleGraph): ReadonlySet<string> {
  return new Set(graph.closure(grantedRoles(users.map(({ user }) => user))).map(roleKey));
}
