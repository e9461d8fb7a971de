/**
 * What is wrong with the deployment itself, where no account can bring it about: a server is started with it, and again
 * without it. Runs on a mongod that is found, whatever server the suite is given. An upgrade takes two releases: these are
 * sandboxes, and say so.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder, mongoward } from '../cli/terminal.ts';
import { hasOpenssl, newAuthority } from '../support/certificates.ts';
import { makeRoot, NO_MONGOD, type OwnMongod, ownMongod, untilUp } from './own-mongod.ts';
import { type LiveServer, startLiveServer, withLive } from './server.ts';

const policyText = (cluster: string): string =>
  `apiVersion: mongoward/v1\nmetadata: { name: deployment }\ncluster: { ${cluster} }\n`;

/** How a report of that demand exits, and of the findings the rules and messages; of what was not seen the names. */
async function report(uri: string, cluster: string) {
  return inFolder({ 'policies/p.yaml': policyText(cluster) }, async (cwd) => {
    const { code, out } = await mongoward(['drift', 'report', '--cluster', uri, '--format', 'json'], { cwd });
    const { findings, unreadable } = JSON.parse(out);
    return {
      code,
      found: findings.map(({ rule, message }: Finding) => `${rule}: ${message}`),
      unseen: unreadable.map(({ what }: { what: string }) => what),
    };
  });
}

interface Finding {
  readonly rule: string;
  readonly message: string;
}

const CLEAN = { code: 0, found: [], unseen: [] };

/** Skips where there is no mongod. */
async function withMongod(t: TestContext, work: (mongod: OwnMongod, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-deployment-'));
  const mongod = await ownMongod(folder);
  try {
    if (mongod === undefined) t.skip(NO_MONGOD);
    else await work(mongod, folder);
  } finally {
    await mongod?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('cluster/authorization: a server without it, restarted with it', async (t) => {
  await withMongod(t, async (mongod, folder) => {
    const uri = `mongodb://root:root@${mongod.host}/?authSource=admin`;
    const demand = 'authorization: enabled';
    const anybody = 'clients that have not logged in may read and write';
    await mongod.start([]);
    await makeRoot(`mongodb://${mongod.host}/`);
    assert.deepEqual(await report(uri, demand), {
      ...CLEAN,
      code: 1,
      found: [`cluster/authorization: ${anybody}: turn authorization on`],
    });
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, 'a2V5'.repeat(16), { mode: 0o400 });
    await mongod.start(['--auth', '--transitionToAuth', '--keyFile', keyFile]);
    await untilUp(uri);
    assert.deepEqual(await report(uri, demand), {
      ...CLEAN,
      code: 1,
      found: [`cluster/authorization: ${anybody} (transitionToAuth): turn authorization on`],
    });
    await mongod.start(['--auth']);
    await untilUp(uri);
    assert.deepEqual(await report(uri, demand), CLEAN);
  });
});

test('cluster/tls-version: a server that speaks TLS 1.1, restarted without it', async (t) => {
  if (!hasOpenssl()) return t.skip('takes openssl on the PATH');
  await withMongod(t, async (mongod, folder) => {
    const authority = await newAuthority(folder);
    const certificate = await authority.issue('server', '/O=Servers/CN=localhost', 20);
    const files = `tls=true&tlsCAFile=${authority.file}&tlsCertificateKeyFile=${certificate}`;
    const uri = `mongodb://root:root@${mongod.host}/?authSource=admin&${files}`;
    const tls = ['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', certificate, '--tlsCAFile', authority.file];
    await mongod.start(['--auth', ...tls, '--tlsDisabledProtocols', 'TLS1_0']);
    await makeRoot(`mongodb://${mongod.host}/?${files}`);
    const older = 'the server speaks TLS 1.1, and the policy wants 1.2 at least';
    assert.deepEqual(await report(uri, 'tlsVersion: "1.2"'), {
      ...CLEAN,
      code: 1,
      found: [`cluster/tls-version: ${older}: name older versions under net.tls.disabledProtocols`],
    });
    await mongod.start(['--auth', ...tls, '--tlsDisabledProtocols', 'TLS1_0,TLS1_1']);
    await untilUp(uri);
    assert.deepEqual(await report(uri, 'tlsVersion: "1.2"'), CLEAN);
  });
});

test('what a server speaks that states no versions of TLS is what it says in its log', async (t) => {
  if (!hasOpenssl()) return t.skip('takes openssl on the PATH');
  await withMongod(t, async (mongod, folder) => {
    const authority = await newAuthority(folder);
    const certificate = await authority.issue('server', '/O=Servers/CN=localhost', 20);
    await mongod.start([
      '--tlsMode',
      'allowTLS',
      '--tlsCertificateKeyFile',
      certificate,
      '--tlsCAFile',
      authority.file,
    ]);
    const uri = `mongodb://${mongod.host}/`;
    await untilUp(uri);
    await withLive(uri, async (cluster, client) => {
      const { log } = await client.db('admin').command({ getLog: 'global' });
      const told = log.find((line: string) => line.includes('Automatically disabling TLS')) ?? '';
      assert.match(told, /TLS 1\.0/);
      const lowest = told.includes('TLS 1.0 and TLS 1.1,') ? '1.2' : '1.1';
      assert.equal((await cluster.read()).settings?.tlsVersion, lowest);
    });
  });
});

test('cluster/end-of-life: a server of a release line that has ended, upgraded', async () => {
  const root = { user: 'root', password: 'root' };
  const old = await startSandbox({ root, version: '6.0.20' });
  const port = Number(old.host.split(':')[1]);
  try {
    assert.deepEqual(await report(old.uri(root), 'supported: true'), {
      ...CLEAN,
      code: 1,
      found: [
        'cluster/end-of-life: MongoDB 6.0 has had no security fixes since 2025-07-31: upgrade to a release line that is supported',
      ],
    });
  } finally {
    await old.stop();
  }
  const upgraded = await startSandbox({ root, version: '8.0.29', port });
  try {
    assert.deepEqual(await report(upgraded.uri(root), 'supported: true'), CLEAN);
  } finally {
    await upgraded.stop();
  }
});

test('of the server of the suite it is told whether its release line has ended, or that nobody knows', async () => {
  const server: LiveServer = await startLiveServer();
  try {
    const version = await withLive(server.rootUri, async (cluster) => (await cluster.read()).server.version);
    const { code, found, unseen } = await report(server.rootUri, 'supported: true');
    const ended = found.filter((line: string) => line.startsWith('cluster/end-of-life'));
    assert.equal(code, unseen.length > 0 ? 2 : ended.length, version);
    assert.ok(unseen.length === 0 || ended.length === 0, version);
    if (version.startsWith('5.1.')) assert.equal(code, 1);
    if (version.startsWith('8.3.')) assert.deepEqual(unseen, ['server.version']);
  } finally {
    await server.stop();
  }
});
