/** Shards asked past their router: a few at a time, none without an end, each with why it was not seen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { withClient } from '../../src/cluster/connect.ts';
import { Allowance } from '../../src/cluster/listing.ts';
import { readShards } from '../../src/cluster/read-shards.ts';
import { type Behaviour, cursor, hostileServer } from '../support/hostile-server.ts';

interface Asked {
  readonly uri: string;
  /** How many shards have been asked for users, and how many of these at most at once. */
  readonly counts: { begun: number; open: number; most: number };
}

/** A router of `count` shards, all on one server, which answers a `find` on users as it is told. */
async function withShards<T>(
  count: number,
  users: Behaviour,
  work: (asked: Asked) => Promise<T>,
  more: readonly { readonly _id: string; readonly host: string }[] = [],
): Promise<T> {
  const counts = { begun: 0, open: 0, most: 0 };
  let host = '';
  const shard = await hostileServer((name, body) => {
    if (name === 'hello' || name === 'isMaster' || name === 'ismaster') {
      const set = { setName: 'sh', hosts: [host], primary: host, me: host, setVersion: 1, isWritablePrimary: true };
      return { helloOk: true, ...set, minWireVersion: 0, maxWireVersion: 25, maxBsonObjectSize: 16777216, ok: 1 };
    }
    if (name === 'find' && body['find'] === 'system.users') {
      counts.begun += 1;
      counts.open += 1;
      counts.most = Math.max(counts.most, counts.open);
    }
    if (name === 'rolesInfo') counts.open -= 1;
    return users(name, body);
  });
  host = shard.host;
  const shards = Array.from({ length: count }, (_, at) => ({ _id: `sh${at}`, host: `sh/${host}` }));
  const router = await hostileServer((name) =>
    name === 'listShards' ? { shards: [...shards, ...more], ok: 1 } : undefined,
  );
  try {
    return await work({ uri: `mongodb://${router.host}/`, counts });
  } finally {
    await Promise.all([router.stop(), shard.stop()]);
  }
}

const NO_OPTIONS = { serverSelectionTimeoutMS: 60_000 };

test('of many shards four are asked at once, and all come in their order', () =>
  withShards(
    12,
    () => undefined,
    async ({ uri, counts }) => {
      const read = await withClient(uri, NO_OPTIONS, (client) => readShards(client, uri, new Allowance(), 60_000));
      assert.deepEqual(
        read?.shards.map(({ name, users }) => [name, users]),
        Array.from({ length: 12 }, (_, at) => [`sh${at}`, []]),
      );
      assert.deepEqual([counts.begun, counts.open], [12, 0]);
      assert.ok(counts.most > 1 && counts.most <= 4, `${counts.most} at once`);
    },
  ));

test('at the deadline those under way are given up, and no further one is asked', () =>
  withShards(
    12,
    (name, body) => (name === 'find' || name === 'getMore' ? cursor(body, [], 7n) : undefined),
    async ({ uri, counts }) => {
      const reading = withClient(uri, { ...NO_OPTIONS, deadlineMs: 1000 }, (client) =>
        readShards(client, uri, new Allowance()),
      );
      await assert.rejects(reading, /the deadline has passed/);
      const { begun } = counts;
      await pause(500);
      assert.deepEqual([counts.begun, begun <= 4], [begun, true]);
    },
  ));

test('what shards give counts together: past the allowance the whole reading fails', () =>
  withShards(
    3,
    (name, body) => (name === 'find' && body['find'] === 'system.users' ? cursor(body, [USER]) : undefined),
    async ({ uri }) => {
      const client = new MongoClient(uri);
      const allowance = new Allowance();
      allowance.take(MOST_BYTES - 100);
      const reading = readShards(client, uri, allowance).finally(() => client.close());
      await assert.rejects(reading, /the server gives more than 256 MB/);
    },
  ));

const MOST_BYTES = 256 * 1024 * 1024;
const USER = { _id: 'admin.app', user: 'app', db: 'admin', roles: [], customData: { text: 'x'.repeat(60) } };

test('a config server that is a shard is told, and is not asked: its accounts are those of the cluster', () =>
  withShards(
    1,
    () => undefined,
    async ({ uri }) => {
      const read = await withClient(uri, NO_OPTIONS, (client) => readShards(client, uri, new Allowance()));
      assert.deepEqual([read?.configShard, read?.shards.map(({ name }) => name)], [true, ['sh0']]);
    },
    [{ _id: 'config', host: 'cfg/127.0.0.1:1' }],
  ));
