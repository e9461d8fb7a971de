/** `policy init --template` and `init`: what is known is put in, the rest are gaps, and what is there is met. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { TEMPLATES } from '../../src/cli/template-files.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { state } from '../support/build.ts';
import { inFolder, mongoward } from './terminal.ts';

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let uri: string;

before(async () => {
  sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
  uri = `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`;
});

after(() => sandbox.stop());

const TRAIL = 'policy init --template audit-trail';
const LAST = '--break-glass root@admin --var lastResortReason=owner --var lastResortUntil=2027-06-30';
const SAID = `${TRAIL} --writer app@admin --auditor eve@admin --without-encryption ${LAST}`;

function folder(
  files: Readonly<Record<string, string>>,
  work: (
    run: (line: string, answer?: string) => ReturnType<typeof mongoward>,
    read: (name: string) => string,
    cwd: string,
  ) => Promise<void>,
): Promise<void> {
  return inFolder(files, (cwd) =>
    work(
      (line, answer) => mongoward(line.split(' '), { cwd, env: { URI: uri }, ...(answer !== undefined && { answer }) }),
      (name) => readFileSync(join(cwd, name), 'utf8'),
      cwd,
    ),
  );
}

test('a template writes nobody else’s facts: what it was not told is a gap, which the linter names', async () => {
  await folder({}, async (run, read) => {
    const { code, out } = await run(TRAIL);
    assert.equal(code, 0);
    assert.match(out, /^7 gaps: fill in under "variables" in policies\/audit-trail\.yaml/m);
    assert.doesNotMatch(read('policies/audit-trail.yaml'), /acme|projectId|20\d\d-/i);
    const linted = await run('policy lint');
    assert.equal(linted.code, 1);
    for (const gap of ['writer', 'auditor', 'kmsProvider', 'sealedField', 'lastResort']) {
      assert.match(linted.out, new RegExp(`no value for the variable "${gap}"`));
    }
    assert.match(linted.out, /^\d+ errors in 1 file/m);
  });
});

test('the block of gaps, uncommented and filled, is the whole of what is left to do', async () => {
  await folder({}, async (run, read, cwd) => {
    await run(TRAIL);
    const given = { writer: 'app@admin', auditor: 'eve@admin', kmsProvider: 'local', sealedField: 'user.email' };
    const last = { lastResort: 'root@admin', lastResortReason: 'owner', lastResortUntil: '2027-06-30' };
    const filled = Object.entries({ ...given, ...last }).reduce(
      (text, [name, value]) => text.replace(`#   ${name}: ""`, `   ${name}: "${value}"`),
      read('policies/audit-trail.yaml').replace('# variables:', 'variables:'),
    );
    writeFileSync(join(cwd, 'policies/audit-trail.yaml'), filled);
    const linted = await run('policy lint');
    assert.equal(linted.code, 0, linted.out);
  });
});

test('told everything, the trail of any collection lints clean of errors', async () => {
  const lines = [
    SAID,
    `${SAID} --collection shop.events --owner platform --var kafkaRetention=3d --var grafanaRetention=45d --var kafkaTransport=SASL_SSL/SCRAM-SHA-512 --var kafkaRetentionReviewedOn=2026-11-01 --var grafanaRetentionReviewedOn=2026-11-01 --var kafkaTransportReviewedOn=2026-11-01`,
    `${TRAIL} ${LAST} --writer app@admin --reader CN=eve,O=Acme@$external --kms gcp --var kmsProjectId=p --var kmsLocation=l --var kmsKeyRing=r --var kmsKeyName=k --var sealedField=user.email`,
    `${SAID} --client-source 10.0.0.0/8`,
  ];
  for (const line of lines) {
    await folder({}, async (run) => {
      const { code, out, err } = await run(line);
      assert.deepEqual([code, err], [0, ''], line);
      assert.doesNotMatch(out, /gap/);
      const linted = await run('policy lint');
      assert.equal(linted.code, 0, linted.out);
    });
  }
});

test('every template of an account lints clean, under any name', async () => {
  for (const template of TEMPLATES.filter((name) => name !== 'audit-trail')) {
    await folder({}, async (run, read) => {
      const { code, err } = await run(`policy init --template ${template} --account me@admin --var database=shop`);
      assert.deepEqual([code, err], [0, '']);
      assert.match(read(`policies/${template}.yaml`), /^ {2}me@admin:$/m);
      const linted = await run('policy lint');
      assert.deepEqual([linted.code, linted.out.includes('error')], [0, false], linted.out);
    });
  }
});

const USERS = [
  { user: 'app', db: 'admin', roles: [{ role: 'readWrite', db: 'shop' }], mechanisms: ['SCRAM-SHA-256'] },
  { user: 'root', db: 'admin', roles: [{ role: 'root', db: 'admin' }] },
];
const COLLECTIONS = [
  { name: 'logs', type: 'collection', options: { validator: { $jsonSchema: { required: ['t'] } } }, indexes: [] },
  { name: 'other', type: 'collection', options: {}, indexes: [] },
];
const THERE = formatSnapshot(state({ users: USERS, databases: [{ name: 'audit', collections: COLLECTIONS }] }));

test('accounts and collections of the cluster are met: nobody is locked out, and no validator is lost', async () => {
  await folder({ 'prod.json': THERE }, async (run, read) => {
    const { code, out } = await run(`${SAID} --snapshot prod.json`);
    assert.equal(code, 0);
    assert.match(out, /^met: app@admin is there already: it keeps its roles, its password and where it/m);
    const text = read('policies/audit-trail.yaml');
    assert.match(text, /^ {4}roles: \[readWrite@shop, auditWriter@audit\]$/m);
    assert.match(text, /schema: \{"required":\["t"\]\}/);
    assert.match(text, /# dedicatedDatabase: true is not said, as another collection lives in audit/);
    assert.match(text, /user: root@admin, reason: owner/);
    assert.doesNotMatch(text, /clientSource/);
    await run(`${SAID} --snapshot prod.json --force --client-source 10.0.0.0/8`);
    assert.match(read('policies/audit-trail.yaml'), /clientSource: \["10\.0\.0\.0\/8"\]/, 'asked for');
  });
});

test('accounts that another file of the folder defines are given the roles there, and nothing else changes', async () => {
  const adopted = `apiVersion: mongoward/v1
metadata: { name: adopted }
users:
  app@admin: # the shop
    adopted: true
    roles: [readWrite@shop] # its own
  eve@admin:
    adopted: true
`;
  await folder({ 'policies/users.yaml': adopted }, async (run, read) => {
    const { code, out } = await run(SAID);
    assert.equal(code, 0);
    assert.match(
      out,
      /^changed policies\/users\.yaml: app@admin is given auditWriter@audit, eve@admin\n {2}is given auditReader@audit\n/m,
    );
    assert.equal(
      read('policies/users.yaml'),
      adopted
        .replace('[readWrite@shop]', '[readWrite@shop, auditWriter@audit]')
        .replace('eve@admin:\n', 'eve@admin:\n    roles: [auditReader@audit]\n'),
    );
    assert.doesNotMatch(read('policies/audit-trail.yaml'), /^users:/m);
    assert.equal((await run('policy lint')).code, 0);
  });
});

test('what is no account or no collection is refused, and nothing is written', async () => {
  await folder({}, async (run, _read, cwd) => {
    for (const line of [`${TRAIL} --writer app`, `${TRAIL} --collection audit`, `${TRAIL} --var x`]) {
      assert.equal((await run(line)).code, 2, line);
    }
    assert.equal(existsSync(join(cwd, 'policies')), false);
  });
});

test('an account that is to be two things is refused, and nothing is written', async () => {
  for (const accounts of [
    '--writer a@admin --auditor a@admin',
    '--writer a@admin --reader a@admin',
    '--writer w@admin --reader a@admin --auditor a@admin',
    '--writer w@admin --auditor a@admin --auditor a@admin',
  ]) {
    await folder({}, async (run, _read, cwd) => {
      const { code, err } = await run(`${TRAIL} ${accounts}`);
      assert.deepEqual([code, existsSync(join(cwd, 'policies'))], [2, false]);
      assert.match(err, /^mongoward: a@admin is named more than once under --writer, --reader and --auditor\n/);
    });
  }
});

test('init: configuration, hook, CI and a policy from the cluster; the plan is empty', async () => {
  await folder({}, async (run, read) => {
    const { code, out, err } = await run('init --name here --uri-env URI --from cluster --hook --ci github');
    assert.deepEqual([code, err], [0, '']);
    assert.match(
      out,
      /^wrote mongoward\.config\.yaml\nwrote \.pre-commit-config\.yaml\nwrote \.github\/workflows\/mongoward\.yml\n/,
    );
    assert.doesNotMatch(read('mongoward.config.yaml'), /very-secret|mongodb:/);
    assert.equal((await run('migrate plan --check')).code, 0);
    const again = await run('init');
    assert.deepEqual([again.code, again.out], [2, '']);
  });
});

test('init asks on a terminal, and takes what is proposed for an empty answer', async () => {
  await folder({}, async (run, read) => {
    const { code, out } = await run('init --uri-env NOT_SET', '');
    assert.equal(code, 0, out);
    assert.match(read('mongoward.config.yaml'), /prod:/);
    assert.match(read('policies/audit-trail.yaml'), /# {3}writer: ""/);
    assert.match(read('.pre-commit-config.yaml'), /mongoward policy lint/);
  });
});

test('init writes nothing where the cluster can not be reached, or a secret is given for a variable', async () => {
  await folder({}, async (run, _read, cwd) => {
    const lines = ['init --uri-env NOT_SET --from cluster', `init --uri-env ${uri} --from nothing`];
    for (const line of lines) {
      const { code, err } = await run(line);
      assert.equal(code, 2);
      assert.doesNotMatch(err, /very-secret/);
      assert.equal(existsSync(join(cwd, 'mongoward.config.yaml')), false);
    }
  });
});
