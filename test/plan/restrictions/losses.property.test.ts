/** What is lost with a role is the same, whether what the other roles keep is looked at first or afterwards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { roleGraph } from '../../../src/model/graph.ts';
import { lossesBetween, lossFilter } from '../../../src/plan/restrictions/losses.ts';
import { universeOfState } from '../../../src/plan/restrictions/universe.ts';
import { scaled } from '../../support/scaled.ts';
import { brownfield } from './clusters.ts';

test('what is told of a role as lost, less what the others keep, is what is lost beside them', () => {
  fc.assert(
    fc.property(brownfield, ({ actual }) => {
      const { roles = [], users = [], server } = actual;
      const graph = roleGraph(roles, server.version);
      const universe = universeOfState(actual);
      const filter = lossFilter(graph, universe);
      for (const { roles: held } of users) {
        for (const [at, ref] of held.entries()) {
          const others = held.toSpliced(at, 1);
          const had = graph.privileges([ref]);
          assert.deepEqual(
            filter(lossesBetween(had, [], universe), others),
            lossesBetween(had, graph.privileges(others), universe),
          );
        }
      }
    }),
    { numRuns: scaled(500) },
  );
});
