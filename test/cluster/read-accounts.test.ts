import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BSON, type MongoClient } from 'mongodb';
import { readBuiltinRoles } from '../../src/cluster/read-accounts.ts';

/** A server whose built-in roles allow this, and whose answer bears whatever else differs from one time to another. */
function answering(actions: readonly string[], time: number): MongoClient {
  const privileges = [{ resource: { db: '', collection: '' }, actions }];
  const roles = [
    { role: 'read', db: 'admin', isBuiltin: true, privileges, roles: [], inheritedRoles: [] },
    { role: 'own', db: 'admin', isBuiltin: false, privileges, roles: [], inheritedRoles: [] },
  ];
  const answer = { roles: roles.map((role) => BSON.serialize(role)), ok: 1, operationTime: time };
  return { db: () => ({ command: async () => answer }) } as unknown as MongoClient;
}

test('the same answer about built-in roles is worked out once, another one by itself', async () => {
  const [first, same, other] = await Promise.all([
    readBuiltinRoles(answering(['find'], 1)),
    readBuiltinRoles(answering(['find'], 2)),
    readBuiltinRoles(answering(['find', 'insert'], 3)),
  ]);
  assert.equal(first, same);
  assert.deepEqual(
    [first, other].map((roles) => roles?.map(({ role, privileges }) => [role, privileges[0]?.actions])),
    [[['read', ['find']]], [['read', ['find', 'insert']]]],
  );
});

test('an answer that is no list of documents is refused, however often it comes', async () => {
  for (const roles of ['read', [1], undefined]) {
    const client = { db: () => ({ command: async () => ({ roles, ok: 1 }) }) } as unknown as MongoClient;
    await assert.rejects(readBuiltinRoles(client), /roles is no list of documents/);
  }
});
