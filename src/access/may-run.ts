/** Whether an account may run a command, offline, and through which grants. */
import { Failure } from '../failure.ts';
import { roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, type RoleRef, roleKey } from '../model/names.ts';
import { resourceKey } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import { didYouMean } from '../policy/nearest.ts';
import type { ClusterState } from '../state/state.ts';
import {
  COMMAND_NAMES,
  describeTarget,
  judge,
  MalformedCommandError,
  requirementsOf,
  UnknownCommandError,
  type Use,
} from './commands/index.ts';
import { findUser, knownAccounts } from './who.ts';

export interface RunAnswer {
  readonly allowed: boolean;
  /** Each privilege that the command uses, with the roles that it comes through. */
  readonly uses: readonly (Use & { readonly path: readonly string[] })[];
  /** What is lacking: `remove on audit.logs`. */
  readonly missing: readonly string[];
  /** What no privilege says: why nothing is needed, or why nothing helps. */
  readonly why: readonly string[];
}

/**
 * The server's answer to the command, sent to the database by that user. Throws a Failure for an unknown account or
 * command, or one that the server would not understand.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { mayRun } from 'mongoward';
 *
 * const state = {
 *   server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
 *   roles: [],
 *   users: [{ user: 'app', db: 'admin', roles: [{ role: 'readWrite', db: 'audit' }] }],
 *   unreadable: [],
 * };
 * const drop = mayRun(state, 'app@admin', { drop: 'logs' }, 'audit');
 * assert.equal(drop.allowed, true);
 * assert.deepEqual(drop.uses[0].path, ['app@admin', 'readWrite@audit']);
 *
 * const shutdown = mayRun(state, 'app@admin', { shutdown: 1 }, 'admin');
 * assert.deepEqual(shutdown.missing, ['shutdown on cluster']);
 * ```
 */
export function mayRun(
  state: ClusterState,
  name: string,
  command: Readonly<Record<string, unknown>>,
  db: string,
): RunAnswer {
  return commandJudge(state)(findUser(knownAccounts(state), name), command, db);
}

/** Of one command: what the server demands, besides the answer. */
export interface JudgedCommand extends RunAnswer {
  readonly demands: ReturnType<typeof requirementsOf>;
}

/** {@link mayRun} for many questions about one state. */
export function commandJudge(
  state: ClusterState,
): (user: User, command: Readonly<Record<string, unknown>>, db: string) => JudgedCommand {
  const { version, topology } = state.server;
  const graph = roleGraph(knownAccounts(state).roles, version);
  const known = new Map<User, readonly Use['privilege'][]>();
  const privilegesOf = (user: User): readonly Use['privilege'][] => {
    const found = known.get(user) ?? graph.privileges(user.roles);
    known.set(user, found);
    return found;
  };
  return (user, command, db) => {
    const context = { version, sharded: topology === 'sharded', user, roles: user.roles };
    const demands = demandsOf(command, db, context);
    const { allowed, used, missing, why } = judge(demands, privilegesOf(user));
    return {
      allowed,
      uses: used.map((use) => ({ ...use, path: [formatUser(user), ...rolesTo(user, use, (ref) => graph.role(ref))] })),
      missing: missing.map(({ action, target }) => `${action} on ${describeTarget(target)}`),
      why,
      demands,
    };
  };
}

function demandsOf(...[command, db, context]: Parameters<typeof requirementsOf>): ReturnType<typeof requirementsOf> {
  try {
    return requirementsOf(command, db, context);
  } catch (error) {
    if (error instanceof UnknownCommandError) {
      throw new Failure(`${error.message} that is known here${didYouMean(error.command, COMMAND_NAMES)}`, {
        advice: 'the first key of the document is the name of the command',
      });
    }
    if (error instanceof MalformedCommandError)
      throw new Failure(`this is not a command that the server takes: ${error.message}`);
    throw error;
  }
}

/** The roles, shortest grant path first, at whose end a role grants the action on that resource. */
function rolesTo(
  user: User,
  { action, privilege }: Use,
  roleOf: (
    ref: RoleRef,
  ) => { readonly privileges: readonly Use['privilege'][]; readonly roles: readonly RoleRef[] } | undefined,
): readonly string[] {
  const wanted = resourceKey(privilege.resource);
  const open: (readonly RoleRef[])[] = user.roles.map((ref) => [ref]);
  const seen = new Set<string>();
  for (const technique of open) {
    const ref = technique.at(-1);
    if (ref === undefined || seen.has(roleKey(ref))) continue;
    seen.add(roleKey(ref));
    const role = roleOf(ref);
    const here = role?.privileges.some(
      ({ resource, actions }) =>
        resourceKey(resource) === wanted && (actions.includes(action) || actions.includes('anyAction')),
    );
    if (here === true) return technique.map(formatRole);
    for (const next of role?.roles ?? []) open.push([...technique, next]);
  }
  return [];
}
