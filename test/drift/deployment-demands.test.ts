import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftReport } from '../../src/drift/report.ts';
import type { Settings } from '../../src/state/state.ts';
import { intent, state } from '../support/build.ts';

const TODAY = '2026-11-23';

function told(demand: string, settings: Settings, version = '8.0.4'): readonly string[] {
  const actual = state({ settings, server: { version, edition: 'enterprise', topology: 'replicaSet' } });
  const { findings, unreadable } = driftReport(intent(`cluster: { ${demand} }\n`), actual, { today: TODAY });
  return [
    ...findings.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`),
    ...unreadable.map(({ what }) => `not seen: ${what}`),
  ];
}

const CASES: readonly (readonly [demand: string, bad: Settings, message: string, good: Settings])[] = [
  [
    'tlsVersion: "1.2"',
    { tls: 'requireTLS', tlsVersion: '1.1' },
    'error cluster/tls-version: the server speaks TLS 1.1, and the policy wants 1.2 at least: name older versions under net.tls.disabledProtocols',
    { tls: 'requireTLS', tlsVersion: '1.3' },
  ],
  [
    'mechanisms: [SCRAM-SHA-256]',
    { mechanisms: ['MONGODB-X509', 'SCRAM-SHA-1', 'SCRAM-SHA-256'] },
    'error cluster/mechanisms: clients may log in by MONGODB-X509, SCRAM-SHA-1, which the policy does not name: take it out of authenticationMechanisms',
    { mechanisms: ['SCRAM-SHA-256'] },
  ],
  [
    'bindIp: [127.0.0.1, 10.0.0.4]',
    { bindIp: ['*'] },
    'error cluster/bind-ip: the server listens on *, which the policy does not name: take it out of net.bindIp',
    { bindIp: ['10.0.0.4'] },
  ],
  [
    'localhostException: disabled',
    { localhostException: true },
    'error cluster/localhost-exception: whoever is on the machine may make the first account without a login: set enableLocalhostAuthBypass to false',
    { localhostException: false },
  ],
  [
    'serverSideJavaScript: disabled',
    { javascript: true },
    'error cluster/javascript: queries may run JavaScript on the server: set security.javascriptEnabled to false',
    { javascript: false },
  ],
  [
    'auditing: enabled',
    { auditing: false },
    'error cluster/auditing: the server keeps no audit log of its own: set auditLog.destination (Enterprise, Percona)',
    { auditing: true },
  ],
  [
    'encryptionAtRest: enabled',
    { encryptionAtRest: false },
    'error cluster/encryption-at-rest: the server does not encrypt its files: set security.enableEncryption (Enterprise, Percona)',
    { encryptionAtRest: true },
  ],
];

for (const [demand, bad, message, good] of CASES) {
  test(`${demand}: found where it is not so, clean where it is, not seen where nobody knows`, () => {
    assert.deepEqual(told(demand, bad), [message]);
    assert.deepEqual(told(demand, good), []);
    const unknown = told(demand, {});
    assert.equal(unknown.length, 1);
    assert.match(unknown[0] ?? '', /^not seen: settings\./);
  });
}

test('a server without TLS speaks no version of it', () => {
  assert.deepEqual(told('tlsVersion: "1.2"', { tls: 'disabled' }), [
    'error cluster/tls-version: the server speaks no TLS, and the policy wants 1.2 at least: set net.tls.mode',
  ]);
});

test('supported: a release line that has reached its end of life is found, from the day after', () => {
  assert.deepEqual(told('supported: true', {}, '5.0.31'), [
    'error cluster/end-of-life: MongoDB 5.0 has had no security fixes since 2024-10-31: upgrade to a release line that is supported',
  ]);
  assert.deepEqual(told('supported: true', {}, '8.0.4'), []);
  assert.deepEqual(told('supported: false', {}, '5.0.31'), []);
  for (const version of ['3.2.1', '3.6.8', '4.2.24', '8.1.2']) {
    assert.match(told('supported: true', {}, version).join(), /^error cluster\/end-of-life: /, version);
  }
  // A line that is newer than this program.
  assert.deepEqual(told('supported: true', {}, '11.0.0'), ['not seen: server.version']);
  assert.deepEqual(told('supported: false', {}, '11.0.0'), []);
});

test('an exemption is told from two weeks before its end; of several of one account the last counts', () => {
  const near = (entries: string): readonly string[] =>
    driftReport(intent(`breakGlass: [${entries}]\n`), state(), { today: TODAY }).findings.map(
      ({ severity, rule, target }) => `${severity} ${rule} ${target}`,
    );
  const until = (day: string): string => `{ user: root@admin, reason: owner, until: ${day} }`;
  assert.deepEqual(near(until('2026-12-07')), ['warning break-glass/near-end root@admin']);
  assert.deepEqual(near(until('2026-11-23')), ['warning break-glass/near-end root@admin']);
  assert.deepEqual(near(until('2026-12-08')), []);
  assert.deepEqual(near(`${until('2026-11-30')}, ${until('2027-11-30')}`), []);
  assert.deepEqual(near(until('2026-11-22')), ['error break-glass/expired root@admin']);
});
