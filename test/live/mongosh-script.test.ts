/**
 * A plan as a script for mongosh leaves what `apply` leaves. The script runs in a context that has what mongosh gives it:
 * `db`, `print`, `EJSON`, `process.env`, `passwordPrompt`. Tried with mongosh 2.12 on MongoDB 5.1, too.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { EJSON } from 'bson';
import type { MongoClient } from 'mongodb';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { evidenceOf } from '../../src/report/evidence.ts';
import { mongoshScript } from '../../src/report/mongosh/script.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intent, state } from '../support/build.ts';
import { type LiveServer, startLiveServer, uniqueName, withLive } from './server.ts';

const TODAY = '2026-11-23';
let server: LiveServer;
before(async () => {
  server = await startLiveServer();
});
after(() => server.stop());

/** What mongosh does with the script: its output, or what it throws. */
async function mongosh(client: MongoClient, script: string, env: Readonly<Record<string, string>> = {}) {
  const printed: string[] = [];
  const context = createContext({
    db: {
      getSiblingDB: (name: string) => ({ runCommand: (command: object) => client.db(name).command({ ...command }) }),
    },
    print: (line: string) => printed.push(line),
    EJSON,
    process: { env },
    passwordPrompt: async () => 'asked-for',
  });
  await runInContext(script, context);
  return printed;
}

function policyFor(db: string) {
  return intent(`
roles:
  writer@${db}: {privileges: [{on: ${db}.logs, allow: insert-only}]}
users:
  service@${db}:
    roles: [writer@${db}]
    mechanisms: [SCRAM-SHA-256]
    clientSource: [10.0.0.0/8]
    password: {fromEnv: SERVICE_PASSWORD}
  old@${db}: {roles: [read@${db}], mechanisms: [SCRAM-SHA-256], customData: {team: data}}
collections:
  ${db}.logs: {retention: forever, schema: {bsonType: object, required: [b, a], properties: {a: {pattern: '^"\\\\$'}}}}
`);
}

async function seeded(client: MongoClient, db: string): Promise<void> {
  await client.db(db).createCollection('logs');
  await client.db(db).collection('logs').createIndex({ t: 1 }, { name: 'gone', expireAfterSeconds: 3600 });
  await client.db(db).command({
    createRole: 'writer',
    privileges: [
      { resource: { db, collection: 'logs' }, actions: ['find'] },
      { resource: { db, collection: 'logs' }, actions: ['remove'] },
    ],
    roles: [{ role: 'read', db }],
  });
  const roles = [
    { role: 'readWrite', db },
    { role: 'read', db },
  ];
  await client.db(db).command({ createUser: 'old', pwd: 'x', roles, mechanisms: ['SCRAM-SHA-256'] });
}

async function planOf(cluster: Cluster, db: string) {
  const actual = await cluster.read();
  const plan = makePlan(policyFor(db), actual, { today: TODAY });
  return { plan, script: mongoshScript(plan, evidenceOf({ today: TODAY, tool: 'mongoward 1.2.3' })) };
}

test('a script leaves what the plan says; run again, it writes nothing; it holds no secret', async () => {
  const db = uniqueName('script');
  await withLive(server.rootUri, async (cluster, client) => {
    await seeded(client, db);
    const { plan, script } = await planOf(cluster, db);
    const env = { SERVICE_PASSWORD: 'very-secret' };
    const printed = await mongosh(client, script, env);
    assert.match(printed.at(-1) ?? '', /^Done: \d+ of \d+ commands\. Read again: in place\.$/);
    assert.deepEqual(await mongosh(client, script, env), ['Everything was in place already. Nothing was written.']);
    const left = makePlan(policyFor(db), await cluster.read(), { today: TODAY });
    // The ownership record is not a script's business.
    assert.deepEqual(
      left.operations.map(({ kind }) => kind).filter((kind) => kind !== 'recordObject'),
      [],
    );
    assert.ok(plan.operations.some(({ kind }) => kind === 'recordObject'));
    assert.doesNotMatch(script, /very-secret|mongoward\.objects/);
  });
});

test('a target that somebody changed stops it before the first write', async () => {
  const db = uniqueName('script');
  await withLive(server.rootUri, async (cluster, client) => {
    await seeded(client, db);
    const { script } = await planOf(cluster, db);
    await client.db(db).command({ grantRolesToUser: 'old', roles: [{ role: 'dbAdmin', db }] });
    const before = await accounts(cluster, db);
    await assert.rejects(mongosh(client, script), {
      message: `Nothing was written. Somebody changed since this was planned: user old@${db}`,
    });
    assert.deepEqual(await accounts(cluster, db), before);
  });
});

async function accounts(cluster: Cluster, db: string): Promise<Pick<ClusterState, 'roles' | 'users'>> {
  const { roles = [], users = [] } = await cluster.read();
  return { roles: roles.filter((role) => role.db === db), users: users.filter((user) => user.db === db) };
}

test('without the variable the password is asked for', async () => {
  const db = uniqueName('script');
  await withLive(server.rootUri, async (cluster, client) => {
    await seeded(client, db);
    const { script } = await planOf(cluster, db);
    const printed = await mongosh(client, script);
    assert.equal(printed[0], `The new password of service@${db}:`);
    assert.equal(printed.at(-1)?.startsWith('Done: '), true);
  });
});

test('names that hold quotes, line ends and line separators stay what they are', () => {
  const name = 'a"\\\n\u2028*/`';
  const policy = intent(
    `roles: {${JSON.stringify(`${name}@x`).replaceAll('\u2028', '\\u2028')}: {privileges: [{on: x.y, allow: [find]}]}}\n`,
  );
  const script = mongoshScript(makePlan(policy, state()), evidenceOf({ today: TODAY, tool: 't' }));
  const context = createContext({ db: {}, print: () => {}, process: { env: {} } });
  const [step] = runInContext(script.replace(/\nrun\(\);\n$/, '\nSTEPS;'), context);
  assert.equal(step.command.createRole, name);
});

test('data encryption keys are beyond a script, and that is said', () => {
  const policy = intent(`
collections:
  x.y:
    encryption:
      keyVault: keys.vault
      dataKeys: managed
      kms: {provider: local}
      fields: {a: {bsonType: string, algorithm: random, keyAltName: pii}}
`);
  const plan = makePlan(policy, state({ keyVaults: [{ ns: 'keys.vault', keys: [] }] }));
  assert.throws(
    () => mongoshScript(plan, evidenceOf({ today: TODAY, tool: 't' })),
    /no script can make or rewrap data encryption keys/,
  );
});
