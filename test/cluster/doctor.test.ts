import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { SecuredConnection } from '../../src/cluster/connection.ts';
import { examine, type Facts } from '../../src/cluster/doctor.ts';
import { roleGraph } from '../../src/model/graph.ts';
import { intent, refs } from '../support/build.ts';

const SERVER = { version: '8.0.4', edition: 'community', topology: 'replicaSet' } as const;

function facts(rest: Partial<Facts> = {}): Facts {
  const settings = { authorization: 'enabled', tls: 'requireTLS' } as const;
  return {
    server: SERVER,
    settings,
    account: { user: 'a', db: 'admin' },
    roles: [],
    privileges: [],
    unreadable: [],
    ...rest,
  };
}

/** What the role of a shipped policy grants. */
function shipped(name: string): Facts['privileges'] {
  const text = readFileSync(new URL(`../../templates/${name}.yaml`, import.meta.url), 'utf8');
  return intent(text.slice(text.indexOf('\nvariables:'))).roles.flatMap(({ role }) => role.privileges);
}

const lacks = (privileges: Facts['privileges']): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(examine(facts({ privileges })).commands.map((check) => [check.command, check.lacks]));

test('root may do everything', () => {
  const root = roleGraph([], '8.0.4').privileges(refs('root@admin'));
  // Not even root reads the accounts as documents without the role of a user administrator: it inherits that.
  assert.deepEqual(Object.values(lacks(root)).flat(), []);
});

test('the shipped accounts lack nothing for what they are for', () => {
  const watch = lacks(shipped('mongoward-watch'));
  assert.deepEqual([watch['migrate plan'], watch['drift report'], watch['cluster snapshot']], [[], [], []]);
  assert.ok(watch['migrate apply']?.includes('grantRole on admin') || watch['migrate apply']?.length);
  assert.deepEqual(lacks(shipped('mongoward-apply'))['migrate apply'], []);
});

test('an account that may set no passwords is told, as rotating one takes that', () => {
  const without = shipped('mongoward-apply').map(({ resource, actions }) => ({
    resource,
    actions: actions.filter((action) => action !== 'changePassword'),
  }));
  assert.deepEqual(lacks(without)['migrate apply'], ['changePassword on database admin']);
});

test('an account that may change everything, but has no place for lock and journal, is told', () => {
  const without = shipped('mongoward-apply').map(({ resource, actions }) =>
    'db' in resource && resource.db === 'mongoward'
      ? { resource: { db: 'mongoward', collection: 'objects' }, actions }
      : { resource, actions: actions.filter((action) => action !== 'setAuthenticationRestriction') },
  );
  assert.deepEqual(lacks(without)['migrate apply'], [
    'find on mongoward.locks',
    'find on mongoward.migrations',
    'insert on mongoward.locks',
    'insert on mongoward.migrations',
    'setAuthenticationRestriction on database admin',
    'update on mongoward.locks',
    'update on mongoward.migrations',
  ]);
});

test('what a project makes commands read besides is told for those commands alone', () => {
  const reader = shipped('mongoward-watch').filter(
    ({ resource }) => !('db' in resource && resource.db === 'mongoward'),
  );
  const privileges = [
    ...reader,
    { resource: { db: 'mongoward', collection: 'objects' }, actions: ['find'] },
    { resource: { db: 'encryption', collection: '__keyVault' }, actions: ['find'] },
  ];
  const none = { migrations: false, parameters: false, buckets: [] };
  const lacking = (project: Partial<Facts['project']>): readonly string[] =>
    examine(facts({ privileges, project: { ...none, ...project } })).commands.flatMap(({ command, lacks: list }) =>
      command === 'migrate apply' ? [] : list.map((lack) => `${command}: ${lack}`),
    );
  assert.deepEqual(lacking({}), []);
  const journal = 'find on mongoward.migrations';
  assert.deepEqual(lacking({ migrations: true }), [`drift report: ${journal}`, `migrate plan: ${journal}`]);
  assert.deepEqual(lacking({ parameters: true }), ['drift report: getParameter on cluster']);
  const indexes = 'listIndexes on metrics.system.buckets.load';
  assert.deepEqual(lacking({ buckets: [{ db: 'metrics', collection: 'system.buckets.load' }] }), [
    `cluster snapshot: ${indexes}`,
    `drift report: ${indexes}`,
    `migrate plan: ${indexes}`,
  ]);
});

test('databases and collections that stand for any are told in words', () => {
  const { 'drift report': reading } = lacks([]);
  assert.deepEqual(
    reading?.filter((lack) => lack.includes('every')),
    ['listCollections on every database', 'listIndexes on every collection'],
  );
});

test('an account without rights is told what it lacks, and that reports would see a part', () => {
  const { commands, findings } = examine(facts());
  assert.ok(commands[0]?.lacks.includes('find on admin.system.users'));
  assert.deepEqual(findings, [
    {
      severity: 'error',
      message: 'the account sees only a part: reports name what they could not see, and exit with 2',
    },
  ]);
});

