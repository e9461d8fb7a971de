/** Sealed fields on a live server: what the validator refuses, and what a scan finds. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  Binary,
  ClientEncryption,
  Decimal128,
  Double,
  Int32,
  MaxKey,
  MinKey,
  type MongoClient,
  MongoServerError,
} from 'mongodb';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { type ScanPosition, scanCollection } from '../../src/cluster/scan.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { demandsOf, unsealedValidator } from '../../src/drift/scan-findings.ts';
import { scanner } from '../../src/encryption/scan-documents.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { ciphertext } from '../encryption/sealed.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, yes } from './server.ts';

const db = uniqueName('sealed');
const keys = uniqueName('keys');
const POLICY = uniqueName('sealing');

const intent = intentOf(`
apiVersion: mongoward/v1
metadata: { name: ${POLICY} }
collections:
  ${db}.logs:
    schema: { bsonType: object, required: [event] }
    encryption:
      keyVault: ${keys}.vault
      kms: { provider: local }
      fields:
        user.mail: { bsonType: string, algorithm: deterministic, keyAltName: pii }
        body: { bsonType: object, algorithm: random, keyAltName: pii }
        level: { bsonType: int, algorithm: random, keyAltName: pii }
        amount: { bsonType: number, algorithm: random, keyAltName: pii }
`);
const LOGS = only(intent.collections);
const vault = { db: keys, collection: 'vault' };

function only<T>([first]: readonly T[]): T {
  assert.ok(first);
  return first;
}

let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withMongo(server.rootUri, async (client) => {
    await client.db(db).dropDatabase();
    await client.db(keys).dropDatabase();
    await client.db('mongoward').collection('objects').deleteMany({ policy: POLICY });
  });
  await server.stop();
});

const logs = (client: MongoClient) => client.db(db).collection('logs');

async function read(client: MongoClient): Promise<ClusterState> {
  return liveCluster(client, server.rootUri, { keyVaults: [vault] }).read();
}

async function scan(client: MongoClient, options: { readonly sample?: number; readonly batchSize?: number } = {}) {
  const demands = demandsOf(LOGS, await read(client));
  const looking = scanner(demands, undefined);
  const positions: number[] = [];
  const refused = await scanCollection(client, looking, {
    ns: LOGS.ns,
    paths: demands.map(({ field }) => field.path),
    validator: unsealedValidator(LOGS),
    batchSize: 100,
    progress: ({ tally }) => positions.push(tally.documents),
    ...options,
  });
  return { refused, positions, ...looking.tally() };
}

test('the vault with its unique index and the validator are made, and nothing is left to do', async () => {
  await withMongo(server.rootUri, async (client) => {
    await logs(client).insertMany([
      { _id: 'old' as never, event: 'x', user: { mail: 'in@the.clear' } },
      { _id: 3 as never, event: 'x', user: [{ mail: 'in@the.clear' }] },
    ]);
    const weak = { validator: { event: { $exists: true } }, validationLevel: 'moderate', validationAction: 'warn' };
    await client.db(db).command({ collMod: 'logs', ...weak });
    const cluster = liveCluster(client, server.rootUri, { keyVaults: [vault] });
    await applyPolicy(cluster, intent, yes);
    assert.deepEqual(makePlan(intent, await cluster.read()).operations, []);
    const insert = (keyAltNames: readonly string[]) => client.db(keys).collection('vault').insertOne({ keyAltNames });
    await insert(['crud-service', 'first']);
    await assert.rejects(insert(['crud-service', 'second']), /E11000/);
    await client.db(keys).collection('vault').deleteMany({});
  });
});

const SEALED = ciphertext({ bsonType: 'string', algorithm: 1 });

const REFUSED: readonly (readonly [what: string, document: object])[] = [
  ['plaintext', { user: { mail: 'a@b.example' } }],
  ['null', { user: { mail: null } }],
  ['plaintext in an array of documents', { user: [{ mail: 'a@b.example' }] }],
  ['binary data of subtype 0', { user: { mail: new Binary(SEALED.value(), 0) } }],
  ['ciphertext of another type', { user: { mail: ciphertext({ bsonType: 'int' }) } }],
  ['ciphertext of an impossible algorithm', { user: { mail: ciphertext({ bsonType: 'string', algorithm: 9 }) } }],
  ['a plaintext document', { body: { card: 1 } }],
  ['a plaintext int', { level: new Int32(3) }],
  ['ciphertext of a string for a number', { amount: ciphertext({ bsonType: 'string' }) }],
];

for (const [what, document] of REFUSED) {
  test(`the server refuses ${what} in a sealed field`, async () => {
    await withMongo(server.rootUri, async (client) => {
      await assert.rejects(
        logs(client).insertOne({ event: 'x', ...document }),
        // An algorithm that CSFLE does not have ends the validation itself (Location error on 4.4.4).
        (error) =>
          error instanceof MongoServerError && (error.code === 121 || /unexpected subtype/.test(error.message)),
      );
    });
  });
}

const ACCEPTED: readonly (readonly [what: string, document: object])[] = [
  ['ciphertext', { user: { mail: SEALED }, body: ciphertext({ bsonType: 'object' }) }],
  ['a document without the field', {}],
  ['ciphertext of an int for a number', { amount: ciphertext({ bsonType: 'int' }) }],
  ['ciphertext of a double for a number', { amount: ciphertext({ bsonType: 'double' }) }],
  ['another algorithm, which it does not compare', { user: { mail: ciphertext({ bsonType: 'string' }) } }],
  ['plaintext behind a well-formed header', { user: { mail: ciphertext({ bsonType: 'string', length: 30 }) } }],
];

for (const [what, document] of ACCEPTED) {
  test(`the server takes ${what}`, async () => {
    await withMongo(server.rootUri, (client) => logs(client).insertOne({ event: 'x', ...document }));
  });
}

test('the server takes such a validator only with strict and error', async () => {
  await withMongo(server.rootUri, async (client) => {
    const change = { collMod: 'logs', validator: LOGS.validation?.validator };
    for (const weak of [{ validationAction: 'warn' }, { validationLevel: 'moderate' }]) {
      await assert.rejects(
        client.db(db).command({ ...change, ...weak }),
        (error) => error instanceof MongoServerError && error.codeName === 'QueryFeatureNotAllowed',
      );
    }
  });
});

test('and judges it by the level and the action that it finds, not by those that come with it', async () => {
  await withMongo(server.rootUri, async (client) => {
    const database = client.db(db);
    const change = { collMod: 'softened', validator: LOGS.validation?.validator };
    const strict = { validationLevel: 'strict', validationAction: 'error' };
    await database.createCollection('softened', { validationAction: 'warn' });
    await assert.rejects(
      database.command({ ...change, ...strict }),
      (error) => error instanceof MongoServerError && error.codeName === 'QueryFeatureNotAllowed',
    );
    await database.command({ collMod: 'softened', ...strict });
    await database.command(change);
    await database.dropCollection('softened');
  });
});

test('a scan counts what predates the validator and what it can not see, whatever the type of the _id', async () => {
  await withMongo(server.rootUri, async (client) => {
    const expected = {
      path: 'user.mail',
      values: 5,
      sealed: 1,
      defects: { plaintext: 2, algorithm: 2, unknownKey: 0, wrongKey: 0, bsonType: 0, length: 1 },
    };
    for (const options of [{ batchSize: 2 }, { sample: 100 }]) {
      const { refused, documents, fields } = await scan(client, options);
      assert.deepEqual([refused, documents], [2, 8]);
      assert.deepEqual(
        fields.find(({ path }) => path === 'user.mail'),
        expected,
      );
    }
  });
});

test('a document with an algorithm that the server does not know ends no scan, and counts', async () => {
  await withMongo(server.rootUri, async (client) => {
    const whole = await scan(client);
    await client.db(db).command({ collMod: 'logs', validationLevel: 'off' });
    const odd = await logs(client).insertOne({
      event: 'x',
      user: { mail: ciphertext({ bsonType: 'string', algorithm: 9 }) },
    });
    const both = await logs(client).insertOne({ user: { mail: ciphertext({ bsonType: 'string', algorithm: 9 }) } });
    for (const options of [{}, { sample: 100 }]) assert.equal((await scan(client, options)).refused, whole.refused + 2);
    await logs(client).deleteMany({ _id: { $in: [odd.insertedId, both.insertedId] } });
    await client.db(db).command({ collMod: 'logs', validationLevel: 'strict' });
  });
});

test('a scan goes on where it stopped, and doubles nothing', { timeout: 60_000 }, async (t) => {
  if (server.simulated) return t.skip('the sandbox has no bounds of an index');
  await withMongo(server.rootUri, async (client) => {
    const demands = demandsOf(LOGS, await read(client));
    const whole = await scan(client);
    for (const [at, last] of [
      [1, 3],
      [2, 'old'],
    ] as const) {
      const position = { last: { _id: last }, tally: { documents: at, fields: [] }, refused: at };
      const looking = scanner(demands, undefined, position.tally);
      const refused = await scanCollection(client, looking, {
        ns: LOGS.ns,
        paths: demands.map(({ field }) => field.path),
        validator: unsealedValidator(LOGS),
        batchSize: 2,
        resume: position,
      });
      assert.deepEqual([refused, looking.tally().documents], [whole.refused, whole.documents]);
    }
  });
});

test('an _id of any type is counted once, also by a scan that goes on from it', { timeout: 60_000 }, async (t) => {
  if (server.simulated) return t.skip('the sandbox has no bounds of an index');
  const ids = [null, 1, new Double(Number.NaN), -5, Decimal128.fromString('Infinity'), 'a', 'B', { x: Number.NaN }];
  const collection = uniqueName('ids');
  await withMongo(server.rootUri, async (client) => {
    const odd = client.db(db).collection<{ readonly _id: unknown }>(collection);
    await client.db(db).createCollection(collection, { collation: { locale: 'en', strength: 2 } });
    await odd.insertMany([...ids, new MinKey(), new MaxKey(), true, new Date(0)].map((_id) => ({ _id })));
    const demands = demandsOf(LOGS, await read(client));
    const positions: ScanPosition[] = [];
    const scanFrom = async (resume?: ScanPosition) => {
      const looking = scanner(demands, undefined, resume?.tally);
      const refused = await scanCollection(client, looking, {
        ns: { db, collection },
        paths: demands.map(({ field }) => field.path),
        validator: unsealedValidator(LOGS),
        batchSize: 3,
        ...(resume === undefined ? { progress: (position) => positions.push(position) } : { resume }),
      });
      return [refused, looking.tally().documents];
    };
    // Each lacks the "event" that the schema requires.
    assert.deepEqual(await scanFrom(), [12, 12]);
    assert.equal(positions.length, 9);
    for (const position of positions) assert.deepEqual(await scanFrom(position), [12, 12]);
  });
});

/** The official library is never required; where it is, its own ciphertext is the test. */
async function libraryIsThere(): Promise<boolean> {
  const name = 'mongodb-client-encryption';
  return import(name).then(
    () => true,
    () => false,
  );
}

