/** Data encryption keys as a user has them made: credentials, the library, files, and what is never shown. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MongoClient } from 'mongodb';
import { findEncryptionLibrary } from '../../src/cluster/encryption-library.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const installed = findEncryptionLibrary().version !== undefined;
const withLibrary = { skip: installed ? false : 'mongodb-client-encryption is not installed' };

const policy = (kms: string, name = 'pii') => `apiVersion: mongoward/v1
metadata: { name: shop-dev }
collections:
  shop.customers:
    encryption:
      keyVault: keys.vault
      dataKeys: managed
      kms: { ${kms} }
      fields: { email: { bsonType: string, algorithm: random, keyAltName: ${name} } }
`;

const MASTER = randomBytes(96);
const SECRETS = [MASTER.toString('base64'), MASTER.toString('latin1'), 'very-secret', 'a-kms-secret'];

interface Space {
  readonly folder: string;
  run(line: string, env?: Readonly<Record<string, string>>): Promise<Ran>;
  write(name: string, content: string | Uint8Array): void;
  config(kmsProviders: string, ofCluster?: string): void;
  byHand<T>(work: (client: MongoClient) => Promise<T>): Promise<T>;
}

function workspace(work: (space: Space) => Promise<void>): Promise<void> {
  return inFolder({ 'policies/p.yaml': policy('provider: local') }, async (folder) => {
    const sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
    const uri = `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`;
    const write: Space['write'] = (name, content) => writeFileSync(join(folder, name), content);
    const config: Space['config'] = (kmsProviders, ofCluster = '') =>
      write(
        'mongoward.config.yaml',
        `clusters:\n  here: { uri: { fromEnv: HERE }${ofCluster} }\n${kmsProviders === '' ? '' : `kmsProviders: ${kmsProviders}\n`}`,
      );
    config('{ local: { key: { fromFile: master.key } } }');
    write('master.key', MASTER);
    try {
      await work({
        folder,
        write,
        config,
        run: async (line, env = {}) => {
          const ran = await mongoward([...line.split(' '), '--cluster', 'here'], {
            cwd: folder,
            env: { HERE: uri, ...env },
          });
          for (const secret of SECRETS) assert.equal((ran.out + ran.err).includes(secret), false);
          return ran;
        },
        byHand: (byHand) => withMongo(uri, byHand),
      });
    } finally {
      await sandbox.stop();
    }
  });
}

const APPLY = 'migrate apply --from-policy --yes';

/** What is written to stderr by a run that must not change anything. */
async function refused(space: Space, env?: Readonly<Record<string, string>>): Promise<string> {
  const { code, err } = await space.run(APPLY, env);
  assert.equal(code, 2, err);
  const names = await space.byHand((client) => client.db('admin').admin().listDatabases({ nameOnly: true }));
  assert.equal(
    names.databases.some(({ name }) => ['shop', 'keys', 'mongoward'].includes(name)),
    false,
    'nothing was written',
  );
  return err;
}

test('credentials that are missing or malformed are told before anything is written', async () => {
  await workspace(async (space) => {
    const said: string[] = [];
    const tell = async (kmsProviders: string, kms = 'provider: local', env = {}): Promise<void> => {
      space.config(kmsProviders);
      space.write('policies/p.yaml', policy(kms));
      said.push((await refused(space, env)).split('\n')[0] ?? '');
    };
    const aws = 'provider: aws, region: eu, key: arn';
    const gcp = 'provider: gcp, projectId: a, location: b, keyRing: c, keyName: d';
    space.write('short.key', MASTER.subarray(1));
    space.write('pkcs1.pem', '-----BEGIN RSA PRIVATE KEY-----\nYS1rbXMtc2VjcmV0\n-----END RSA PRIVATE KEY-----\n');
    await tell('');
    await tell('{ local: { key: { fromFile: short.key } } }');
    await tell('{ local: { key: { fromFile: nowhere.key } } }');
    await tell('{ local: { key: { fromEnv: MASTER } } }');
    await tell('{ local: { key: { fromEnv: MASTER } } }', 'provider: local', { MASTER: 'a-kms-secret' });
    await tell('{ local: { key: { fromFile: master.key } } }', aws);
    await tell('{ aws: { accessKeyId: me } }', aws);
    await tell('{ "aws:b": {} }', aws.replace('aws', '"aws:b"'));
    await tell('{ gcp: { email: a@b.c, privateKey: { fromFile: pkcs1.pem } } }', gcp);
    await tell('{ kmip: { endpoint: "h:5696", tls: { tlsCAFile: ca.pem } } }', 'provider: kmip');
    assert.deepEqual(said, [
      'mongoward: mongoward.config.yaml does not say how to reach the key management service "local"',
      'mongoward: kmsProviders.local.key is not a local master key: it has to be 96 bytes, or their base64',
      "mongoward: can't read nowhere.key (kmsProviders.local.key is read from it): there is no such file",
      'mongoward: the environment variable MASTER is not set: kmsProviders.local.key is read from it',
      'mongoward: kmsProviders.local.key is not a local master key: it has to be 96 bytes, or their base64',
      'mongoward: mongoward.config.yaml does not say how to reach the key management service "aws"',
      'mongoward: kmsProviders.aws needs accessKeyId, secretAccessKey',
      'mongoward: kmsProviders.aws:b needs accessKeyId, secretAccessKey',
      'mongoward: kmsProviders.gcp.privateKey holds a key of the kind RSA PRIVATE KEY, and MongoDB wants PKCS#8: PRIVATE KEY',
      "mongoward: can't read ca.pem (kmsProviders.kmip.tls is read from it): there is no such file",
    ]);
  });
});

