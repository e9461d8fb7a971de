/** Data encryption keys made and rewrapped on a live server, where the official library is installed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Binary, ClientEncryption, type KMSProviders, type MongoClient } from 'mongodb';
import { findEncryptionLibrary } from '../../src/cluster/encryption-library.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { liveKeyService } from '../../src/cluster/live-key-service.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { type ApplyOptions, applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { DataKey } from '../../src/state/key-vault.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, yes } from './server.ts';

const installed = findEncryptionLibrary().version !== undefined;
const live = { skip: installed ? false : 'mongodb-client-encryption is not installed', timeout: 60_000 };

const db = uniqueName('managed');
const vault = { db: uniqueName('keys'), collection: 'vault' };
const VAULT = `${vault.db}.${vault.collection}`;
const POLICY = uniqueName('managing');
const MASTER = randomBytes(96);
const KMS: KMSProviders = { local: { key: MASTER }, 'local:next': { key: randomBytes(96) } };

const policy = (names: readonly string[], kms = 'local', rotateAfter = '90d') =>
  intentOf(`
apiVersion: mongoward/v1
metadata: { name: ${POLICY} }
collections:
  ${db}.logs:
    encryption:
      keyVault: ${VAULT}
      dataKeys: managed
      kms: { provider: "${kms}" }
      rotateAfter: ${rotateAfter}
      fields:
${names.map((name) => `        f${name}: { bsonType: string, algorithm: random, keyAltName: ${name} }`).join('\n')}
`);

let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withMongo(server.rootUri, async (client) => {
    for (const name of [db, vault.db]) await client.db(name).dropDatabase();
    for (const name of ['objects', 'migrations']) {
      await client.db('mongoward').collection(name).deleteMany({ policy: POLICY });
    }
  });
  await server.stop();
});

function options(client: MongoClient, rest: Partial<ApplyOptions> = {}, kmsProviders = KMS): ApplyOptions {
  return {
    ...yes,
    today: new Date().toISOString().slice(0, 10),
    keys: async (operations) => liveKeyService(client, { kmsProviders, tlsOptions: {} }, operations),
    ...rest,
  };
}

function onCluster(work: (cluster: Cluster, client: MongoClient) => Promise<void>): Promise<void> {
  return withMongo(server.rootUri, (client) =>
    work(liveCluster(client, server.rootUri, { keyVaults: [vault], leaseMs: 1000 }), client),
  );
}

async function keysOf(cluster: Cluster): Promise<readonly DataKey[]> {
  return (await cluster.read()).keyVaults?.[0]?.keys ?? [];
}

async function keyOf(cluster: Cluster, name: string): Promise<DataKey> {
  const [key, ...others] = (await keysOf(cluster)).filter(({ keyAltNames }) => keyAltNames.includes(name));
  assert.ok(key && others.length === 0, `one key ${name}`);
  return key;
}

function encryption(client: MongoClient, kmsProviders = KMS): ClientEncryption {
  return new ClientEncryption(client, { keyVaultNamespace: VAULT, kmsProviders });
}

const RANDOM = 'AEAD_AES_256_CBC_HMAC_SHA_512-Random';

test('a key is made once, under its name, and the second run writes nothing', live, async () => {
  await onCluster(async (cluster, client) => {
    const first = await applyPolicy(cluster, policy(['a']), options(client));
    assert.equal(first.outcome, 'applied');
    const { _id, creationDate, updateDate, ...rest } = await keyOf(cluster, 'a');
    assert.match(String(_id), /^[0-9a-f-]{36}$/);
    assert.equal(creationDate, updateDate);
    assert.deepEqual(rest, { keyAltNames: ['a'], masterKey: { provider: 'local' }, status: 0 });
    const again = await applyPolicy(cluster, policy(['a']), { ...yes, keys: () => Promise.reject(new Error('asked')) });
    assert.equal(again.outcome, 'in-place');
    assert.equal((await keysOf(cluster)).length, 1);
  });
});

test('what is sealed with it is read back, and the server takes it where plaintext is refused', live, async () => {
  await onCluster(async (_cluster, client) => {
    const sealed = await encryption(client).encrypt('secret', { keyAltName: 'a', algorithm: RANDOM });
    const logs = client.db(db).collection('logs');
    await assert.rejects(logs.insertOne({ fa: 'secret' }), /Document failed validation/);
    const { insertedId } = await logs.insertOne({ fa: sealed });
    const stored = await logs.findOne({ _id: insertedId });
    assert.ok(stored?.['fa'] instanceof Binary);
    assert.equal(await encryption(client).decrypt(stored['fa']), 'secret');
  });
});

test('nothing of credentials or material stands in the journal', live, async () => {
  await onCluster(async (cluster, client) => {
    const entries = await client.db('mongoward').collection('migrations').find({ policy: POLICY }).toArray();
    assert.ok(entries.length > 0);
    const stored = await client.db(vault.db).collection(vault.collection).findOne({});
    const secrets = [MASTER.toString('base64'), Buffer.from(stored?.['keyMaterial'].buffer).toString('base64')];
    for (const secret of secrets) assert.equal(JSON.stringify([entries, await cluster.read()]).includes(secret), false);
  });
});

test(
  'a run that dies after the first of two keys is finished by the next, and no key is made twice',
  live,
  async () => {
    await onCluster(async (cluster, client) => {
      let made = 0;
      const dying = options(client, {
        keys: async (operations) => {
          const { run } = liveKeyService(client, { kmsProviders: KMS, tlsOptions: {} }, operations);
          return {
            run: async (operation) => {
              made += 1;
              if (made === 2) throw new Error('died');
              await run(operation);
            },
          };
        },
      });
      await assert.rejects(applyPolicy(cluster, policy(['a', 'b', 'c']), dying), /could not create data key .* died/);
      const half = await keysOf(cluster);
      assert.equal(half.length, 2);
      await applyPolicy(cluster, policy(['a', 'b', 'c']), options(client));
      const whole = await keysOf(cluster);
      assert.equal(whole.length, 3);
      for (const key of half) assert.deepEqual(await keyOf(cluster, key.keyAltNames[0] ?? ''), key);
    });
  },
);

test('a run that dies after a key was made, before it could be written down, makes it once', live, async () => {
  await onCluster(async (cluster, client) => {
    const dying = options(client, {
      keys: async (operations) => {
        const { run } = liveKeyService(client, { kmsProviders: KMS, tlsOptions: {} }, operations);
        return {
          run: async (operation) => {
            await run(operation);
            throw new Error('died');
          },
        };
      },
    });
    await assert.rejects(applyPolicy(cluster, policy(['a', 'b', 'c', 'd']), dying), /died/);
    const made = await keyOf(cluster, 'd');
    await applyPolicy(cluster, policy(['a', 'b', 'c', 'd']), options(client, { keys: () => Promise.reject('asked') }));
    assert.deepEqual(await keyOf(cluster, 'd'), made);
  });
});

test(
  'a key that somebody makes between the last look and the write is fine, and one under another master key is told',
  live,
  async () => {
    await onCluster(async (cluster, client) => {
      const meanwhile = (provider: 'local' | 'local:next'): ApplyOptions =>
        options(client, {
          keys: async (operations) => {
            const { run } = liveKeyService(client, { kmsProviders: KMS, tlsOptions: {} }, operations);
            return {
              run: async (operation) => {
                const key = operation.after.key;
                const keyAltNames = 'keyAltName' in key ? [key.keyAltName] : [];
                await encryption(client).createDataKey(provider, { keyAltNames });
                await run(operation);
              },
            };
          },
        });
      const names = ['a', 'b', 'c', 'd', 'e'];
      const { outcome } = await applyPolicy(cluster, policy(names), meanwhile('local'));
      assert.equal(outcome, 'applied');
      assert.equal((await keysOf(cluster)).length, 5);
      await assert.rejects(
        applyPolicy(cluster, policy([...names, 'f']), meanwhile('local:next')),
        /somebody made the key meanwhile: provider is "local:next", and the policy says "local"/,
      );
      await client.db(vault.db).collection(vault.collection).deleteOne({ keyAltNames: 'f' });
    });
  },
);

test('a key moves to another master key, and what it sealed is read as before', live, async () => {
  await onCluster(async (cluster, client) => {
    const sealed = await encryption(client).encrypt('secret', { keyAltName: 'a', algorithm: RANDOM });
    const [a, b] = [await keyOf(cluster, 'a'), await keyOf(cluster, 'b')];
    // The policy names one of the five: the others stay.
    const { outcome } = await applyPolicy(cluster, policy(['a'], 'local:next'), options(client));
    assert.equal(outcome, 'applied');
    const moved = await keyOf(cluster, 'a');
    assert.deepEqual([moved._id, moved.masterKey], [a._id, { provider: 'local:next' }]);
    assert.ok(String(moved.updateDate) > String(a.updateDate));
    assert.deepEqual(await keyOf(cluster, 'b'), b);
    const next: KMSProviders = { 'local:next': { key: KMS['local:next']?.key ?? '' } };
    assert.equal(await encryption(client, next).decrypt(sealed), 'secret');
    assert.deepEqual(makePlan(policy(['a'], 'local:next'), await cluster.read()).operations, []);
  });
});

test('the wrong master key is told before anything is changed, and the next run goes on', live, async () => {
  await onCluster(async (cluster, client) => {
    const before = await keyOf(cluster, 'b');
    const wrong: KMSProviders = { ...KMS, local: { key: randomBytes(96) } };
    await assert.rejects(
      applyPolicy(cluster, policy(['a', 'b'], 'local:next'), options(client, {}, wrong)),
      /could not rewrap data key .* the master key of kmsProviders.local is not the one which seals it/,
    );
    assert.deepEqual(await keyOf(cluster, 'b'), before);
    await applyPolicy(cluster, policy(['a', 'b'], 'local:next'), options(client));
    assert.deepEqual((await keyOf(cluster, 'b')).masterKey, { provider: 'local:next' });
  });
});

test(
  'a key past its age is sealed anew by the same master key, once, whether or not the run could say so',
  live,
  async () => {
    await onCluster(async (cluster, client) => {
      const old = new Date('2020-01-01');
      const keys = client.db(vault.db).collection(vault.collection);
      await keys.updateOne({ keyAltNames: 'a' }, { $set: { creationDate: old, updateDate: old } });
      const material = async () => (await keys.findOne({ keyAltNames: 'a' }))?.['keyMaterial'].toString('base64');
      const before = await material();
      const intent = policy(['a', 'b'], 'local:next');
      const dying = options(client, {
        keys: async (operations) => {
          assert.deepEqual(
            operations.map(({ id, reason }) => [id, reason.text.replace(/\d+ days/, 'N days')]),
            [[`rewrapDataKey ${VAULT} "a"`, 'it was made or last rewrapped N days ago, and the policy allows 90d']],
          );
          const { run } = liveKeyService(client, { kmsProviders: KMS, tlsOptions: {} }, operations);
          return {
            run: async (operation) => {
              await run(operation);
              throw new Error('died');
            },
          };
        },
      });
      await assert.rejects(applyPolicy(cluster, intent, dying), /died/);
      const after = await material();
      assert.notEqual(after, before);
      const { outcome } = await applyPolicy(cluster, intent, options(client));
      assert.equal(outcome, 'in-place');
      assert.equal(await material(), after);
      assert.equal((await keyOf(cluster, 'a')).creationDate, old.toISOString());
    });
  },
);

test(
  'an account that may not write the key vault is refused before anything is asked of the library',
  live,
  async () => {
    await withMongo(server.rootUri, async (client) => {
      await client
        .db('admin')
        .command({ createUser: POLICY, pwd: 'x', roles: ['readAnyDatabase', 'userAdminAnyDatabase'] });
    });
    const uri = server.uri(POLICY, 'x');
    try {
      await withMongo(uri, async (client) => {
        const cluster = liveCluster(client, uri, { keyVaults: [vault] });
        const asked = options(client, { keys: () => Promise.reject(new Error('asked')) });
        await assert.rejects(applyPolicy(cluster, policy(['a', 'g'], 'local:next'), asked), (error: unknown) => {
          assert.ok(error instanceof Error && 'details' in error && Array.isArray(error.details));
          assert.ok(error.details.includes(`insert on ${VAULT}`), error.details.join('; '));
          return true;
        });
      });
    } finally {
      await withMongo(server.rootUri, (client) => client.db('admin').command({ dropUser: POLICY }));
    }
  },
);
