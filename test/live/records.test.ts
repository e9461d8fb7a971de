/** Our own records, written by somebody else: each is told by its name, nothing is done because of it, and all are got out of. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Document, MongoClient } from 'mongodb';
import { MaxKey, MongoServerError } from 'mongodb';
import { carryOutRepairs, findRepairs } from '../../src/cluster/repair.ts';
import { Failure } from '../../src/failure.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { compareVersions } from '../../src/model/version.ts';
import { mongoward } from '../cli/terminal.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const db = uniqueName('records');
const POLICY = uniqueName('records');
let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    await repaired(cluster, client);
    await client.db(db).command({ dropAllUsersFromDatabase: 1 });
    await client.db(db).command({ dropAllRolesFromDatabase: 1 });
    await client.db('mongoward').collection('objects').deleteMany({ policy: POLICY });
    await client.db('mongoward').collection('migrations').deleteMany({ policy: POLICY });
  });
  await server.stop();
});

const policy = (body: string) => intentOf(`apiVersion: mongoward/v1\nmetadata: { name: ${POLICY} }\n${body}`);

async function repaired(cluster: Cluster, client: MongoClient): Promise<readonly string[]> {
  const repairs = await findRepairs(client, cluster);
  assert.equal(await carryOutRepairs(client, cluster, repairs, 0), repairs.length);
  assert.deepEqual(await findRepairs(client, cluster), []);
  return repairs.map(({ finding, remedy }) => `${finding}: ${remedy}`);
}

/** What a failure says, with its advice. */
async function said(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it was taken'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Failure, String(error));
  return [error.message, ...error.details, error.advice].join(' | ');
}

test('a record that claims an account is not believed by --prune, and set right by a repair', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    await client.db(db).command({ createUser: 'billing', pwd: 'a', roles: [], mechanisms: ['SCRAM-SHA-256'] });
    const target = `billing@${db}`;
    const forged = {
      _id: `user ${target}`,
      kind: 'user',
      target,
      policy: POLICY,
      created: true,
    } as unknown as Document;
    await client.db('mongoward').collection('objects').insertOne(forged);
    assert.equal(
      await said(applyPolicy(cluster, policy(''), { ...yes, prune: true })),
      `the policy "${POLICY}" can't be carried out as it stands | the ownership record says that the policy "${POLICY}" made the user ${target}, and the journal does not confirm that. The user is not dropped. mongoward migrate repair sets the record right | nothing was changed; mend what is named above and plan again`,
    );
    assert.deepEqual(await repaired(cluster, client), [
      `the document "user ${target}" of mongoward.objects says that the policy "${POLICY}" made it, and the journal does not: corrected`,
    ]);
    await applyPolicy(cluster, policy(''), { ...yes, prune: true });
    const { users = [], objects = [] } = await cluster.read();
    assert.ok(users.some((user) => user.db === db && user.user === 'billing'));
    assert.ok(!objects.some((object) => object.target === target));
  });
});

test('what the journal says that the policy made is pruned', async () => {
  await withLive(server.rootUri, async (cluster) => {
    await applyPolicy(cluster, policy(`roles:\n  made@${db}: {}\n`), yes);
    await applyPolicy(cluster, policy(''), { ...yes, prune: true });
    const { roles = [] } = await cluster.read();
    assert.ok(!roles.some((role) => role.db === db));
  });
});

test('migrate repair shows what it would do, asks, and does it', async () => {
  await withLive(server.rootUri, async (_cluster, client) => {
    const line = ['migrate', 'repair', '--cluster', server.rootUri];
    const inOrder = await mongoward(line, { answer: 'n' });
    assert.match(inOrder.out, /^Nothing to do: journal, record and lock of\s\S+\sare in order\.\n$/);
    await client
      .db('mongoward')
      .collection('objects')
      .insertOne({ ...ODD });
    const dry = await mongoward([...line, '--dry-run']);
    assert.match(
      dry.out,
      /is no record: must have required\s+property\s+'kind'\. It\s+will\s+be\s+removed\n {2}\{"_id":7\}\n\nNothing was changed\.\n$/,
    );
    assert.equal(dry.code, 1);
    assert.equal(
      (await mongoward(line)).err,
      'mongoward: there is no terminal to ask whether to go on\n  add --yes; nothing was changed\n',
    );
    const done = await mongoward([...line, '--yes']);
    assert.match(done.out, /Done: 1 document set right\.\n$/);
    assert.equal(done.code, 0);
  });
});

const ODD: Document = { _id: 7 };

const STRANGE_RECORDS: readonly (readonly [document: Document, problem: string])[] = [
  [{ _id: 'user x@y', kind: 'user', target: 'x@y', policy: POLICY }, "must have required property 'created'"],
  [
    { _id: 'user x@y', kind: 'group', target: 'x@y', policy: POLICY, created: true },
    'kind must be equal to one of the allowed values',
  ],
  [{ _id: 'user x', kind: 'user', target: 'x', policy: POLICY, created: true }, 'target is no user'],
  [{ _id: 'another', kind: 'user', target: 'x@y', policy: POLICY, created: true }, '_id must be "user x@y"'],
  [
    { _id: 'role x@y', kind: 'role', target: 'x@y', policy: POLICY, created: true, covers: 'all' },
    'covers must be array',
  ],
  [{ _id: 7 }, "must have required property 'kind'"],
];

