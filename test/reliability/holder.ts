/** A process that applies the scenario's policy through the host given, with a short lease: to be stopped and woken. */

import { withClient } from '../../src/cluster/connect.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { after } from './scenario.ts';
import { uriOf, yes } from './world.ts';

const [host = '', leaseMs = ''] = process.argv.slice(2);
try {
  await withClient(uriOf(host), { serverSelectionTimeoutMS: 3000 }, (client) =>
    applyPolicy(liveCluster(client, uriOf(host), { leaseMs: Number(leaseMs), tool: 'frozen' }), after, yes),
  );
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
