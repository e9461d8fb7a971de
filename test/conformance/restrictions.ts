/**
 * Restrictions against a real server, in both directions: generated clusters are made on it, a policy is applied to each,
 * and every account tries before and after what it may do.
 *
 *     npm run test:conformance             # MONGOWARD_TEST_URI, or a mongod as in the live suite; never the sandbox
 *     SEED=7 CLUSTERS=100 npx tsx test/conformance/restrictions.ts
 */
import { startLiveServer, withLive } from '../live/server.ts';
import { tryBrownfield } from './trial.ts';

const first = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const count = Number(process.env['CLUSTERS'] ?? 10);

const server = await startLiveServer();
const totals = {
  applied: 0,
  refused: 0,
  rewritten: 0,
  undecided: 0,
  decisions: 0,
  lost: 0,
  attacks: 0,
  disagreements: 0,
};
try {
  if (server.simulated) throw new Error('the sandbox decides by our own model: a real server is needed');
  await withLive(server.rootUri, async (cluster, root) => {
    for (let seed = first; seed < first + count; seed += 1) {
      const { outcome, disagreements, ...counts } = await tryBrownfield(server, cluster, root, seed);
      if (outcome === 'applied') totals.applied += 1;
      if (outcome === 'refused') totals.refused += 1;
      totals.rewritten += counts.rewritten;
      totals.undecided += counts.undecided;
      totals.decisions += counts.decisions;
      totals.lost += counts.lost;
      totals.attacks += counts.attacks;
      totals.disagreements += disagreements.length;
      for (const line of disagreements.slice(0, 10)) console.log(`seed ${seed}: ${line.slice(0, 600)}`);
    }
  });
} finally {
  await server.stop();
}
const { applied, refused, rewritten, undecided, decisions, lost, attacks, disagreements } = totals;
console.log(
  `seeds ${first} to ${first + count - 1}: ${count} clusters, ${applied} restricted, ${refused} refused by the plan, ${rewritten} accounts rewritten, ${undecided} left to a person; ${decisions} decisions, ${lost} rights lost as listed, ${attacks} ways carried out; ${disagreements} disagreements`,
);
process.exitCode = disagreements === 0 ? 0 : 1;