const CERTIFICATE = { subject: 'CN=db1', until: '2027-11-29', days: 365 };

function secured(rest: Partial<SecuredConnection> = {}): SecuredConnection {
  return { tls: true, protocol: 'TLSv1.3', verified: true, server: CERTIFICATE, ...rest };
}

test('a connection that is secured, or stays on the machine, is no finding', () => {
  const before = examine(facts()).findings;
  for (const connection of [secured(), secured({ client: CERTIFICATE }), { tls: false, loopback: true } as const]) {
    assert.deepEqual(examine(facts({ connection })).findings, before);
  }
});

const SAID: readonly (readonly [what: string, rest: Partial<Facts>, expected: RegExp])[] = [
  ['authorization off', { settings: { authorization: 'disabled' } }, /^error authorization is off/],
  ['transitionToAuth', { settings: { authorization: 'transition' } }, /^error transitionToAuth is on/],
  ['TLS not required', { settings: { tls: 'allowTLS' } }, /^warning TLS is not required .*allowTLS/],
  ['Atlas', { server: { ...SERVER, edition: 'atlas' } }, /^info this is Atlas, .*migrate does not/],
  [
    'a connection that is not encrypted',
    { connection: { tls: false, loopback: false } },
    /^warning this connection is not encrypted: write tls=true/,
  ],
  [
    'a certificate that is not checked',
    { connection: secured({ verified: false }) },
    /^warning the server's certificate is not checked/,
  ],
  [
    'a certificate that has ended',
    { connection: secured({ server: { ...CERTIFICATE, until: '2026-11-01', days: -28 } }) },
    /^error the server's certificate has ended on 2026-11-01: renew it/,
  ],
  [
    'a certificate of its own that ends soon',
    { connection: secured({ client: { ...CERTIFICATE, until: '2026-12-01', days: 2 } }) },
    /^warning the certificate of this client ends on 2026-12-01, in 2 days/,
  ],
  ['what was not seen', { unreadable: [{ what: 'settings.tls', why: 'no' }] }, /^warning not seen: settings\.tls: no/],
];

for (const [what, rest, expected] of SAID) {
  test(`it says: ${what}`, () => {
    const lines = examine(facts(rest)).findings.map(({ severity, message }) => `${severity} ${message}`);
    assert.ok(
      lines.some((line) => expected.test(line)),
      lines.join('\n'),
    );
  });
}

const ENCRYPTION = {
  keyVaults: [
    { ns: { db: 'keys', collection: 'own' }, managed: true },
    { ns: { db: 'keys', collection: 'others' }, managed: false },
  ],
  library: { version: '7.2.1', folder: '/node_modules/mongodb-client-encryption' },
  unreachable: [],
};

test('with sealed fields it says what is lacking on the key vaults: to read all, to write those with managed keys', () => {
  const { commands } = examine(facts({ encryption: ENCRYPTION }));
  const onKeys = (name: string) =>
    commands.find(({ command }) => command === name)?.lacks.filter((lack) => lack.includes(' on keys.'));
  assert.deepEqual(onKeys('drift report'), ['find on keys.others', 'find on keys.own']);
  assert.deepEqual(onKeys('migrate apply'), [
    'find on keys.others',
    'find on keys.own',
    'insert on keys.own',
    'update on keys.own',
  ]);
});

test('and what applies: the edition, the library, the services that hold the master keys', () => {
  const { library: _library, ...without } = ENCRYPTION;
  const said = (rest: Partial<Facts>): readonly string[] =>
    examine(facts(rest))
      .findings.slice(1)
      .map(({ severity, message }) => `${severity} ${message.split(' ').slice(0, 5).join(' ')}`);
  assert.deepEqual(said({ encryption: ENCRYPTION }), ['info this is the Community edition.']);
  for (const edition of ['enterprise', 'atlas'] as const) {
    const [first = '', second = ''] = said({ encryption: ENCRYPTION, server: { ...SERVER, edition } });
    assert.match(first + second, /info sealed fields may be encrypted/);
  }
  assert.deepEqual(said({ encryption: { ...without, unreachable: ['gcp'] } }), [
    'info this is the Community edition.',
    'warning mongodb-client-encryption is not installed here,',
    'warning kmsProviders does not say how',
  ]);
  const problem = 'mongodb-client-encryption 6.5.0 in /x is not what the driver works with: 7.2 or a later 7';
  const old = { ...ENCRYPTION, library: { version: '6.5.0', folder: '/x', problem } };
  assert.deepEqual(said({ encryption: old }).slice(1), ['warning mongodb-client-encryption 6.5.0 in /x is']);
  const external = { ...without, keyVaults: ENCRYPTION.keyVaults.slice(1), unreachable: ['gcp'] };
  assert.equal(said({ encryption: external }).length, 1, 'whoever makes no keys needs neither');
});