test('a document that is no record makes the record unknown, and is removed by a repair', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    for (const [document, problem] of STRANGE_RECORDS) {
      await client
        .db('mongoward')
        .collection('objects')
        .insertOne({ ...document });
      const sentence = `the document "${document['_id']}" of mongoward.objects is no record: ${problem}`;
      const { objects, unreadable } = await cluster.read();
      assert.equal(objects, undefined);
      assert.deepEqual(
        unreadable.find(({ what }) => what === 'objects')?.why,
        `${sentence}; mongoward migrate repair removes it`,
      );
      assert.match(
        await said(applyPolicy(cluster, policy(''), yes)),
        /the objects of the cluster are unknown: the document "/,
      );
      assert.deepEqual(await repaired(cluster, client), [`${sentence}: removed`]);
    }
  });
});

test('a repair does what was shown, and leaves what has changed since', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const objects = client.db('mongoward').collection('objects');
    await objects.insertMany([{ ...ODD }, { _id: 8 as never }]);
    const shown = await findRepairs(client, cluster);
    await objects.updateOne({ _id: 8 as never }, { $set: { kind: 'user' } });
    assert.equal(await carryOutRepairs(client, cluster, shown, 0), 1);
    assert.deepEqual(
      (await findRepairs(client, cluster)).map(({ document }) => document),
      [{ _id: 8, kind: 'user' }],
    );
    await repaired(cluster, client);
  });
});

test('a lock that came in the place of what was seen stays', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const locks = client.db('mongoward').collection<{ _id: string }>('locks');
    await locks.replaceOne({ _id: 'migrate' }, { id: 7 } as Document, { upsert: true });
    const shown = await findRepairs(client, cluster);
    await locks.replaceOne({ _id: 'migrate' }, { id: 8 } as Document);
    assert.match(
      await said(carryOutRepairs(client, cluster, shown, 0)),
      /^what stands in the place of the lock has changed/,
    );
    await repaired(cluster, client);
  });
});

const RUN = { direction: 'apply', by: { user: 'a', host: 'b', pid: 1, tool: 'c' }, token: 5, startedAt: new Date() };
const ENTRY = {
  _id: 'strange',
  kind: 'policy',
  policy: POLICY,
  status: 'running',
  token: 5,
  operations: [],
  runs: [RUN],
};

const STRANGE_ENTRIES: readonly (readonly [entry: Document, problem: string])[] = [
  [{ _id: 'strange' }, 'kind is neither migration nor policy'],
  [{ ...ENTRY, status: 'done' }, 'status is none of running, applied, failed, interrupted, rollingBack, rolledBack'],
  [{ ...ENTRY, operations: [{ id: 1 }] }, 'operations is no list of operations'],
  [{ ...ENTRY, runs: 'none' }, 'runs is no list of runs'],
  [{ ...ENTRY, runs: [{ ...RUN, startedAt: 'yesterday' }] }, 'a time of a run is no date'],
  [{ ...ENTRY, runs: [{ ...RUN, by: null }] }, 'the holder is no document'],
  [{ ...ENTRY, token: 2 ** 53 }, 'token is no number that a lock can have come to'],
];

test('a document that is no entry of the journal is told by its name, and removed by a repair', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    for (const [entry, problem] of STRANGE_ENTRIES) {
      await client
        .db('mongoward')
        .collection('migrations')
        .insertOne({ ...entry });
      const sentence = `the document "strange" of mongoward.migrations is no entry of the journal: ${problem}`;
      assert.equal(
        await said(cluster.journal('all')),
        `${sentence} | mongoward migrate repair removes it, and shows it before`,
      );
      assert.deepEqual(await repaired(cluster, client), [`${sentence}: removed`]);
    }
  });
});

const STRANGE_LOCKS: readonly (readonly [lock: Document, problem: string])[] = [
  [{}, 'expires is no date'],
  [{ id: 'x', expires: 'never', token: 1 }, 'expires is no date'],
  [{ id: null, expires: new Date('2999-01-01'), token: 1 }, 'nobody holds it, and its lease is not over'],
  [{ id: 'x', expires: new Date('2999-01-01'), token: 'one' }, 'token is no number that a lock can have come to'],
  [{ id: 'x', expires: new Date('2999-01-01'), token: 2 ** 60 }, 'token is no number that a lock can have come to'],
  [{ id: { $gt: '' }, expires: new Date('2999-01-01'), token: 1 }, 'id is no text'],
  [{ id: 'x', expires: new Date('2999-01-01'), token: 1, since: new Date() }, 'the holder is no document'],
  [{ id: 'x', expires: new MaxKey(), token: 1 }, 'expires is no date'],
];

/** Whether the server stores the document: before 5.0 it refuses names that begin with a dollar sign. */
async function isStored(client: MongoClient, lock: Document): Promise<boolean> {
  try {
    const locks = client.db('mongoward').collection<{ _id: string }>('locks');
    await locks.replaceOne({ _id: 'migrate' }, lock, { upsert: true });
    return true;
  } catch (error) {
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    if (error instanceof MongoServerError && error.code === 52 && compareVersions(version, '5.0') < 0) return false;
    throw error;
  }
}

test('whatever stands in the place of the lock is told, and removed', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    for (const [lock, problem] of STRANGE_LOCKS) {
      if (!(await isStored(client, lock))) continue;
      const sentence = `the document "migrate" of mongoward.locks is no lock: ${problem}`;
      assert.equal(await said(cluster.lock()), `${sentence} | mongoward migrate unlock --force removes it`);
      assert.deepEqual(await repaired(cluster, client), [`${sentence}: removed`]);
      await cluster.withLock({ waitMs: 0 }, async () => {});
    }
  });
});
