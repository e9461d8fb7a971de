/** What the rules share about one policy, each part computed when the first rule asks for it. */

import { type Assessment, assessHoldings, holdingsOf, type Principal } from '../access/analysis.ts';
import { circumstancesOf } from '../access/circumstances.ts';
import { simplestFirst, type Technique, techniquesOn } from '../access/techniques.ts';
import { protectionViolations, type Violation } from '../access/violations/protections.ts';
import { intentState, newestAdmitted } from '../drift/intent-state.ts';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import {
  formatNamespace,
  formatRole,
  formatUser,
  type Namespace,
  type RoleRef,
  roleKey,
  userKey,
} from '../model/names.ts';
import { collectionTarget, formatTarget, resourceKey, type Target } from '../model/resource.ts';
import { grantedRoles } from '../model/role.ts';
import { releaseLine } from '../model/version.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Grant, Intent, IntentRole, IntentUser, Origin } from '../policy/intent.ts';
import type { SourceFile } from '../policy/source.ts';
import type { ClusterState } from '../state/state.ts';
import type { LintContext, PrivilegeLine } from './rule.ts';

export interface LintSubject {
  readonly intent: Intent;
  readonly files: readonly SourceFile[];
  readonly complete: boolean;
  readonly today: string;
  /** Instead of the oldest release that the policy admits. */
  readonly targetVersion?: string | undefined;
}

export function lintContext(subject: LintSubject): LintContext {
  const { intent, files, complete, today, targetVersion } = subject;
  const state = intentState(intent, targetVersion);
  const { version } = state.server;
  const { roles = [], users = [] } = state;
  const holdings = once(() => holdingsOf({ roles, users }, version));
  const assessments = new Map<string, { readonly techniques: readonly Technique[]; readonly assessment: Assessment }>();
  const around = (target: Target) => {
    const key = `${target.kind} ${formatTarget(target)}`;
    const known = assessments.get(key);
    if (known !== undefined) return known;
    const techniques = techniquesOn(target, circumstancesOf(state, target));
    const made = { techniques, assessment: assessHoldings(holdings(), techniques) };
    assessments.set(key, made);
    return made;
  };
  const graph = once(() => roleGraph(roles, version));
  const holders = once(() => holdersOf(intent));
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
  const violations = once(() => {
    const oldest = protectionViolations(intent, state, today);
    return targetVersion === undefined ? [...oldest, ...laterViolations(intent, state, oldest, today)] : oldest;
  });
  // Each line has one origin, which is not looked up: that would take as long as the file is.
  const told = once(() => new Set(violations().map(({ principal }) => grantOf(principal, holders()))));
  const newest = once(() => {
    const later = targetVersion === undefined ? newestAdmitted(intent) : undefined;
    if (later === undefined || !hasNewWays(state, SOMEWHERE, later)) return undefined;
    return lintContext({ ...subject, targetVersion: later });
  });
  const isExposed = (role: RoleRef): boolean => inUse().has(roleKey(role)) || !held().has(roleKey(role));
  return {
    intent,
    files,
    complete,
    today,
    version,
    state,
    get graph() {
      return graph();
    },
    violations,
    isTold: (at) => told().has(at),
    privilegeLines: once(() => intent.roles.flatMap((entry) => (isExposed(entry.role) ? linesOf(entry) : []))),
    who: (outcome, target, kind) => {
      const { techniques, assessment } = around(target);
      const asked = techniques.filter(
        (grantPath) => grantPath.outcomes.includes(outcome) && (kind === undefined || grantPath.kind === kind),
      );
      return assessment.who(simplestFirst(asked));
    },
    get newest() {
      return newest();
    },
    isBreakGlass: (user) => exempt().isExempt(user),
    isHeld: (role) => held().has(roleKey(role)),
    isExposed,
    grantOf: (principal) => grantOf(principal, holders()),
  };
}

/** What ways a release knows does not depend on where. */
const SOMEWHERE: Namespace = { db: 'some', collection: 'where' };

