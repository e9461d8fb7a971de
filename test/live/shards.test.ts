/** Accounts made on a shard itself, which no router shows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Document, MongoServerError } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { readQuestion } from '../../src/access/question.ts';
import { whoCan } from '../../src/access/who.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { type LiveServer, startLiveServer, uniqueName, withLive } from './server.ts';

const trail = uniqueName('shards');

let server: LiveServer;
let shards: readonly { readonly name: string; readonly host: string }[] = [];
let notHere: string | undefined;

before(async () => {
  server = await startLiveServer();
  await withMongo(server.rootUri, async (root) => {
    const listed = await root
      .db('admin')
      .command({ listShards: 1 })
      .catch((error: unknown) => {
        if (error instanceof MongoServerError) return undefined;
        throw error;
      });
    if (listed === undefined) notHere = 'takes a sharded cluster';
    shards = (listed?.['shards'] ?? []).map(({ _id, host }: Document) => ({
      name: String(_id),
      host: String(host).replace(/^.*\//, ''),
    }));
  });
});

after(() => server.stop());

const direct = (host: string, login = ''): string => `mongodb://${login}${host}/?directConnection=true`;

async function seen() {
  return withLive(server.rootUri, async (cluster) => {
    const state = await cluster.read();
    const { principals, unenumerable } = whoCan(state, readQuestion('alter', `${trail}.logs`, state));
    return {
      onShards: principals.flatMap(({ shard, user }) => (shard === undefined ? [] : [`${user.user} of ${shard}`])),
      unseen: unenumerable.filter((who) => who.includes('on shard')),
    };
  });
}

test('a shard that refuses the login is named as not seen', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  const { onShards, unseen } = await seen();
  assert.deepEqual(onShards, []);
  assert.deepEqual(
    unseen,
    shards.map(
      ({ name, host }) =>
        `accounts made on shard ${name} directly, which act on it past mongos: ${host} refuses this login`,
    ),
  );
});

test('where the login is good on a shard too, its own accounts are among those who can', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  const [shard, ...others] = shards;
  assert.ok(shard);
  const { username, password } = new ConnectionString(server.rootUri);
  const user = decodeURIComponent(username);
  // A shard without accounts lets a client of the same machine make the first.
  await withMongo(direct(shard.host), (client) =>
    client.db('admin').command({ createUser: user, pwd: decodeURIComponent(password), roles: ['root'] }),
  );
  try {
    const { onShards, unseen } = await seen();
    assert.deepEqual(onShards, [`${user} of ${shard.name}`]);
    assert.equal(unseen.length, others.length);
  } finally {
    await withMongo(direct(shard.host, `${username}:${password}@`), (client) =>
      client.db('admin').command({ dropUser: user }),
    );
  }
});
