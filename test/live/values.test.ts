/** BSON values in validators and custom data: read, written down in a migration, and written back as they were. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Binary, BSONRegExp, Decimal128, EJSON, Long, MaxKey, MinKey, ObjectId } from 'bson';
import type { MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import type { Migration } from '../../src/migrate/migration.ts';
import { parseMigration } from '../../src/migrate/parse-migration.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import { makeOperation } from '../../src/plan/operations/make-operation.ts';
import { validationState } from '../../src/plan/operations/targets/validation-target.ts';
import { reverseMigration } from '../../src/plan/reverse.ts';
import { documentKey } from '../../src/state/document.ts';
import { findCollection } from '../../src/state/lookup.ts';
import { formatSnapshot, parseSnapshot } from '../../src/state/snapshot.ts';
import { commandOf } from '../support/build.ts';
import { type LiveServer, startLiveServer, uniqueName, withLive } from './server.ts';

const db = uniqueName('values');
const ns = { db, collection: 'odd' };

/** PCRE knows `(?i)`, JavaScript and the sandbox do not. */
const pattern = (simulated: boolean) => new BSONRegExp(simulated ? '^a/b' : '(?i)^a/b', 's');

const VALUES = [
  Long.fromString('9007199254740993'),
  Decimal128.fromString('1.10'),
  new Date(5),
  new ObjectId('0'.repeat(24)),
  new Binary(Buffer.from([1, 2]), 0),
  new MinKey(),
  new MaxKey(),
  'é\u202e\n',
  null,
];
const validatorOf = ({ simulated }: LiveServer) => ({
  a: { $in: [...VALUES, pattern(simulated)] },
  'b.c': { $gt: Long.fromString('9007199254740993') },
});

let server: LiveServer;

before(async () => {
  server = await startLiveServer();
  await withMongo(server.rootUri, (client) =>
    client.db(db).createCollection('odd', { validator: validatorOf(server) }),
  );
});

after(async () => {
  await withMongo(server.rootUri, (client) => client.db(db).dropDatabase());
  await server.stop();
});

/** The validator as the server stores it, type by type. */
async function stored(client: MongoClient): Promise<string> {
  const [found] = await client
    .db(db)
    .listCollections({ name: 'odd' }, { promoteValues: false, bsonRegExp: true })
    .toArray();
  const options: unknown = found !== undefined && 'options' in found ? found.options : undefined;
  return EJSON.stringify(options, { relaxed: false });
}

test('a validator goes into a migration and back to the server without losing a type or a digit', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const original = await stored(client);
    const state = await cluster.read();
    const collection = findCollection(state, ns);
    assert.ok(collection);
    assert.equal(documentKey(collection.options.validator), documentKey(validatorOf(server)));
    assert.equal(documentKey(findCollection(parseSnapshot(formatSnapshot(state)), ns)), documentKey(collection));

    const taken = { kind: 'collMod', before: validationState(ns, collection), after: { ns } } as const;
    const migration: Migration = {
      formatVersion: 1,
      version: '20260131120000',
      slug: 'a',
      policy: 'p',
      policyHash: '0'.repeat(64),
      server: state.server.version,
      operations: [makeOperation(taken, { text: 'why' })],
    };
    const read = parseMigration('20260131120000_a.yaml', printMigration(migration)).migration;
    assert.ok(read);
    await cluster.withLock({ waitMs: 10_000 }, async (held) => {
      for (const one of read.operations) await held.run(commandOf(one));
      assert.equal((await cluster.read()).databases?.find(({ name }) => name === db)?.collections?.length, 1);
      assert.notEqual(await stored(client), original);
      for (const one of reverseMigration(read.operations, { allowUnprotect: true }).operations) {
        await held.run(commandOf(one));
      }
    });
    const restored = findCollection(await cluster.read(), ns);
    assert.equal(documentKey(restored?.options.validator), documentKey(validatorOf(server)));
    assert.deepEqual(JSON.parse(await stored(client)).validator, JSON.parse(original).validator);
  });
});
