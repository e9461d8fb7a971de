/** The program killed at every write while it makes data encryption keys, and while it rewraps them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '../../src/cluster/connect.ts';
import { findEncryptionLibrary, loadEncryptionLibrary } from '../../src/cluster/encryption-library.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { liveKeyService } from '../../src/cluster/live-key-service.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { DataKey } from '../../src/state/key-vault.ts';
import { intentOf } from '../live/server.ts';
import { CLUSTERS, runProgram } from './kill.ts';
import { type Fate, startProxy } from './proxy.ts';
import { LEASE_MS, type Runner, uriOf, yes } from './world.ts';

const NAMES = ['one', 'two', 'three'];
const VAULT = { db: 'shop', collection: 'vault' };

const policyText = (provider: string): string => `apiVersion: mongoward/v1
metadata: { name: keys-dev }
breakGlass:
  - { user: root@admin, reason: the test's own account, until: 2099-01-01 }
collections:
  shop.sealed:
    encryption:
      keyVault: ${VAULT.db}.${VAULT.collection}
      dataKeys: managed
      kms: { provider: "${provider}" }
      fields:
${NAMES.map((name) => `        ${name}: { bsonType: string, algorithm: random, keyAltName: ${name} }`).join('\n')}
`;

const KEYS = { local: { key: randomBytes(96) }, 'local:next': { key: randomBytes(96) } };

interface Scene {
  readonly cluster: Cluster;
  /** Carries the policy out in this process. */
  apply(provider: string): Promise<void>;
  keys(): Promise<readonly DataKey[]>;
}

function withScene<T>(host: string, work: (scene: Scene) => Promise<T>): Promise<T> {
  return withClient(uriOf(host), { serverSelectionTimeoutMS: 3000 }, (client) => {
    const cluster = liveCluster(client, uriOf(host), { leaseMs: LEASE_MS, keyVaults: [VAULT] });
    return work({
      cluster,
      apply: async (provider) => {
        await applyPolicy(cluster, intentOf(policyText(provider)), {
          ...yes,
          prune: false,
          keys: async (operations) => liveKeyService(client, { kmsProviders: KEYS, tlsOptions: {} }, operations),
        });
      },
      keys: async () => (await cluster.read()).keyVaults?.[0]?.keys ?? [],
    });
  });
}

/** From no keys to keys, and from one master key to another. */
const CHANGES = [
  [undefined, 'local'],
  ['local', 'local:next'],
] as const;

/** Tells how many points there were; each run was finished by the next, with every key once and none lost. */
export async function killWhileMakingKeys(inWorld: Runner): Promise<string> {
  if (findEncryptionLibrary().version === undefined) return 'not run: no mongodb-client-encryption';
  loadEncryptionLibrary();
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-reliability-'));
  try {
    writeFileSync(join(folder, 'a.key'), KEYS.local.key);
    writeFileSync(join(folder, 'b.key'), KEYS['local:next'].key);
    const providers = `kmsProviders: { local: { key: { fromFile: a.key } }, "local:next": { key: { fromFile: b.key } } }\n`;
    writeFileSync(join(folder, 'mongoward.config.yaml'), CLUSTERS + providers);
    let points = 0;
    for (const [from, to] of CHANGES) {
      writeFileSync(join(folder, 'policy.yaml'), policyText(to));
      for (let index = 0, over = false; !over; index += 1) {
        for (const moment of ['before', 'during', 'after'] as const) {
          over = await inWorld(({ host }) => killAt(folder, host, from, to, index, moment));
          if (!over) points += 1;
        }
      }
    }
    return `${NAMES.length} keys made, and rewrapped: ${points} kill points, each finished by the next run, every key once`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const WAY = { argv: ['apply', '--from-policy', '--yes', '--policy', 'policy.yaml'] };

/** Whether there is no such write any more. */
function killAt(
  folder: string,
  host: string,
  from: string | undefined,
  to: string,
  index: number,
  moment: 'before' | 'during' | 'after',
): Promise<boolean> {
  return withScene(host, async ({ cluster, apply, keys }) => {
    const at = `to ${to}, killed ${moment} write ${index}`;
    if (from !== undefined) await apply(from);
    const before = await keys();
    let kill = (): void => {};
    let killed = false;
    const proxy = await startProxy(host, (write): Fate => {
      if (write.index < index || killed) return { kind: 'pass' };
      killed = true;
      if (moment === 'after') return { kind: 'pass', answered: kill };
      kill();
      return moment === 'before' ? { kind: 'swallow' } : { kind: 'pass' };
    });
    await runProgram(WAY, folder, proxy.host, (end) => {
      kill = end;
    });
    await proxy.stop();
    const found = await keys();
    const lock = await cluster.lock();
    if (lock !== undefined) assert.ok(await cluster.breakLock(lock), at);
    await apply(to);
    const after = await keys();
    assert.deepEqual(after.flatMap(({ keyAltNames }) => keyAltNames).sort(), [...NAMES].sort(), at);
    assert.ok(
      after.every(({ masterKey }) => masterKey.provider === to),
      at,
    );
    const ids = new Set(after.map(({ _id }) => _id));
    assert.ok(
      [...before, ...found].every(({ _id }) => ids.has(_id)),
      `${at}: no key is lost`,
    );
    // What the run had rewrapped before it died is not rewrapped again.
    const moved = found.filter(({ masterKey }) => masterKey.provider === to);
    for (const key of moved)
      assert.ok(
        after.some(({ updateDate }) => updateDate === key.updateDate),
        at,
      );
    assert.deepEqual(makePlan(intentOf(policyText(to)), await cluster.read()).operations, [], at);
    assert.deepEqual(await cluster.journal('unfinished'), [], at);
    return !killed;
  });
}
