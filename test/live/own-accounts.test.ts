/** The shipped accounts for Mongoward itself: one plans and watches, one applies, and neither is root. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { findEncryptionLibrary } from '../../src/cluster/encryption-library.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { liveKeyService } from '../../src/cluster/live-key-service.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { driftReport } from '../../src/drift/report.ts';
import { type ApplyOptions, applyPolicy } from '../../src/migrate/apply.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const suffix = uniqueName('own');
const POLICY = uniqueName('work');

/** The shipped text, with names that no other run uses. */
function shipped(file: string): string {
  const text = readFileSync(new URL(`../../templates/${file}.yaml`, import.meta.url), 'utf8');
  return text
    .replaceAll(/(mongoward-(?:watch|apply)|mongoward(?:Watcher|Operator))(@admin)/g, `$1_${suffix}$2`)
    .replace('keyVault: encryption.__keyVault', `keyVault: ${suffix}_keys.vault`);
}

const WORK = `
apiVersion: mongoward/v1
metadata: { name: ${POLICY} }
roles:
  ${suffix}_reader@admin: { privileges: [{ on: ${suffix}.logs, allow: read-only }] }
users:
  ${suffix}_ann@admin: { roles: [${suffix}_reader@admin], password: { fromEnv: P } }
collections:
  ${suffix}.logs: { schema: { bsonType: object, required: [event] } }
restrictions:
  - { users: "${suffix}_bob@admin", on: ${suffix}.*, deny: [read, write], remedy: rewrite }
`;

let server: LiveServer;
const watch = (): string => server.uri(`mongoward-watch_${suffix}`, 'a-password');
const apply = (): string => server.uri(`mongoward-apply_${suffix}`, 'a-password');

before(async () => {
  server = await startLiveServer();
  await withLive(server.rootUri, async (cluster, root) => {
    for (const file of ['mongoward-watch', 'mongoward-apply']) {
      await applyPolicy(cluster, intentOf(shipped(file)), yes);
    }
    await root.db('admin').command({ createUser: `${suffix}_bob`, pwd: 'x', roles: ['readWriteAnyDatabase'] });
  });
});

after(async () => {
  await withMongo(server.rootUri, async (root) => {
    const admin = root.db('admin');
    const objects = root.db('mongoward').collection('objects');
    const own = { $or: [{ policy: POLICY }, { target: { $regex: suffix } }] };
    for (const { kind, target } of await objects.find(own).toArray()) {
      const name = String(target).replace(/@admin$/, '');
      if (kind === 'user') await admin.command({ dropUser: name }).catch(() => undefined);
      if (kind === 'role') await admin.command({ dropRole: name }).catch(() => undefined);
    }
    await admin.command({ dropUser: `${suffix}_bob` });
    await objects.deleteMany(own);
    for (const name of [suffix, `${suffix}_keys`]) await root.db(name).dropDatabase();
  });
  await server.stop();
});

test('the account that watches sees everything that a plan and a drift report need', async () => {
  await withLive(watch(), async (cluster) => {
    const state = await cluster.read();
    assert.deepEqual(state.unreadable, []);
    assert.deepEqual(makePlan(intentOf(WORK), state).obstacles, []);
    assert.ok(driftReport(intentOf(WORK), state, { today: '2026-11-24' }).findings.length > 0);
  });
});

test('and changes nothing', async () => {
  await withLive(watch(), async (cluster) => {
    await assert.rejects(applyPolicy(cluster, intentOf(WORK), yes), /lacks privileges that this needs/);
  });
});

test('the account that applies carries a policy out, restrictions included, and proves it', async () => {
  await withLive(apply(), async (cluster) => {
    assert.equal((await applyPolicy(cluster, intentOf(WORK), yes)).outcome, 'applied');
    assert.equal((await applyPolicy(cluster, intentOf(WORK), yes)).outcome, 'in-place');
    assert.deepEqual((await cluster.read()).unreadable, []);
  });
});

const KEYS = intentOf(`
apiVersion: mongoward/v1
metadata: { name: ${POLICY} }
collections:
  ${suffix}.logs:
    encryption:
      keyVault: ${suffix}_keys.vault
      dataKeys: managed
      kms: { provider: local }
      fields: { ip: { bsonType: string, algorithm: random, keyAltName: pii } }
`);
const keyVaults = [{ db: `${suffix}_keys`, collection: 'vault' }];

test('the one sees which keys are missing, and the other makes them', async (t) => {
  const kinds: string[] = [];
  await withMongo(watch(), async (client) => {
    const cluster = liveCluster(client, watch(), { keyVaults });
    kinds.push(...makePlan(KEYS, await cluster.read()).operations.map(({ kind }) => kind));
    await assert.rejects(applyPolicy(cluster, KEYS, yes), /lacks privileges that this needs/);
  });
  assert.ok(kinds.includes('createDataKey'), kinds.join());
  if (findEncryptionLibrary().version === undefined) {
    return t.skip('mongodb-client-encryption is not installed');
  }
  await withMongo(apply(), async (client) => {
    const access = { kmsProviders: { local: { key: randomBytes(96) } }, tlsOptions: {} };
    const cluster = liveCluster(client, apply(), { keyVaults });
    const keys: ApplyOptions['keys'] = async (operations) => liveKeyService(client, access, operations);
    assert.equal((await applyPolicy(cluster, KEYS, { ...yes, keys })).outcome, 'applied');
    assert.equal((await applyPolicy(cluster, KEYS, yes)).outcome, 'in-place');
  });
});

test('neither reads data', async () => {
  for (const uri of [watch(), apply()]) {
    await withMongo(uri, (client) => assert.rejects(client.db(suffix).collection('logs').findOne(), { code: 13 }));
  }
});
