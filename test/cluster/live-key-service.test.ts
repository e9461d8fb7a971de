/** What the encryption library is asked, provider by provider, and where the library is looked for. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type ClientEncryptionOptions, MongoClient, MongoCryptError, UUID } from 'mongodb';
import { findEncryptionLibrary, loadEncryptionLibrary } from '../../src/cluster/encryption-library.ts';
import { connectTo, liveKeyService } from '../../src/cluster/live-key-service.ts';
import { Failure } from '../../src/failure.ts';
import { makeOperation } from '../../src/plan/operations/make-operation.ts';
import { type DataKeyOperation, isDataKeyOperation } from '../../src/plan/operations/operation.ts';

const ns = { db: 'keys', collection: 'vault' };
const client = new MongoClient('mongodb://127.0.0.1:1/?directConnection=true');

function making(masterKey: { readonly provider: string } & Readonly<Record<string, unknown>>): DataKeyOperation {
  const made = makeOperation(
    { kind: 'createDataKey', after: { ns, key: { keyAltName: 'pii' }, masterKey } },
    { text: '' },
  );
  assert.ok(isDataKeyOperation(made));
  return made;
}

const ASKED: readonly (readonly [
  masterKey: { readonly provider: string } & Readonly<Record<string, unknown>>,
  options: object,
])[] = [
  [{ provider: 'local' }, {}],
  [{ provider: 'local:dev' }, {}],
  [{ provider: 'aws', region: 'eu-south-1', key: 'arn' }, { masterKey: { region: 'eu-south-1', key: 'arn' } }],
  [
    { provider: 'aws:eu', region: 'r', key: 'arn', endpoint: 'kms:443' },
    { masterKey: { region: 'r', key: 'arn', endpoint: 'kms:443' } },
  ],
  [
    { provider: 'azure', keyVaultEndpoint: 'acme.vault.azure.net', keyName: 'k', keyVersion: '2' },
    { masterKey: { keyVaultEndpoint: 'acme.vault.azure.net', keyName: 'k', keyVersion: '2' } },
  ],
  [
    { provider: 'gcp', projectId: 'acme', location: 'eu', keyRing: 'r', keyName: 'k' },
    { masterKey: { projectId: 'acme', location: 'eu', keyRing: 'r', keyName: 'k' } },
  ],
  [{ provider: 'kmip' }, { masterKey: {} }],
  [
    { provider: 'kmip', keyId: '7', endpoint: 'h:5696', delegated: true },
    { masterKey: { keyId: '7', endpoint: 'h:5696', delegated: true } },
  ],
];

for (const [masterKey, expected] of ASKED) {
  test(`a key under ${JSON.stringify(masterKey)}`, async () => {
    const asked: unknown[] = [];
    let options: ClientEncryptionOptions | undefined;
    const made = making(masterKey);
    const { run } = liveKeyService(client, { kmsProviders: {}, tlsOptions: {} }, [made], (given) => {
      options = given;
      return {
        createDataKey: async (provider, given = {}) => {
          asked.push([provider, given]);
          return new UUID();
        },
        rewrapManyDataKey: async () => ({}),
      };
    });
    await run(made);
    assert.deepEqual(asked, [[masterKey.provider, { ...expected, keyAltNames: ['pii'] }]]);
    assert.equal(options?.keyVaultNamespace, 'keys.vault');
  });
}

test('what the library refuses is told before anything is begun, and what it says of a key with the cause', async () => {
  const made = making({ provider: 'local' });
  const access = { kmsProviders: {}, tlsOptions: {} };
  const refusing = (): never => {
    throw new MongoCryptError('unable to parse base64 from UTF-8 field gcp.privateKey');
  };
  assert.throws(
    () => liveKeyService(client, access, [made], refusing),
    /^Failure: the encryption library refuses kmsProviders: unable to parse base64/,
  );
  const said = async (error: Error): Promise<string> => {
    const fail = () => Promise.reject(error);
    const { run } = liveKeyService(client, access, [made], () => ({ createDataKey: fail, rewrapManyDataKey: fail }));
    return run(made).then(
      () => 'no error',
      (failure: unknown) => (failure instanceof Failure ? failure.message : 'no Failure'),
    );
  };
  const closed = new MongoCryptError('KMS request failed', { cause: new Error('h:1 did not answer within 20 s') });
  assert.equal(await said(closed), 'the encryption library: KMS request failed: h:1 did not answer within 20 s');
  assert.ok((await said(new MongoCryptError('x'.repeat(5000)))).length < 500);
});

test('a key management service that takes the connection and says nothing is given up', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((listening) => silent.once('listening', listening));
  const address = silent.address();
  assert.ok(typeof address === 'object' && address !== null);
  const socket = await connectTo({ host: '127.0.0.1', port: address.port }, 500);
  const error = await new Promise<Error>((failed) => socket.once('error', failed));
  assert.equal(error.message, `127.0.0.1:${address.port} did not answer within 0.5 s`);
  silent.close();
});

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mongoward-library-')));
after(() => rmSync(folder, { recursive: true }));

/** A place with the library, or something that is called so. */
function place(name: string, files?: Readonly<Record<string, string>>): string {
  const library = join(folder, name, 'node_modules/mongodb-client-encryption');
  mkdirSync(join(folder, name, 'below'), { recursive: true });
  if (files !== undefined) mkdirSync(library, { recursive: true });
  for (const [file, text] of Object.entries(files ?? {})) writeFileSync(join(library, file), text);
  return join(folder, name, 'below');
}

