/** Updates by pipeline, as far as the lock needs them, on a live server: the sandbox must make of them what MongoDB does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Document, MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { type LiveServer, startLiveServer, uniqueName } from './server.ts';

const db = uniqueName('pipeline');
let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withMongo(server.rootUri, (client) => client.db(db).dropDatabase());
  await server.stop();
});

const DAY = new Date('2026-01-01T00:00:00Z');

/** What becomes of `{_id: 1, n: 1, d: DAY, nothing: null}`. */
const CASES: readonly (readonly [stages: readonly Document[], after: Document])[] = [
  [[{ $set: { a: '$n', b: { $literal: '$n' } } }], { a: 1, b: '$n' }],
  [[{ $set: { a: '$missing' } }], {}],
  [[{ $set: { a: { $ifNull: ['$nothing', 7] } } }], { a: 7 }],
  [[{ $set: { a: { $add: ['$d', 1000] } } }], { a: new Date(DAY.getTime() + 1000) }],
  [[{ $set: { a: { $add: ['$n', '$missing'] } } }], { a: null }],
  [[{ $set: { a: { $cond: [{ $lte: ['$missing', null] }, 'yes', 'no'] } } }], { a: 'yes' }],
  [[{ $set: { a: { $cond: [{ $and: ['$n', { $lt: ['$d', '$$NOW'] }] }, 1, 2] } } }], { a: 1 }],
  [[{ $set: { a: { $or: [false, '$nothing', 0] } } }], { a: false }],
  [[{ $set: { a: { $toLong: '$d' } } }, { $unset: ['d', 'n'] }], { a: DAY.getTime(), d: undefined, n: undefined }],
  [[{ $addFields: { a: { $eq: ['$n', 1] } } }, { $set: { b: '$a' } }], { a: true, b: true }],
  [[{ $set: { a: { $literal: { x: ['$n'] } } } }], { a: { x: ['$n'] } }],
];

test('stages and expressions', async () => {
  await withMongo(server.rootUri, async (client: MongoClient) => {
    const c = client.db(db).collection<Document & { _id: number }>('c');
    for (const [stages, after] of CASES) {
      await c.deleteMany({});
      await c.insertOne({ _id: 1, n: 1, d: DAY, nothing: null });
      await c.updateOne({ _id: 1 }, [...stages]);
      const expected = Object.entries({ _id: 1, n: 1, d: DAY, nothing: null, ...after }).filter(
        ([, value]) => value !== undefined,
      );
      assert.deepEqual(await c.findOne(), Object.fromEntries(expected), JSON.stringify(stages));
    }
  });
});

test('findAndModify with a pipeline inserts by the query, and both meanings of now are the same moment', async () => {
  await withMongo(server.rootUri, async (client: MongoClient) => {
    const reply = await client.db(db).command({
      findAndModify: 'upserted',
      query: { _id: 'one' },
      update: [{ $set: { a: '$$NOW' } }, { $set: { same: { $eq: ['$a', '$$NOW'] } } }],
      upsert: true,
      new: true,
    });
    assert.deepEqual([reply['value']._id, reply['value'].same], ['one', true]);
  });
});
