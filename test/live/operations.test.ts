/** Every kind of operation on a live server: objects are changed in place, and what is done stays done. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Document, MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { Failure } from '../../src/failure.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster, HeldLock } from '../../src/migrate/cluster.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const db = uniqueName('orders');
const POLICY = uniqueName('operations');
const user = uniqueName('app');
let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withMongo(server.rootUri, async (client) => {
    await client.db('mongoward').collection('objects').deleteMany({ policy: POLICY });
    await client.db(db).dropDatabase();
  });
  await server.stop();
});

function policy(body: string) {
  return intentOf(`apiVersion: mongoward/v1\nmetadata: { name: ${POLICY} }\n${body}`);
}

async function kindsOf(cluster: Cluster, text: string, prune = false): Promise<readonly string[]> {
  return makePlan(policy(text), await cluster.read(), { prune }).operations.map(({ kind }) => kind);
}

async function storedUser(client: MongoClient): Promise<Document> {
  const found = await client.db('admin').collection('system.users').findOne({ user });
  assert.ok(found);
  return found;
}

const FIRST = `
roles:
  base@${db}: { privileges: [{ on: ${db}.a, allow: [find] }] }
  heir@${db}: { roles: [base@${db}] }
users:
  ${user}@admin: { roles: [heir@${db}], password: { fromEnv: X } }
collections:
  ${db}.a: { schema: { bsonType: object } }
`;

/** The role that inherited is now inherited: MongoDB refuses the cycle that both at once would be. */
const SECOND = `
roles:
  base@${db}:
    privileges: [{ on: ${db}.a, allow: [find, insert] }, { on: ${db}.b, allow: read-only }]
    roles: [heir@${db}]
  heir@${db}: { privileges: [{ on: ${db}.c, allow: [find] }], clientSource: [127.0.0.1, 10.0.0.0/8] }
users:
  ${user}@admin:
    roles: [base@${db}, read@${db}]
    mechanisms: [SCRAM-SHA-256]
    customData: { team: payments }
    clientSource: [127.0.0.1/32]
    password: { fromEnv: X }
collections:
  ${db}.a: { schema: { bsonType: object, required: [n] }, validationLevel: moderate }
`;

test('objects that are missing are made', async () => {
  await withLive(server.rootUri, async (cluster) => {
    assert.deepEqual(await kindsOf(cluster, FIRST), [
      ...['recordObject', 'recordObject', 'recordObject', 'recordObject'],
      ...['createCollection', 'createRole', 'createRole', 'createUser'],
    ]);
    await applyPolicy(cluster, policy(FIRST), yes);
    assert.deepEqual(await kindsOf(cluster, FIRST), []);
  });
});

test('objects that differ are changed in place: the user keeps its id and its password', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const before = await storedUser(client);
    assert.deepEqual(await kindsOf(cluster, SECOND), [
      ...['grantPrivilegesToRole', 'grantPrivilegesToRole', 'revokeRolesFromRole', 'grantRolesToRole'],
      ...['grantRolesToUser', 'updateUser', 'updateRole', 'collMod', 'revokeRolesFromUser'],
    ]);
    await applyPolicy(cluster, policy(SECOND), yes);
    assert.deepEqual(await kindsOf(cluster, SECOND), []);
    const now = await storedUser(client);
    assert.deepEqual(now['userId'], before['userId']);
    assert.deepEqual(now['credentials']['SCRAM-SHA-256'], before['credentials']['SCRAM-SHA-256']);
    assert.equal(now['credentials']['SCRAM-SHA-1'], undefined);
  });
  await withMongo(server.uri(user, 'a-password'), (client) => client.db(db).collection('a').findOne());
});

test('a mechanism that was removed comes back with the password, which is set anew', async () => {
  const both = SECOND.replace('[SCRAM-SHA-256]', '[SCRAM-SHA-1, SCRAM-SHA-256]');
  await withLive(server.rootUri, async (cluster) => {
    assert.deepEqual(await kindsOf(cluster, both), ['updateUser']);
    const another = { ...yes, secret: () => 'another-password' };
    await assert.rejects(applyPolicy(cluster, policy(both), another), {
      message: 'giving a mechanism back replaces the password',
    });
    await applyPolicy(cluster, policy(both), { ...another, allowReplace: true });
    assert.deepEqual(await kindsOf(cluster, both), []);
  });
  await withMongo(server.uri(user, 'another-password'), (client) => client.db('admin').command({ ping: 1 }));
});

