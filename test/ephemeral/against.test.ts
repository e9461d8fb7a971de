/** Expectations on a cluster that others use: in databases of their own, which leave nothing behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Document, MongoClient } from 'mongodb';
import { clusterStage } from '../../src/ephemeral/cluster-stage.ts';
import { judgeDocument } from '../../src/ephemeral/judge-document.ts';
import { proveAgainst } from '../../src/ephemeral/prove.ts';
import { namesWith, renamedCommand } from '../../src/ephemeral/renamed.ts';
import { askFile } from '../../src/expect/run.ts';
import { Failure } from '../../src/failure.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { expectations, said, TODAY } from '../expect/support.ts';
import { intent } from '../support/build.ts';

const ROOT = { user: 'root', password: 'root password' };

const POLICY = intent(`
collections:
  audit.logs: { protection: append-only, schema: { bsonType: object, required: [event] } }
roles:
  writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] }
users:
  app@admin: { roles: [writer@audit], password: { fromEnv: APP }, clientSource: [10.0.0.0/8] }
  "CN=auditor@$external": { roles: [read@audit] }
restrictions:
  - { users: "*", except: ["CN=auditor@$external"], on: audit.*, deny: [read, alter], remedy: rewrite }
breakGlass: [{ user: root@admin, reason: owner, until: 2099-12-31 }]
`);

const FILE = expectations(
  `
  - { as: app@admin, may: insert, on: audit.logs }
  - { as: "CN=auditor@$external", may: find, on: audit.logs }
  - { as: app@admin, document: {}, into: audit.logs, refused: true }
  - { as: legacy@admin, mayNot: [read, alter], on: audit.logs }
  - { as: legacy@admin, run: { insert: x, documents: [{}] }, db: billing, refused: false }
  - { as: root@admin, run: { drop: logs }, db: audit, refused: false }
  - { as: app@admin, may: insert, on: audit.logs }
  - { as: root@admin, run: { fsync: 1 }, db: admin, refused: false }`,
  '{ databases: [billing.x], users: { legacy@admin: [readWriteAnyDatabase@admin] } }',
);

test('the cluster is afterwards what it was, and what reaches beyond those databases is not sent', async () => {
  const sandbox = await startSandbox({ root: ROOT });
  const uri = sandbox.uri(ROOT);
  const client = new MongoClient(uri, { monitorCommands: true, retryWrites: false, bsonRegExp: true });
  try {
    await client.db('audit').collection('logs').insertOne({ event: 'of others' });
    await client.db('admin').command({ createUser: 'app', pwd: 'x', roles: [{ role: 'readWrite', db: 'audit' }] });
    const before = sandbox.state();
    const subject = { intent: POLICY, policies: [POLICY] };
    const options = { client, uri, label: 'a cluster', today: TODAY, say: () => {} };
    const { results } = await proveAgainst([{ file: FILE, subject }], options);
    assert.deepEqual(results.flatMap(said), []);
    const last = results[0]?.results.at(-1)?.trials[0]?.server;
    assert.deepEqual(
      last?.map(({ outcome }) => outcome),
      ['untried'],
    );
    assert.deepEqual(sandbox.state(), before);
    assert.equal(await client.db('audit').collection('logs').countDocuments(), 1);
  } finally {
    await client.close();
    await sandbox.stop();
  }
});

test('a stage that writes into a database of others is not sent', async () => {
  const sandbox = await startSandbox({ root: ROOT });
  const uri = sandbox.uri(ROOT);
  const client = new MongoClient(uri, { monitorCommands: true, retryWrites: false, bsonRegExp: true });
  try {
    const file = expectations(
      `
  - { as: root@admin, run: { aggregate: logs, pipeline: [{ $out: { db: shop, coll: carts } }], cursor: {} }, db: audit, refused: false }
  - { as: root@admin, run: { aggregate: logs, pipeline: [{ $merge: { into: { db: admin, coll: x } } }], cursor: {} }, db: audit, refused: false }`,
    );
    const subject = { intent: POLICY, policies: [POLICY] };
    const options = { client, uri, label: 'a cluster', today: TODAY, say: () => {} };
    const { results } = await proveAgainst([{ file, subject }], options);
    const answers = results.flatMap((result) => result.results.flatMap(({ trials }) => trials));
    assert.deepEqual(
      answers.flatMap(({ server }) => server?.map(({ outcome }) => outcome)),
      ['untried', 'untried'],
    );
  } finally {
    await client.close();
    await sandbox.stop();
  }
});

test('what can not be removed from the cluster is named', async () => {
  const sandbox = await startSandbox({ root: ROOT });
  const uri = sandbox.uri(ROOT);
  const client = new MongoClient(uri, { monitorCommands: true, retryWrites: false, bsonRegExp: true });
  try {
    const stubborn = Object.create(client, {
      db: {
        value: (name: string) => ({
          command: (body: Document) =>
            'dropUser' in body ? Promise.reject(new Error('not now')) : client.db(name).command(body),
        }),
      },
    }) as MongoClient;
    const subject = { intent: POLICY, policies: [POLICY] };
    const asked = askFile(FILE, subject, { today: TODAY, judgeDocument, server: sandbox.state().server });
    const stage = await clusterStage({ client: stubborn, uri: () => uri }, 'a password', asked);
    await assert.rejects(stage.close(), (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.match(error.message, /^the cluster keeps some of what was made there/);
      assert.match(error.details[0] ?? '', /^user mw[0-9a-f]{6}_.*@.*: not now$/);
      return true;
    });
    const left = sandbox.state().databases?.filter(({ name }) => name.startsWith('mw')) ?? [];
    assert.deepEqual(left, []);
  } finally {
    await client.close();
    await sandbox.stop();
  }
});

test('names of databases are replaced wherever they stand in a command, and nothing else', () => {
  const databases = new Set(['audit']);
  const command = {
    aggregate: 'audit',
    pipeline: [
      { $out: { db: 'audit', coll: 'logs' } },
      { $match: { text: 'audit.logs', other: 'audits.logs', db: 'local' } },
    ],
  };
  assert.deepEqual(renamedCommand(command, databases, namesWith('x_')), {
    aggregate: 'audit',
    pipeline: [
      { $out: { db: 'x_audit', coll: 'logs' } },
      { $match: { text: 'x_audit.logs', other: 'audits.logs', db: 'local' } },
    ],
  });
});
