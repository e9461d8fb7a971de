import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectAccess, type PolicyServer, startPolicyServer } from '../../src/ephemeral/policy-server.ts';
import { inFolder } from '../cli/terminal.ts';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: trail }
roles:
  writer@audit: { privileges: [{ on: "\${db}.logs", allow: insert-only }] }
users:
  app@admin: { roles: [writer@audit], password: { fromEnv: APP }, clientSource: [10.0.0.0/8] }
  "CN=auditor@$external": { roles: [read@audit] }
`;

async function onServer(work: (server: PolicyServer) => Promise<void>): Promise<void> {
  await inFolder({ 'trail.yaml': POLICY, 'notes.yaml': 'a: 1\n', 'trail.test.yaml': 'no policy' }, async (folder) => {
    const given = { users: { 'legacy@admin': ['readWrite@shop'] as [string] } };
    const server = await startPolicyServer({ policies: [folder], given, variables: { db: 'audit' } });
    try {
      await work(server);
    } finally {
      await server.stop();
    }
  });
}

test('a suite starts from the policy: each account has a client, and the server decides', async () => {
  await onServer(async (server) => {
    const app = await server.client('app@admin');
    await app.db('audit').collection('logs').insertOne({ event: 'login' });
    await assert.rejects(app.db('audit').collection('logs').deleteMany({}), { codeName: 'Unauthorized' });
    const auditor = await server.client('CN=auditor@$external');
    assert.equal(await auditor.db('audit').collection('logs').countDocuments(), 1);
    assert.equal(await server.client('app@admin'), app);
    await expectAccess(server, { as: 'app@admin', may: 'insert', on: 'audit.logs' });
    await expectAccess(server, { as: 'legacy@admin', run: { drop: 'logs' }, db: 'audit', refused: true });
  });
});

test('what is not as expected is an assertion error, what makes no sense a failure', async () => {
  await onServer(async (server) => {
    await assert.rejects(expectAccess(server, { as: 'app@admin', may: 'find', on: 'audit.logs' }), {
      name: 'AssertionError',
      message:
        /^app@admin may not find on audit\.logs: it lacks find on audit\.logs\. The server refuses it: not authorized on audit/,
    });
    await assert.rejects(expectAccess(server, { as: 'ap@admin', may: 'find', on: 'audit.logs' }), {
      name: 'AssertionError',
      message: /^no account is ap@admin \(did you mean "app@admin"\?\)/,
    });
    await assert.rejects(expectAccess(server, { as: 'app@admin' }), {
      name: 'Failure',
      details: ['say what is expected: may, mayNot, run or document'],
    });
    await assert.rejects(server.client('ap@admin'), {
      message: 'there is no account ap@admin (did you mean "app@admin"?)',
    });
  });
});

test('policies that are not there, or not valid, are failures before a server starts', async () => {
  await assert.rejects(startPolicyServer({ policies: ['nowhere'] }), { message: 'there is no file or folder nowhere' });
  await inFolder(
    { 'p.yaml': 'apiVersion: mongoward/v1\nmetadata: { name: p }\nuser: {}\n', 'q.txt': '' },
    async (folder) => {
      await assert.rejects(startPolicyServer({ policies: [folder] }), { message: 'the policy "p" is not valid' });
    },
  );
});