test('what has left the policy is dropped with --prune only, and only if the policy made it', async () => {
  const taken = uniqueName('taken');
  await withLive(server.rootUri, async (cluster, client) => {
    await client.db(db).command({ createRole: taken, privileges: [], roles: [] });
    const withTaken = `${FIRST}`.replace('users:', `  ${taken}@${db}: {}\nusers:`);
    await applyPolicy(cluster, policy(withTaken), yes);
    assert.deepEqual(await kindsOf(cluster, ''), []);
    await applyPolicy(cluster, policy(''), { ...yes, prune: true });
    const { roles, users, objects } = await cluster.read();
    assert.deepEqual(
      roles?.filter((role) => role.db === db).map(({ role }) => role),
      [taken],
    );
    assert.deepEqual(
      users?.filter((found) => found.user === user),
      [],
    );
    assert.deepEqual(
      objects?.filter(({ policy: owner }) => owner === POLICY),
      [],
    );
    await client.db(db).command({ dropRole: taken });
  });
});

test('names with Unicode, blanks, dots and __proto__ are names like any other', async () => {
  const names = ['__proto__', 'постоянный', 'two words', 'a.b', 'a@b', 'constructor'];
  const roles = names.map((name) => `  "${name}@${db}": { privileges: [{ on: "${db}.__proto__", allow: [find] }] }`);
  const text = `roles:\n${roles.join('\n')}\n`;
  await withLive(server.rootUri, async (cluster) => {
    await applyPolicy(cluster, policy(text), yes);
    assert.deepEqual(await kindsOf(cluster, text), []);
    const { roles: found } = await cluster.read();
    assert.deepEqual(
      found
        ?.filter((role) => role.db === db)
        .map(({ role }) => role)
        .sort(),
      [...names].sort(),
    );
    await applyPolicy(cluster, policy(''), { ...yes, prune: true });
  });
});

/** The cluster, except that the command that `fails` picks is refused. */
function refusing(cluster: Cluster, fails: (name: string, target: unknown) => boolean): Cluster {
  const failing = (held: HeldLock): HeldLock => ({
    ...held,
    run: async (command) => {
      const [[name, target] = ['', undefined]] = Object.entries(command.command);
      if (fails(name, target)) throw new Failure('the server went away');
      await held.run(command);
    },
  });
  return { ...cluster, withLock: (options, work) => cluster.withLock(options, (held) => work(failing(held))) };
}

test('a run that a refusal cut short says what is done and left, and the next one finishes', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const failing = refusing(cluster, (name, target) => name === 'createRole' && target === 'heir');
    await assert.rejects(applyPolicy(failing, policy(FIRST), yes), (error: Failure) => {
      assert.equal(error.message, `could not create role heir@${db}: the server went away`);
      assert.deepEqual(error.details, ['done: 5 of 7', `left: create role heir@${db}, create user ${user}@admin`]);
      return true;
    });
    const result = await applyPolicy(cluster, policy(FIRST), yes);
    assert.equal(result.outcome === 'applied' && result.done, 2);
    const recorded = await client
      .db('mongoward')
      .collection('objects')
      .countDocuments({ policy: POLICY, created: true });
    assert.equal(recorded, 3);
    await applyPolicy(cluster, policy(''), { ...yes, prune: true });
  });
});

test('somebody changes a target between the plan and the confirmation: stopped, nothing written', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const meddle = async (): Promise<boolean> => {
      await client.db(db).command({ createRole: 'base', privileges: [], roles: [{ role: 'read', db }] });
      return true;
    };
    await assert.rejects(applyPolicy(cluster, policy(FIRST), { ...yes, confirm: meddle }), {
      message: 'somebody changed the cluster since the plan was made',
    });
    const { users } = await cluster.read();
    assert.deepEqual(
      users?.filter((found) => found.user === user),
      [],
    );
    await client.db(db).command({ dropRole: 'base' });
  });
});
