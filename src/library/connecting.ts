/** A cluster by its connection string: connected, read, and closed again. */
import type { MongoClient } from 'mongodb';
import { withClient } from '../cluster/connect.ts';
import { type LiveOptions, liveCluster } from '../cluster/live-cluster.ts';
import type { Cluster } from '../migrate/cluster.ts';
import type { ClusterState } from '../state/state.ts';

export interface ClusterOptions extends LiveOptions {
  /** How long to look for a server that answers, in milliseconds; 10 s unless given. */
  readonly timeoutMs?: number;
  /** How long all of it may take, in milliseconds; an hour unless given. */
  readonly deadlineMs?: number;
}

const TIMEOUT_MS = 10_000;

/**
 * Connects, logs in, runs `work` with the cluster and the driver's client, and closes. Every collection's indexes are
 * read, and every collection that looks like a key vault, unless the options say otherwise. Throws a {@link Failure} that
 * names the servers, never the credentials, if nothing answers or the login is refused.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { withCluster } from 'mongoward/cluster';
 *
 * const { user, holder } = await withCluster(process.env.MONGODB_URI, async (cluster) => {
 *   const [operator, lock] = await Promise.all([cluster.operator(), cluster.lock()]);
 *   return { user: operator.user, holder: lock?.holder };
 * });
 * assert.deepEqual(user, { user: 'root', db: 'admin' });
 * assert.equal(holder, undefined, 'nobody is changing the cluster');
 * ```
 */
export function withCluster<T>(
  uri: string,
  work: (cluster: Cluster, client: MongoClient) => Promise<T>,
  options: ClusterOptions = {},
): Promise<T> {
  const { timeoutMs = TIMEOUT_MS, deadlineMs, ...live } = options;
  return withClient(
    uri,
    { serverSelectionTimeoutMS: timeoutMs, ...(deadlineMs !== undefined && { deadlineMs }) },
    (client) => work(liveCluster(client, uri, { keyVaults: 'found', ...live }), client),
  );
}

/**
 * A cluster's state: what `mongoward` answers questions about, plans on and compares. What the account may not read is
 * absent and named in `unreadable`. Connects and throws as {@link withCluster}.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { formatSnapshot, whoCan } from 'mongoward';
 * import { readState } from 'mongoward/cluster';
 *
 * const state = await readState(process.env.MONGODB_URI);
 * assert.deepEqual(state.unreadable, []);
 * assert.deepEqual(whoCan(state, 'alter', 'audit.logs').principals[0].path, ['root@admin', 'root@admin']);
 * assert.match(formatSnapshot(state), /"mongowardSnapshot": 1/);
 * ```
 */
export function readState(uri: string, options?: ClusterOptions): Promise<ClusterState> {
  return withCluster(uri, (cluster) => cluster.read(), options);
}
