import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatUser, userKey } from '../../src/model/names.ts';
import type { User } from '../../src/model/role.ts';
import type { Operation } from '../../src/plan/operations/operation.ts';
import { effective, validationState } from '../../src/plan/operations/targets/validation-target.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { progressOf } from '../../src/plan/progress.ts';
import { type Kept, reverseMigration } from '../../src/plan/reverse.ts';
import { simulate } from '../../src/plan/simulate.ts';
import { canonicalState } from '../../src/state/canonical.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { commandOf } from '../support/build.ts';
import { Interpreter } from '../support/interpreter.ts';
import { scaled } from '../support/scaled.ts';
import { actualOf, intentOf, pairs } from './pairs.ts';

function run(cluster: Interpreter, operations: readonly Operation[]): void {
  for (const operation of operations) {
    const { db, command } = commandOf(operation, 'password' in operation ? 'a secret' : undefined);
    cluster.run(db, command);
  }
}

/** In canonical form, the server's defaults of validation filled in; `unsaid`: users whose mechanisms the server chose. */
function comparable(state: ClusterState, unsaid: ReadonlySet<string> = new Set()): unknown {
  const { roles, users, databases, objects } = canonicalState(state);
  return {
    roles,
    users: users?.map(({ mechanisms, ...user }) => (unsaid.has(userKey(user)) ? user : { ...user, mechanisms })),
    databases: databases?.map(({ name, collections }) => ({
      name,
      collections: collections?.map((one) => ({
        ...one,
        options: effective(validationState({ db: name, collection: one.name }, one)),
      })),
    })),
    objects,
  };
}

const planOf = (pair: Parameters<typeof intentOf>[0]) =>
  makePlan(intentOf(pair), actualOf(pair), { prune: pair.prune }).operations;

test('carrying operations out on a state comes to what their commands do on a cluster', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const actual = actualOf(pair);
      const operations = planOf(pair);
      const cluster = new Interpreter(actual);
      run(cluster, operations);
      const made = operations.flatMap((one) =>
        one.kind === 'createUser' && one.after.mechanisms === undefined ? [userKey(one.after)] : [],
      );
      const unsaid = new Set(made);
      assert.deepEqual(comparable(simulate(actual, operations), unsaid), comparable(cluster.state(), unsaid));
    }),
    { numRuns: scaled(300) },
  );
});

/** What a cluster is after the way back: as it was, but for what was kept. */
function expected(actual: ClusterState, kept: readonly Kept[], left: ClusterState): ClusterState {
  const of = (kind: Operation['kind']): ReadonlySet<string> =>
    new Set(kept.flatMap(({ operation }) => (operation.kind === kind ? [operation.target] : [])));
  const [made, modified, gone] = [of('createCollection'), of('collMod'), of('dropUser')];
  const dropped = of('dropIndex');
  const mechanisms = new Set(
    kept.flatMap(({ operation, why }) => (why.startsWith('the credentials') ? [operation.target] : [])),
  );
  const nowUsers = new Map(left.users?.map((user) => [formatUser(user), user]));
  const names = new Set([...(actual.databases ?? []), ...(left.databases ?? [])].map(({ name }) => name));
  const collectionsOf = (state: ClusterState, db: string) =>
    state.databases?.find(({ name }) => name === db)?.collections ?? [];
  return {
    ...actual,
    users: (actual.users ?? [])
      .filter((user) => !gone.has(formatUser(user)))
      .map((user): User => {
        const now = nowUsers.get(formatUser(user))?.mechanisms;
        return mechanisms.has(formatUser(user)) && now !== undefined ? { ...user, mechanisms: now } : user;
      }),
    databases: [...names].map((db) => {
      const now = collectionsOf(left, db);
      const before = collectionsOf(actual, db).map((one) => ({
        ...one,
        ...(modified.has(`${db}.${one.name}`) && {
          options: now.find(({ name }) => name === one.name)?.options ?? one.options,
        }),
        indexes: (one.indexes ?? []).filter(({ name }) => !dropped.has(`${db}.${one.name}.$${name}`)),
      }));
      return { name: db, collections: [...before, ...now.filter(({ name }) => made.has(`${db}.${name}`))] };
    }),
  };
}

for (const [what, options] of [
  ['by default', {}],
  ['with --allow-unprotect and a source of passwords', { allowUnprotect: true, password: () => ({ fromEnv: 'P' }) }],
] as const) {
  test(`a migration that is rolled back ${what} leaves what there was before, but for what it says it keeps`, () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        const actual = actualOf(pair);
        const operations = planOf(pair);
        const cluster = new Interpreter(actual);
        run(cluster, operations);
        const left = cluster.state();
        const { operations: back, kept } = reverseMigration(operations, options);
        assert.deepEqual(new Set(back.map(({ id }) => id)).size, back.length);
        for (const [index, operation] of back.entries()) {
          const standing = progressOf(back, cluster.state());
          assert.deepEqual(standing.changed, []);
          assert.deepEqual(
            standing.left.map(({ id }) => id),
            back.slice(index).map(({ id }) => id),
          );
          run(cluster, [operation]);
        }
        assert.deepEqual(comparable(cluster.state()), comparable(expected(actual, kept, left)));
        if ('password' in options) {
          const told = new Set(kept.map(({ operation }) => operation.kind));
          for (const kind of told) assert.ok(['createCollection', 'dropIndex', 'updateUser'].includes(kind), kind);
        }
      }),
      { numRuns: scaled(1000) },
    );
  });
}