const driver = join(place('program'), 'lib/index.js');

const LIBRARY = 'node_modules/mongodb-client-encryption';

test('the library is found in the folder that is named, then beside the driver and above, and nowhere else', () => {
  place('here', { 'package.json': '{"version": "7.2.1"}' });
  const named = join(folder, 'here');
  const beside = join(place('beside', { 'package.json': '{"version": "7.3.0"}' }), 'lib/index.js');
  assert.deepEqual(findEncryptionLibrary(named, beside), { version: '7.2.1', folder: join(folder, 'here', LIBRARY) });
  assert.deepEqual(findEncryptionLibrary(undefined, beside), {
    version: '7.3.0',
    folder: join(folder, 'beside', LIBRARY),
  });
  const nowhere = place('nowhere');
  assert.deepEqual(findEncryptionLibrary(nowhere, driver), { lookedIn: [nowhere, join(folder, 'program/below')] });
  assert.deepEqual(findEncryptionLibrary(join(named, 'below'), driver), {
    lookedIn: [join(named, 'below'), join(folder, 'program/below')],
  });
});

test('the version is read as data: nothing that a package says of itself is run', () => {
  const ran = join(folder, 'ran');
  const hostile = `require('node:fs').writeFileSync(${JSON.stringify(ran)}, '')`;
  place('hostile', {
    'package.json':
      '{"version": "7.2.0", "main": "./main.js", "exports": {".": "./main.js", "./package.json": "./main.js"}}',
    'main.js': `${hostile}; module.exports = { version: '7.9.9' };`,
  });
  assert.equal(findEncryptionLibrary(join(folder, 'hostile'), driver).version, '7.2.0');
  assert.equal(existsSync(ran), false);
});

test('where it is not, or not usable, one sentence says so, and what to install', () => {
  const said = (name: string, files?: Readonly<Record<string, string>>) => {
    try {
      place(name, files);
      loadEncryptionLibrary(join(folder, name), driver);
    } catch (error) {
      assert.ok(error instanceof Failure);
      return [error.message, ...error.details, error.advice].join('\n').replaceAll(folder, '');
    }
    return 'no error';
  };
  assert.equal(
    said('missing'),
    `data encryption keys are made by mongodb-client-encryption, which is not installed
looked in /missing
looked in /program/below, and in the folders above it
nothing was changed; run npm install mongodb-client-encryption@7 where Mongoward is installed, or in another folder that --encryption-library names. Without the library somebody has to make the keys by hand`,
  );
  for (const version of ['6.5.0', '7.1.9', '8.0.0']) {
    const name = `v${version}`;
    const unfit = /is not what the driver works with: 7\.2 or a later 7/;
    assert.match(said(name, { 'package.json': `{"version": "${version}"}` }), unfit);
    const found = findEncryptionLibrary(join(folder, name), driver);
    assert.match('problem' in found ? (found.problem ?? '') : '', unfit, 'whoever only looks learns it too');
  }
  const broken = { 'package.json': '{"version": "7.2.1"}', 'index.js': 'throw new Error("built for another Node.js")' };
  assert.match(
    said('broken', broken),
    /can't be loaded: built for another Node.js\nnothing was changed; install it again/,
  );
  assert.match(said('other', { ...broken, 'index.js': '' }), /has no MongoCrypt/);
});
