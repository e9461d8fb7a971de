/** Expectations on a cluster that others use: in databases of their own, which leave nothing behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MongoClient } from 'mongodb';
import { proveAgainst } from '../../src/ephemeral/prove.ts';
import { namesWith, renamedCommand } from '../../src/ephemeral/renamed.ts';
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
