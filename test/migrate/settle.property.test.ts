import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makePlan } from '../../src/plan/plan.ts';
import { commandOf } from '../support/build.ts';
import { Interpreter } from '../support/interpreter.ts';
import { scaled } from '../support/scaled.ts';
import { actualOf, intentOf, pairs } from './pairs.ts';

test('carrying a plan out leaves nothing to plan', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const intent = intentOf(pair);
      const actual = actualOf(pair);
      const plan = makePlan(intent, actual, { prune: pair.prune });
      assert.deepEqual(plan.obstacles, []);
      const cluster = new Interpreter(actual);
      for (const operation of plan.operations) {
        const { db, command } = commandOf(operation, 'password' in operation ? 'a secret' : undefined);
        cluster.run(db, command);
      }
      const again = makePlan(intent, cluster.state(), { prune: pair.prune });
      assert.deepEqual(again.operations, []);
    }),
    { numRuns: scaled(1000) },
  );
});