test('a secret that stands in the configuration itself is refused, and not repeated', async () => {
  await workspace(async (space) => {
    for (const wrong of [
      '{ aws: { accessKeyId: me, secretAccessKey: a-kms-secret } }',
      '{ aws: { accessKeyId: me, secretAccessKey: { fromEnv: "a-kms-secret" } } }',
      '{ local: { key: a-kms-secret } }',
    ]) {
      space.config(wrong);
      assert.match(await refused(space), /is not a valid configuration/);
    }
  });
});

test('a file that is far too large for a secret is taken for the wrong file, and not for a policy to be split', async () => {
  await workspace(async (space) => {
    space.write('master.key', Buffer.alloc(17 * 1024 * 1024));
    assert.equal(
      await refused(space),
      'mongoward: master.key (kmsProviders.local.key is read from it) is 17 MB large, and 16 MB is the most for one file\n  nothing was changed; name the file that holds the secret and nothing else\n',
    );
  });
});

test('where the library is not installed, one sentence says what to do', {
  skip: installed ? 'it is' : false,
}, async () => {
  await workspace(async (space) => {
    assert.match(await refused(space), /made by mongodb-client-encryption, which is not installed\n {2}looked in/);
  });
});

test('nothing that is not about keys needs the library or the credentials', async () => {
  await workspace(async (space) => {
    space.config('{ local: { key: { fromFile: nowhere.key } } }');
    space.write('policies/p.yaml', policy('provider: local').replace('managed', 'external'));
    assert.equal((await space.run(APPLY)).code, 0);
    space.write('policies/p.yaml', policy('provider: local'));
    for (const line of ['migrate plan', 'migrate new keys', 'migrate status', 'cluster doctor', 'drift report']) {
      const { err } = await space.run(line);
      assert.equal(err, '', line);
    }
  });
});

test('plan and doctor tell of managed keys, also to programs', async () => {
  await workspace(async (space) => {
    const plan = JSON.parse((await space.run('migrate plan --format json')).out);
    assertFits('migrate-plan', plan);
    const [key] = plan.operations.filter(({ kind }: { kind: string }) => kind === 'createDataKey');
    assert.deepEqual(
      [key.target, key.after],
      [
        'keys.vault "pii"',
        { key: { keyAltName: 'pii' }, masterKey: { provider: 'local' }, ns: { collection: 'vault', db: 'keys' } },
      ],
    );
    space.config('');
    const doctor = JSON.parse((await space.run('cluster doctor --format json')).out);
    assertFits('cluster-doctor', doctor);
    const { library, ...encryption } = doctor.encryption;
    assert.equal(library !== undefined, installed);
    assert.deepEqual(encryption, {
      automaticEncryption: false,
      keyVaults: [{ dataKeys: 'managed', ns: 'keys.vault' }],
      unreachable: ['local'],
    });
  });
});

test('files: keys are made, a second run writes nothing, a rollback leaves them', withLibrary, async () => {
  await workspace(async (space) => {
    const succeeds = async (line: string, env = {}): Promise<string> => {
      const { code, out, err } = await space.run(line, env);
      assert.equal(code, 0, `${out}\n${err}`);
      return out;
    };
    await succeeds('migrate new keys');
    assert.match(await succeeds('migrate apply --yes'), /\+ create data key keys.vault "pii"\n/);
    assert.match(await succeeds('migrate apply --yes'), /Nothing to do/);
    await succeeds('migrate plan --check');
    // Under another master key: both have to be at hand, and come from the cluster's entry and from the file's.
    space.write('policies/p.yaml', policy('provider: "local:b"'));
    space.config(
      '{ local: { key: { fromFile: master.key } } }',
      ', kmsProviders: { "local:b": { key: { fromEnv: NEXT } } }',
    );
    await succeeds('migrate new rewrap');
    const lines = randomBytes(96).toString('base64').replace(/.{64}/, '$&\n');
    assert.match(await succeeds('migrate apply --yes', { NEXT: lines }), /~ rewrap data key keys.vault "pii"\n/);
    await succeeds('migrate status');
    assert.match(await succeeds('migrate rollback --yes'), /not undone: its master key stays/);
    const [first] = readdirSync(join(space.folder, 'migrations')).sort();
    const text = readFileSync(join(space.folder, 'migrations', String(first)), 'utf8');
    for (const secret of SECRETS) assert.equal(text.includes(secret), false);
    const keys = await space.byHand((client) => client.db('keys').collection('vault').find().toArray());
    assert.deepEqual(
      keys.map((key) => key['masterKey']),
      [{ provider: 'local:b' }],
    );
  });
});
