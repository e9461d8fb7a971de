/** Accounts that somebody else authenticates: certificates, Kerberos and directories, by names of their own. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ConnectionString } from 'mongodb-connection-string-url';
import { readQuestion } from '../../src/access/question.ts';
import { whoCan } from '../../src/access/who.ts';
import { withClient } from '../../src/cluster/connect.ts';
import { readConnection } from '../../src/cluster/connection.ts';
import { readIdentity } from '../../src/cluster/identity.ts';
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

test('a certificate logs in as its subject, over a connection that is told with its days', async (t) => {
  const url = new ConnectionString(server.rootUri);
  const file = process.env['MONGOWARD_TEST_CLIENT_CERTIFICATE'];
  if (url.searchParams.get('tls') !== 'true' || file === undefined) {
    return t.skip('takes TLS in MONGOWARD_TEST_URI, and a client certificate by MONGOWARD_TEST_CLIENT_CERTIFICATE');
  }
  // As MongoDB writes it: the most special part first, without spaces (manual, "x.509").
  const subject = new X509Certificate(readFileSync(file)).subject.split('\n').reverse().join(',');
  await withMongo(server.rootUri, (root) =>
    root.db('$external').command({ createUser: subject, roles: [{ role: 'read', db: trail }] }),
  );
  try {
    url.username = '';
    url.password = '';
    url.searchParams.set('authMechanism', 'MONGODB-X509');
    url.searchParams.set('authSource', '$external');
    url.searchParams.set('tlsCertificateKeyFile', file);
    await withClient(url.href, { serverSelectionTimeoutMS: 5000 }, async (client) => {
      const { account, roles } = await readIdentity(client);
      assert.deepEqual(account, { user: subject, db: '$external' });
      assert.deepEqual(roles, [{ role: 'read', db: trail }]);
      const connection = await readConnection(client, new Date());
      assert.ok(connection.tls);
      assert.equal(connection.client?.subject, subject);
      assert.ok(connection.verified && connection.server.days > 0);
    });
  } finally {
    await withMongo(server.rootUri, (root) => root.db('$external').command({ dropUser: subject }));
  }
});
