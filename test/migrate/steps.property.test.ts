import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findCycle } from '../../src/model/graph.ts';
import { roleKey } from '../../src/model/names.ts';
import type { Role } from '../../src/model/role.ts';
import { diffStates } from '../../src/plan/diff/diff-states.ts';
import type { Operation } from '../../src/plan/operations/operation.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { policyLines } from '../../src/plan/policy-lines.ts';
import { progressOf } from '../../src/plan/progress.ts';
import { canonicalState } from '../../src/state/canonical.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { commandOf, ref } from '../support/build.ts';
import { Interpreter } from '../support/interpreter.ts';
import { scaled } from '../support/scaled.ts';
import { actualOf, dbOf, intentOf, pairs, USERS } from './pairs.ts';

function run(cluster: Interpreter, operation: Operation): void {
  const { db, command } = commandOf(operation, 'password' in operation ? 'a secret' : undefined);
  cluster.run(db, command);
}

test('a plan has each operation once, and its effects belong to its operations', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const { operations, effects } = makePlan(intentOf(pair), actualOf(pair), { prune: pair.prune });
      const ids = operations.map(({ id }) => id);
      assert.deepEqual([...new Set(ids)], ids);
      for (const id of effects.keys()) assert.ok(ids.includes(id), id);
    }),
    { numRuns: scaled(100) },
  );
});

test('after any number of operations, progress counts the rest as left and nothing as changed by somebody else', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const { operations } = makePlan(intentOf(pair), actualOf(pair), { prune: pair.prune });
      const cluster = new Interpreter(actualOf(pair));
      for (const [index, operation] of operations.entries()) {
        const { left, changed } = progressOf(operations, cluster.state());
        assert.deepEqual(ids(left), ids(operations.slice(index)));
        assert.deepEqual(ids(changed), []);
        run(cluster, operation);
      }
      assert.deepEqual(progressOf(operations, cluster.state()), { left: [], changed: [] });
    }),
    { numRuns: scaled(60) },
  );
});

function ids(operations: readonly Operation[]): readonly string[] {
  return operations.map(({ id }) => id);
}

test('between operations, no account lacks a privilege that it has before and after, unless a cycle has to be undone first', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const actual = actualOf(pair);
      const { operations, desired } = makePlan(intentOf(pair), actual, { prune: pair.prune });
      const cluster = new Interpreter(actual);
      const after = new Interpreter(desired);
      const kept = USERS.map((name) => {
        const then = effective(after, name);
        return { name, able: [...effective(cluster, name)].filter((able) => then.has(able)) };
      });
      const early = operations.some((operation) => operation.early === true);
      if (early) assert.ok(inheritanceOfBoth(actual, desired), 'an early revocation without need');
      const lastGrant = operations.findLastIndex(({ kind }) => kind.startsWith('grant'));
      for (const [index, operation] of operations.entries()) {
        run(cluster, operation);
        if (early && index < lastGrant) continue;
        for (const { name, able } of kept) {
          const has = effective(cluster, name);
          const missing = able.filter((what) => !has.has(what));
          assert.deepEqual(missing, [], `${name} after ${operation.id}`);
        }
      }
    }),
    { numRuns: scaled(200) },
  );
});

function effective(cluster: Interpreter, name: string): ReadonlySet<string> {
  return cluster.effective(dbOf(name), ref(name).role);
}

/** The cycle that would be there if every role inherited what it inherits now and what it will inherit. */
function inheritanceOfBoth(actual: ClusterState, desired: ClusterState): readonly string[] | undefined {
  const all = new Map<string, Role>();
  for (const role of [...(actual.roles ?? []), ...(desired.roles ?? [])]) {
    const known = all.get(roleKey(role))?.roles ?? [];
    all.set(roleKey(role), { ...role, roles: [...known, ...role.roles] });
  }
  return findCycle(all.values());
}

test('a state does not differ from itself, however it is written down', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const actual = actualOf(pair);
      const lines = policyLines(intentOf(pair));
      assert.deepEqual(diffStates(actual, structuredClone(actual), lines), []);
      assert.deepEqual(diffStates(actual, canonicalState(actual), lines), []);
    }),
    { numRuns: scaled(100) },
  );
});

test('the same policy and state give the same plan', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const plan = () => {
        const { operations, effects } = makePlan(intentOf(pair), actualOf(pair), { prune: pair.prune });
        return JSON.stringify([operations, [...effects]]);
      };
      assert.equal(plan(), plan());
    }),
    { numRuns: scaled(50) },
  );
});
