/** The cluster that expectations are asked about: what is given, with the policies carried out on it. */
import { intentState } from '../access/intent-state.ts';
import { dedicatedViolations } from '../access/violations/dedicated.ts';
import { roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, type RoleRef, roleKey, userKey } from '../model/names.ts';
import type { User } from '../model/role.ts';
import { makePlan } from '../plan/plan.ts';
import type { Intent } from '../policy/intent.ts';
import { didYouMean } from '../policy/nearest.ts';
import type { Position, Problem } from '../policy/problem.ts';
import type { ClusterState, Database, ServerInfo } from '../state/state.ts';
import type { ExpectationFile } from './expectation.ts';

/** What a run of expectations is about. */
export interface Subject {
  /** The policy that is tested. */
  readonly intent: Intent;
  /** All the policies that the cluster has, that one among them. */
  readonly policies: readonly Intent[];
}

export interface WorldOptions {
  /** `YYYY-MM-DD`: by it exemptions have ended. */
  readonly today?: string;
  /** What the real server is, where there is one. */
  readonly server?: ServerInfo;
}

export interface World extends Subject {
  /** Before the policies: what is given, and the accounts of last resort. */
  readonly before: ClusterState;
  /** After them. */
  readonly state: ClusterState;
}

const ROOT: RoleRef = { role: 'root', db: 'admin' };

/**
 * Carries the policies out on what is given, the tested one last. Everything that is given and contradicts a policy, and
 * everything that keeps a policy from being applied there, is a problem with its place.
 */
export function worldOf(
  file: ExpectationFile,
  subject: Subject,
  { today, server }: WorldOptions = {},
): { readonly world: World; readonly problems: readonly Problem[] } {
  const { intent, policies } = subject;
  const before = givenState(file, subject, server);
  const dated = today === undefined ? {} : { today };
  const problems: Problem[] = [...contradictions(file, subject, before)];
  let state = before;
  for (const each of [...policies.filter((other) => other !== intent), intent]) {
    const { desired, obstacles } = makePlan(loginable(each), state, dated);
    problems.push(...obstacles.map(({ target, message, at }) => obstacle(file, each, target, message, at)));
    state = desired;
  }
  return { world: { intent, policies, before, state }, problems };
}

/** Accounts that a policy does not make, because they are there, have a password: nobody logs in to what is only asked. */
function loginable(intent: Intent): Intent {
  const users = intent.users.map((entry) =>
    entry.password === undefined && entry.user.db !== '$external'
      ? { ...entry, password: { fromEnv: 'NOT_READ' } }
      : entry,
  );
  return { ...intent, users };
}

function givenState({ given }: ExpectationFile, { intent, policies }: Subject, server?: ServerInfo): ClusterState {
  const defined = new Set([...policies.flatMap(({ users }) => users), ...given.users].map(({ user }) => userKey(user)));
  const lastResort = policies
    .flatMap(({ breakGlass }) => breakGlass.map(({ user }): User => ({ ...user, roles: [ROOT] })))
    .filter((user) => !defined.has(userKey(user)));
  const vaults = new Set(
    policies.flatMap(({ collections }) => collections.flatMap(({ encryption }) => encryption?.keyVault ?? [])),
  );
  const alone = intentState(intent, given.version);
  return {
    server: server ?? alone.server,
    roles: given.roles.map(({ role }) => role),
    users: [
      ...given.users.map(({ user }) => user),
      ...new Map(lastResort.map((user) => [userKey(user), user])).values(),
    ],
    databases: givenDatabases(given),
    keyVaults: [...vaults].map((ns) => ({ ns, keys: [] })),
    objects: [],
    unreadable: [],
  };
}

function givenDatabases({ databases }: ExpectationFile['given']): readonly Database[] {
  const collections = new Map<string, Set<string>>();
  for (const { db, collection } of databases) {
    const names = collections.get(db) ?? new Set<string>();
    if (collection !== undefined) names.add(collection);
    collections.set(db, names);
  }
  return [...collections].map(([name, names]) => ({
    name,
    collections: [...names].map((each) => ({ name: each, type: 'collection', options: {}, indexes: [] })),
  }));
}

const GIVEN = 'expectation/given';

function contradictions(file: ExpectationFile, { policies }: Subject, before: ClusterState): readonly Problem[] {
  const told = (origin: () => Position, message: string): Problem => ({
    rule: GIVEN,
    severity: 'error',
    message,
    ...origin(),
  });
  const users = new Map(policies.flatMap((each) => each.users.map((entry) => [userKey(entry.user), entry] as const)));
  const roles = new Map(policies.flatMap((each) => each.roles.map((entry) => [roleKey(entry.role), entry] as const)));
  const graph = roleGraph(
    [...(before.roles ?? []), ...[...roles.values()].map(({ role }) => role)],
    before.server.version,
  );
  const known = [...(before.roles ?? []), ...[...roles.values()].map(({ role }) => role)].map(formatRole);
  const lacking = (held: readonly RoleRef[]): RoleRef | undefined => held.find((ref) => graph.role(ref) === undefined);
  const unknown = (origin: () => Position, held: readonly RoleRef[]): readonly Problem[] => {
    const ref = lacking(held);
    if (ref === undefined) return [];
    const name = formatRole(ref);
    return [told(origin, `the role ${name} is neither given, nor in a policy, nor built in${didYouMean(name, known)}`)];
  };
  return [
    ...file.given.users.flatMap(({ user, origin }) => {
      const entry = users.get(userKey(user));
      if (entry === undefined) return unknown(origin, user.roles);
      const { file: where, line } = entry.origin();
      return [
        told(
          origin,
          `${formatUser(user)} is given here, and the policy makes it in ${where}:${line}: take it out here`,
        ),
      ];
    }),
    ...file.given.roles.flatMap(({ role, origin }) => {
      const entry = roles.get(roleKey(role));
      if (entry === undefined) return unknown(origin, role.roles);
      const { file: where, line } = entry.origin();
      return [
        told(
          origin,
          `${formatRole(role)} is given here, and the policy makes it in ${where}:${line}: take it out here`,
        ),
      ];
    }),
    ...policies
      .flatMap((intent) => dedicatedViolations(intent, before))
      .map((violation) => {
        const entry = file.given.databases.find(({ db, collection }) =>
          violation.objects.includes(`${db}.${collection}`),
        );
        return told(entry?.origin ?? file.policyOrigin, `what is given contradicts the policy: ${violation.fact}`);
      }),
  ];
}

/** What keeps a policy from being applied is told where the account or role is given, or else where the policy says it. */
function obstacle(
  file: ExpectationFile,
  { policy }: Intent,
  target: string,
  message: string,
  at: Position | undefined,
): Problem {
  const given =
    file.given.users.find(({ user }) => formatUser(user) === target)?.origin ??
    file.given.roles.find(({ role }) => formatRole(role) === target)?.origin;
  const place = given?.() ?? at ?? file.policyOrigin();
  const text = `the policy "${policy}" can't be applied${given === undefined ? '' : ' on what is given'}: ${message}`;
  return { rule: GIVEN, severity: 'error', message: text, ...place };
}
