/** Who can do what in a state, asked with names as people write them. */
import type { Principal } from '../access/analysis.ts';
import { readQuestion } from '../access/question.ts';
import { stateNotes } from '../access/state-notes.ts';
import { canUser, type WhoAnswer, whoCan as who } from '../access/who.ts';
import type { ClusterState } from '../state/state.ts';

export interface WhoCanAnswer extends WhoAnswer {
  /** What whoever reads the answer should know about the question and the state, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Every account that can, with one grant path each, and every role that nobody holds and an LDAP or OIDC group could be
 * given. `action` is an action of MongoDB, asked directly (`remove`), or an outcome, which includes escalation and what
 * the release lets through: `read`, `insert`, `alter`, `destroy`, `unseal`, `suppress`, `administer`. `namespace` is
 * `db.collection`, a database, or `cluster`.
 *
 * Throws a {@link Failure} for an unknown action or a namespace that is none, and where the state's roles or users are
 * unknown: unknown is never taken for none.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { parseSnapshot, whoCan } from 'mongoward';
 *
 * const state = parseSnapshot(`{
 *   "mongowardSnapshot": 1,
 *   "server": { "version": "8.0.4" },
 *   "roles": [],
 *   "users": [
 *     { "user": "app", "db": "admin", "roles": [{ "role": "readWriteAnyDatabase", "db": "admin" }] },
 *     { "user": "help", "db": "admin", "roles": [{ "role": "userAdmin", "db": "admin" }] }
 *   ]
 * }`);
 * const direct = whoCan(state, 'remove', 'audit.logs');
 * assert.deepEqual(direct.principals.map(({ path }) => path), [['app@admin', 'readWriteAnyDatabase@admin']]);
 *
 * const any = whoCan(state, 'alter', 'audit.logs');
 * assert.deepEqual(any.principals.map(({ user, kind }) => [user.user, kind]), [['app', 'direct'], ['help', 'escalation']]);
 * ```
 */
export function whoCan(state: ClusterState, action: string, namespace: string): WhoCanAnswer {
  const question = readQuestion(action, namespace, state);
  return { ...who(state, question), notes: [...question.notes, ...stateNotes(state)] };
}

export interface CanAnswer {
  readonly allowed: boolean;
  /** Every technique by which the account can, with its grant path; empty if it can't. */
  readonly via: readonly Principal[];
  /** What whoever reads the answer should know about the question and the state, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Whether one account can, and by which techniques and grants. `user` is `name@db`; `action` and `namespace` are those of
 * {@link whoCan}, which also says what is thrown. An unknown user is a {@link Failure} that names the nearest one.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { can } from 'mongoward';
 *
 * const state = {
 *   server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
 *   roles: [],
 *   users: [{ user: 'app', db: 'admin', roles: [{ role: 'readWrite', db: 'audit' }] }],
 *   unreadable: [],
 * };
 * const { allowed, via } = can(state, 'app@admin', 'remove', 'audit.logs');
 * assert.equal(allowed, true);
 * assert.deepEqual(via[0].path, ['app@admin', 'readWrite@audit']);
 * assert.equal(can(state, 'app@admin', 'remove', 'orders.items').allowed, false);
 * assert.throws(() => can(state, 'ap@admin', 'remove', 'audit.logs'), /did you mean "app@admin"/);
 * ```
 */
export function can(state: ClusterState, user: string, action: string, namespace: string): CanAnswer {
  const question = readQuestion(action, namespace, state);
  const via = canUser(state, user, question);
  return { allowed: via.length > 0, via, notes: [...question.notes, ...stateNotes(state)] };
}
