/** What the rules share about one policy, each part computed when the first rule asks for it. */
import { intentState } from '../drift/intent-state.ts';
import { protectionViolations } from '../drift/protection.ts';
import { type Assessment, assess, type Principal } from '../model/assess.ts';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, roleKey, userKey } from '../model/names.ts';
import { formatTarget, resourceKey, type Target } from '../model/resource.ts';
import { type Way, waysAround } from '../model/ways.ts';
import type { Grant, Intent, IntentUser, Origin } from '../policy/intent.ts';
import type { SourceFile } from '../policy/source.ts';
import { circumstancesOf } from '../state/circumstances.ts';
import type { LintContext } from './rule.ts';

export interface LintSubject {
  readonly intent: Intent;
  readonly files: readonly SourceFile[];
  readonly complete: boolean;
  readonly today: string;
  /** Instead of the oldest release that the policy admits. */
  readonly targetVersion?: string | undefined;
}

export function lintContext({ intent, files, complete, today, targetVersion }: LintSubject): LintContext {
  const state = intentState(intent, targetVersion);
  const { version } = state.server;
  const { roles = [], users = [] } = state;
  const assessments = new Map<string, { readonly ways: readonly Way[]; readonly assessment: Assessment }>();
  const around = (target: Target) => {
    const key = `${target.kind} ${formatTarget(target)}`;
    const known = assessments.get(key);
    if (known !== undefined) return known;
    const ways = waysAround(target, circumstancesOf(state, target.kind === 'collection' ? target : undefined));
    const made = { ways, assessment: assess({ roles, users }, version, ways) };
    assessments.set(key, made);
    return made;
  };
  const graph = once(() => roleGraph(roles, version));
  const holders = once(() => holdersOf(intent));
  const exempt = once(
    () => new Set(intent.breakGlass.filter(({ until }) => until >= today).map(({ user }) => userKey(user))),
  );
  const byRole = once(() => usersByRole(intent, graph()));
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
    violations: once(() => protectionViolations(intent, state, today)),
    who: (outcome, target, kind) => {
      const { ways, assessment } = around(target);
      const asked = ways.filter((way) => way.outcomes.includes(outcome) && (kind === undefined || way.kind === kind));
      return assessment.who(asked);
    },
    isBreakGlass: (user) => exempt().has(userKey(user)),
    holdersOf: (role) => byRole().get(roleKey(role)) ?? [],
    grantOf: (principal) => grantOf(principal, holders()),
  };
}

function usersByRole({ users }: Intent, graph: RoleGraph): ReadonlyMap<string, readonly IntentUser[]> {
  const byRole = new Map<string, IntentUser[]>();
  for (const entry of users) {
    for (const role of graph.closure(entry.user.roles)) {
      const key = roleKey(role);
      const list = byRole.get(key);
      if (list === undefined) byRole.set(key, [entry]);
      else list.push(entry);
    }
  }
  return byRole;
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

function holdersOf({ users, roles }: Intent): ReadonlyMap<string, Holder> {
  return new Map([
    ...users.map((entry): [string, Holder] => [formatUser(entry.user), entry]),
    ...roles.map((entry): [string, Holder] => [formatRole(entry.role), entry]),
  ]);
}

/**
 * Follows the way from the account through its roles. It ends at the role of the policy that holds the privilege, or at
 * the line that grants a role of MongoDB's own.
 */
function grantOf({ path, privilege, action }: Principal, holders: ReadonlyMap<string, Holder>): Origin {
  let origin: Origin | undefined;
  for (const [at, name] of path.entries()) {
    const holder = holders.get(name);
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
