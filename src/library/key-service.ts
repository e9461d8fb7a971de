/** What makes and rewraps data encryption keys, got ready only where a plan needs it. */
import type { MongoClient } from 'mongodb';
import { loadEncryptionLibrary } from '../cluster/encryption-library.ts';
import { type KmsAccess, liveKeyService } from '../cluster/live-key-service.ts';
import type { KeyService } from '../migrate/cluster.ts';
import type { DataKeyOperation } from '../plan/operations/operation.ts';

export interface KeyServiceOptions extends Pick<KmsAccess, 'kmsProviders'>, Partial<Pick<KmsAccess, 'tlsOptions'>> {
  /** Where `mongodb-client-encryption` may be installed besides the driver's own place; the working directory unless given. */
  readonly folder?: string;
}

/**
 * The option `keys` of `applyPolicy` and its like, for policies with `dataKeys: managed`. The providers are the driver's
 * own (`ClientEncryptionOptions`), and hold secrets. The native library `mongodb-client-encryption` is loaded when a plan
 * has a key to make, and not before. Then a {@link Failure} says what is not installed, or which credentials are malformed.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { randomBytes } from 'node:crypto';
 * import { compilePolicy, parsePolicyFile } from 'mongoward';
 * import { applyPolicy, keyService, withCluster } from 'mongoward/cluster';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * collections: { audit.logs: { protection: append-only } }
 * breakGlass: [{ user: root@admin, reason: cluster owner, until: 2099-12-31 }]
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * await withCluster(process.env.MONGODB_URI, async (cluster, client) => {
 *   const keys = keyService(client, { kmsProviders: { local: { key: randomBytes(96) } } });
 *   const { outcome, open } = await applyPolicy(cluster, intent, { keys });
 *   assert.deepEqual([outcome, open], ['applied', []]);
 * });
 * ```
 */
export function keyService(
  client: MongoClient,
  { kmsProviders, tlsOptions = {}, folder }: KeyServiceOptions,
): (operations: readonly DataKeyOperation[]) => Promise<KeyService> {
  return async (operations) => {
    loadEncryptionLibrary(folder);
    return liveKeyService(client, { kmsProviders, tlsOptions }, operations);
  };
}
