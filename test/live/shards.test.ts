/** Accounts made on a shard itself, which no router shows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { readQuestion } from '../../src/access/question.ts';
import { whoCan } from '../../src/access/who.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { inFolder, mongoward } from '../cli/terminal.ts';
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
    // A config server that is a shard too has the accounts of the cluster.
    shards = (listed?.['shards'] ?? [])
      .filter(({ _id }: Document) => _id !== 'config')
      .map(({ _id, host }: Document) => ({ name: String(_id), host: String(host).replace(/^.*\//, '') }));
  });
});

after(async () => {
  await administrator?.client.db('admin').command({ dropUser: administrator.user });
  await administrator?.client.close();
  await server.stop();
});

/** The account of the suite, on the first shard too. */
interface Administrator {
  readonly user: string;
  readonly shard: string;
  readonly client: MongoClient;
}

let administrator: Administrator | undefined;

/**
 * A shard without accounts lets a client of the same machine make the first, and only until it has had one: nothing where
 * it has.
 */
async function asAdministrator(): Promise<Administrator | undefined> {
  const [shard] = shards;
  assert.ok(shard);
  if (administrator !== undefined) return administrator;
  const { username, password } = new ConnectionString(server.rootUri);
  const user = decodeURIComponent(username);
  const made = await withMongo(direct(shard.host), (client) =>
    client
      .db('admin')
      .command({ createUser: user, pwd: decodeURIComponent(password), roles: ['root'] })
      .catch((error: unknown) => {
        if (error instanceof MongoServerError && error.code === 13) return undefined;
        throw error;
      }),
  );
  if (made === undefined) return undefined;
  const client = new MongoClient(direct(shard.host, `${username}:${password}@`));
  administrator = { user, shard: shard.name, client };
  return administrator;
}

const HAD_ONE = 'takes shards that have had no account since they were started';

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

/** Whether a shard has the account of the suite, which a router's does not give it. */
async function isKnownTo(host: string): Promise<boolean> {
  const { username, password } = new ConnectionString(server.rootUri);
  return withMongo(direct(host, `${username}:${password}@`), (client) =>
    client
      .db('admin')
      .command({ ping: 1 })
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof MongoServerError) return false;
          throw error;
        },
      ),
  );
}

test('a shard that refuses the login is named as not seen', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  const known = await Promise.all(shards.map(({ host }) => isKnownTo(host)));
  if (known.includes(true)) return t.skip(HAD_ONE);
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
  const administers = await asAdministrator();
  if (administers === undefined) return t.skip(HAD_ONE);
  const { onShards, unseen } = await seen();
  assert.deepEqual(onShards, [`${administers.user} of ${administers.shard}`]);
  assert.equal(unseen.length, shards.length - 1);
});

test('the oplog is closed behind a router, open on a config server, and counts only where that is a shard', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  const name = `${trail}-oplog`;
  await withMongo(server.rootUri, async (root) => {
    const admin = root.db('admin');
    const privileges = [{ resource: { db: 'local', collection: 'oplog.rs' }, actions: ['find'] }];
    await admin.command({ createRole: name, privileges, roles: [] });
    await admin.command({ createUser: name, pwd: 'p', roles: [name] });
    try {
      const { map } = await admin.command({ getShardMap: 1 });
      const [config = ''] = String(map.config).replace(/^.*\//, '').split(',');
      const find = (uri: string) =>
        withMongo(uri, (client) => client.db('local').command({ find: 'oplog.rs', filter: { ns: `${trail}.logs` } }));
      await assert.rejects(find(server.uri(name, 'p')), { code: 20 });
      const { cursor } = await find(`${direct(config, `${name}:p@`)}&authSource=admin`);
      assert.deepEqual(cursor.firstBatch, []);
      const { isShard, readers } = await withLive(server.rootUri, async (cluster) => {
        const state = await cluster.read();
        const { principals } = whoCan(state, readQuestion('read', `${trail}.logs`, state));
        return { isShard: state.server.configShard, readers: principals.map(({ user }) => user.user) };
      });
      assert.equal(readers.includes(name), isShard);
    } finally {
      await admin.command({ dropUser: name });
      await admin.command({ dropRole: name });
    }
  });
});

/** What a report with a closed inventory tells of accounts and roles of shards. */
async function strangers(exempt: string) {
  const text = `apiVersion: mongoward/v1
metadata: { name: ${trail} }
inventory: closed
breakGlass: [{ user: ${exempt}@admin, reason: of the server, until: 2099-12-31 }]
`;
  return inFolder({ 'policies/p.yaml': text }, async (cwd) => {
    const argv = ['drift', 'report', '--cluster', server.rootUri, '--format', 'json'];
    const { code, out } = await mongoward(argv, { cwd });
    const { findings } = JSON.parse(out);
    const rules = findings.filter(({ rule, target }: Document) => rule === STRANGER && target.includes('of shard'));
    return { code, targets: rules.map(({ target }: Document) => target) };
  });
}

const STRANGER = 'inventory/stranger';

test('an account and a role that a shard alone has are strangers there, until they are dropped', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  const administers = await asAdministrator();
  if (administers === undefined) return t.skip(HAD_ONE);
  const { user, shard, client } = administers;
  const admin = client.db('admin');
  await admin.command({ createRole: `${trail}-spare`, privileges: [], roles: [] });
  await admin.command({ createUser: `${trail}-eve`, pwd: 'p', roles: [`${trail}-spare`] });
  const { code, targets } = await strangers(user);
  assert.deepEqual(targets, [`${trail}-eve@admin of shard ${shard}`, `${trail}-spare@admin of shard ${shard}`]);
  assert.equal(code, 1);
  await admin.command({ dropUser: `${trail}-eve` });
  await admin.command({ dropRole: `${trail}-spare` });
  assert.deepEqual((await strangers(user)).targets, []);
});
