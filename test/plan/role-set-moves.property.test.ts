/** What is lost with a role is the same, whether the roles that stay are looked at or known to make no difference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { roleGraph } from '../../src/model/graph.ts';
import { lossesBetween } from '../../src/plan/restrictions/losses.ts';
import { universeOfState } from '../../src/plan/restrictions/universe.ts';
import { roleSetMoves } from '../../src/plan/role-set-moves.ts';
import { scaled } from '../support/scaled.ts';
import { brownfield } from './restrictions/clusters.ts';

test('what is gained and lost with a role is what it grants and the others do not', () => {
  fc.assert(
    fc.property(brownfield, ({ actual }) => {
      const { roles = [], users = [], server } = actual;
      const graph = roleGraph(roles, server.version);
      const universe = universeOfState(actual);
      const moved = roleSetMoves({ before: graph, after: graph, universe, isAnother: () => false });
      for (const { roles: held } of users) {
        for (const [at, ref] of held.entries()) {
          const others = held.toSpliced(at, 1);
          const alone = lossesBetween(graph.privileges([ref]), graph.privileges(others), universe);
          const without = moved(held, others);
          assert.deepEqual([without.gains(), without.loses()], [[], alone]);
          const again = moved(others, held);
          assert.deepEqual([again.gains(), again.loses()], [alone, []]);
        }
      }
    }),
    { numRuns: scaled(500) },
  );
});