test("the official library's ciphertext is accepted, and scanned as sealed", async (t) => {
  if (!(await libraryIsThere())) return t.skip('mongodb-client-encryption is not installed');
  await withMongo(server.rootUri, async (client) => {
    const encryption = new ClientEncryption(client, {
      keyVaultNamespace: `${keys}.vault`,
      kmsProviders: { local: { key: randomBytes(96) } },
    });
    const keyId = await encryption.createDataKey('local', { keyAltNames: ['pii'] });
    const [key] = (await read(client)).keyVaults?.[0]?.keys ?? [];
    assert.deepEqual(
      [key?._id, key?.keyAltNames, key?.masterKey, key?.status],
      [keyId.toUUID().toHexString(), ['pii'], { provider: 'local' }, 0],
    );
    assert.equal(JSON.stringify(key).includes('keyMaterial'), false);
    await logs(client).deleteMany({});
    const seal = (value: unknown, kind: 'Random' | 'Deterministic') =>
      encryption.encrypt(value, { keyAltName: 'pii', algorithm: `AEAD_AES_256_CBC_HMAC_SHA_512-${kind}` });
    for (let size = 0; size < 70; size += 1) {
      await logs(client).insertOne({
        event: 'x',
        user: { mail: await seal('x'.repeat(size), 'Deterministic') },
        body: await seal({ text: 'x'.repeat(size) }, 'Random'),
        level: await seal(new Int32(size), 'Random'),
        amount: await seal(size % 2 === 0 ? new Int32(size) : new Double(size / 3), 'Random'),
      });
    }
    const state = await read(client);
    const looking = scanner(
      demandsOf(LOGS, state),
      new Set(state.keyVaults?.[0]?.keys.flatMap(({ _id }) => _id ?? [])),
    );
    const refused = await scanCollection(client, looking, {
      ns: LOGS.ns,
      paths: ['user.mail', 'body', 'level', 'amount'],
      validator: unsealedValidator(LOGS),
      batchSize: 50,
    });
    const { documents, fields } = looking.tally();
    assert.deepEqual([refused, documents], [0, 70]);
    assert.deepEqual(
      fields.map(({ path, sealed }) => [path, sealed]),
      [
        ['amount', 70],
        ['body', 70],
        ['level', 70],
        ['user.mail', 70],
      ],
    );
  });
});
