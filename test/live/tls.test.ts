/** A server that requires TLS and certificates: who logs in by one, and what is told of the connection. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { whoCan } from '../../src/access/who.ts';
import { withClient } from '../../src/cluster/connect.ts';
import { readConnection } from '../../src/cluster/connection.ts';
import { readIdentity } from '../../src/cluster/identity.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { mongoward } from '../cli/terminal.ts';
import { hasOpenssl, newAuthority } from '../support/certificates.ts';
import { makeRoot, NO_MONGOD, type OwnMongod, ownMongod } from './own-mongod.ts';
import { intentOf, withLive, yes } from './server.ts';

/** As MongoDB writes it: the most special part first (manual, "x.509"). */
const AUDITOR = 'CN=auditor,OU=Audit,O=Acme\\, Inc';
const POLICY = `
apiVersion: mongoward/v1
metadata: { name: tls }
roles:
  reader@admin: { privileges: [{ on: audit.logs, allow: [find] }] }
users:
  '${AUDITOR}@$external': { roles: [reader@admin] }
`;

let notHere: string | undefined;
let folder = '';
let host = '';
let mongod: OwnMongod | undefined;

before(async () => {
  if (!hasOpenssl()) notHere = 'takes openssl on the PATH';
  if (notHere !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'mongoward-tls-'));
  mongod = await ownMongod(folder);
  if (mongod === undefined) notHere = NO_MONGOD;
  if (mongod === undefined) return;
  host = mongod.host;
  const authority = await newAuthority(folder);
  const certificate = await authority.issue('server', '/O=Servers/CN=localhost', 20);
  await authority.issue('auditor', '/O=Acme, Inc/OU=Audit/CN=auditor', 400);
  await authority.issue('operator', '/O=Acme/OU=Operators/CN=operator', 400);
  await (await newAuthority(folder, 'other')).issue('stranger', '/O=Acme/CN=stranger', 400);
  const tls = ['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', certificate, '--tlsCAFile', authority.file];
  await mongod.start(['--auth', ...tls]);
  await makeRoot(uri('operator', ''));
});

after(async () => {
  await mongod?.stop();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

/** By that certificate, as an account by name and password or by the certificate itself. */
function uri(certificate: string, credentials: string, ...options: readonly string[]): string {
  const files = [`tlsCAFile=${join(folder, 'ca.pem')}`, `tlsCertificateKeyFile=${join(folder, `${certificate}.pem`)}`];
  return `mongodb://${credentials}${host}/?${['tls=true', ...files, ...options].join('&')}`;
}

const root = (): string => uri('operator', 'root:root@', 'authSource=admin');
const byCertificate = (): string => uri('auditor', '', 'authMechanism=MONGODB-X509', 'authSource=$external');

test('a policy makes the account of a certificate, which then logs in as its subject', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  await withLive(root(), async (cluster) => {
    assert.equal((await applyPolicy(cluster, intentOf(POLICY), yes)).outcome, 'applied');
    const state = await cluster.read();
    assert.deepEqual(makePlan(intentOf(POLICY), state).operations, []);
    assert.equal(state.settings?.tls, 'requireTLS');
    const { principals } = whoCan(state, readQuestion('find', 'audit.logs', state));
    assert.ok(principals.some(({ path }) => path.join(' → ') === `${AUDITOR}@$external → reader@admin`));
  });
  await withClient(byCertificate(), { serverSelectionTimeoutMS: 5000 }, async (client) => {
    const { account, roles } = await readIdentity(client);
    assert.deepEqual(account, { user: AUDITOR, db: '$external' });
    assert.deepEqual(roles, [{ role: 'reader', db: 'admin' }]);
    assert.deepEqual(await client.db('audit').collection('logs').find().toArray(), []);
    await assert.rejects(client.db('audit').collection('logs').insertOne({}), { code: 13 });
    const connection = await readConnection(client, new Date());
    assert.ok(connection.tls && connection.verified);
    assert.deepEqual([connection.server.subject, connection.client?.subject], ['CN=localhost,O=Servers', AUDITOR]);
  });
});

test('cluster doctor tells how the connection is secured, whose the certificates are and when they end', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  const { out } = await mongoward(['cluster', 'doctor', '--cluster', root()]);
  assert.match(out, /^TLS +requireTLS$/m);
  assert.match(out, /^connection +TLSv1\.\d, the server's certificate is checked$/m);
  assert.match(out, /^certificate +CN=localhost,O=Servers, until \d{4}-\d\d-\d\d \(-?\d+ days\)$/m);
  assert.match(out, /^its own +CN=operator,OU=Operators,O=Acme, until \d{4}-\d\d-\d\d \(-?\d+ days\)$/m);
});

test('a connection that is not secured as the server wants it is refused with a sentence', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  const files = `tlsCAFile=${join(folder, 'ca.pem')}`;
  const attempts: readonly (readonly [what: string, uri: string, sentence: RegExp])[] = [
    ['no TLS', `mongodb://root:root@${host}/?authSource=admin`, /no server answered at localhost:\d+ within 2 s/],
    [
      'no certificate',
      `mongodb://root:root@${host}/?tls=true&${files}`,
      /no server answered at localhost:\d+ within 2 s/,
    ],
    ['a certificate of somebody else', uri('stranger', 'root:root@'), /no server answered at localhost:\d+ within 2 s/],
    [
      'an authority that is not known',
      `mongodb://${host}/?tls=true`,
      /no server answered .*self[- ]signed certificate/s,
    ],
  ];
  for (const [what, address, sentence] of attempts) {
    const { err, code } = await mongoward(['cluster', 'doctor', '--cluster', address, '--timeout', '2']);
    assert.match(err, sentence, what);
    assert.equal(code, 2, what);
  }
});