function linesOf(entry: IntentRole): readonly PrivilegeLine[] {
  return entry.grants.flatMap((grant) =>
    grant.kind === 'privilege' ? [{ entry, privilege: grant.privilege, at: grant.origin }] : [],
  );
}

/**
 * What only a newer release lets a grant do, where the policy admits one: from 5.1 on `collMod` makes an index a TTL
 * index.
 */
function laterViolations(
  intent: Intent,
  state: ClusterState,
  oldest: readonly Violation[],
  today: string,
): readonly Violation[] {
  const newest = newestAdmitted(intent);
  if (newest === undefined || releaseLine(newest) === releaseLine(state.server.version)) return [];
  if (!intent.collections.some(({ ns }) => hasNewWays(state, ns, newest))) return [];
  const key = ({ rule, collection, principal: { user } }: Violation): string =>
    `${rule} ${formatNamespace(collection.ns)} ${userKey(user)}`;
  const known = new Set(oldest.map(key));
  return protectionViolations(intent, intentState(intent, newest), today)
    .filter((violation) => !violation.vulnerability && !known.has(key(violation)))
    .map((violation) => ({
      ...violation,
      message: `${violation.message} (on MongoDB ${releaseLine(newest)}, which the policy admits too)`,
    }));
}

/** Whether a newer release knows a way to a collection that the state's own does not. */
function hasNewWays(state: ClusterState, ns: Namespace, newer: string): boolean {
  const idsIn = (version: string): readonly string[] => {
    const subject = collectionTarget(ns);
    const circumstances = circumstancesOf({ ...state, server: { ...state.server, version } }, subject);
    return techniquesOn(subject, circumstances).map(({ id }) => id);
  };
  const known = new Set(idsIn(state.server.version));
  return idsIn(newer).some((id) => !known.has(id));
}

/** The keys of the roles that these accounts hold, inherited ones included. */
function heldBy(users: readonly IntentUser[], graph: RoleGraph): ReadonlySet<string> {
  return new Set(graph.closure(grantedRoles(users.map(({ user }) => user))).map(roleKey));
}

function once<T>(compute: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: compute() };
    return made.value;
  };
}

interface Holder {
  readonly grants: readonly Grant[];
  readonly origin: Origin;
}

interface Holders {
  readonly users: ReadonlyMap<string, Holder>;
  readonly roles: ReadonlyMap<string, Holder>;
}

/** Apart: a user may bear the name of a role, such as `backup@admin`. */
function holdersOf({ users, roles }: Intent): Holders {
  return {
    users: new Map(users.map((entry) => [formatUser(entry.user), entry])),
    roles: new Map(roles.map((entry) => [formatRole(entry.role), entry])),
  };
}

/**
 * Follows the way from the account through its roles. It ends at the role of the policy that holds the privilege, or at
 * the line that grants a role of MongoDB's own.
 */
function grantOf({ path, privilege, action }: Principal, holders: Holders): Origin {
  let origin: Origin | undefined;
  for (const [at, name] of path.entries()) {
    const holder = (at === 0 ? holders.users : holders.roles).get(name);
    // The way of a role that a group could be given begins with nobody of the policy.
    if (holder === undefined && origin === undefined) continue;
    if (holder === undefined) break;
    const next = path[at + 1];
    const granted =
      holder.grants.find((grant) => grant.kind === 'role' && formatRole(grant.role) === next) ??
      holder.grants.find(
        (grant) =>
          grant.kind === 'privilege' &&
          grant.privilege.actions.some((held) => held === action || held === 'anyAction') &&
          resourceKey(grant.privilege.resource) === resourceKey(privilege.resource),
      );
    origin = granted?.origin ?? holder.origin;
    if (granted?.kind !== 'role') break;
  }
  if (origin === undefined) throw new Error(`the way of ${path[0] ?? ''} does not begin in the policy`);
  return origin;
}
