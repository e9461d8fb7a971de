/** Accounts that somebody else authenticates, Kerberos and directories, by names of their own; tls.test.ts has certificates. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { whoCan } from '../../src/access/who.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const trail = uniqueName('external');
const policy = uniqueName('named');
const KERBEROS = `${trail}/db1.example.org@EXAMPLE.ORG`;
const LDAP = `cn=${trail},ou=Audit Team,dc=example,dc=org`;

const TEXT = `
apiVersion: mongoward/v1
metadata: { name: ${policy} }
roles:
  ${trail}Reader@admin: { privileges: [{ on: ${trail}.logs, allow: [find] }] }
users:
  "${KERBEROS}@$external": { roles: [${trail}Reader@admin] }
  "${LDAP}@$external": { roles: [${trail}Reader@admin] }
`;

let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withMongo(server.rootUri, async (root) => {
    for (const name of [KERBEROS, LDAP]) {
      await root
        .db('$external')
        .command({ dropUser: name })
        .catch(() => undefined);
    }
    await root
      .db('admin')
      .command({ dropRole: `${trail}Reader` })
      .catch(() => undefined);
    await root.db('mongoward').collection('objects').deleteMany({ policy });
  });
  await server.stop();
});

test('names of Kerberos and of a directory are written, read and settle', async () => {
  await withLive(server.rootUri, async (cluster) => {
    assert.equal((await applyPolicy(cluster, intentOf(TEXT), yes)).outcome, 'applied');
    const state = await cluster.read();
    assert.deepEqual(makePlan(intentOf(TEXT), state).operations, []);
    const { principals } = whoCan(state, readQuestion('find', `${trail}.logs`, state));
    const named = principals.map(({ user }) => user.user).filter((name) => name.includes(trail));
    assert.deepEqual(named.sort(), [KERBEROS, LDAP].sort());
  });
});
