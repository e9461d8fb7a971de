import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScanResult } from '../../src/drift/scan-findings.ts';
import type { Intent } from '../../src/policy/intent.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, dataKey, intent, role, state, ttl, user } from '../support/build.ts';
import { drifted } from '../support/drift.ts';

const POLICY = `
collections:
  audit.logs:
    protection: append-only
    access: { insert: [writer@admin], read: [reader@admin] }
    dedicatedDatabase: true
    retention: forever
attestations:
  - { control: kafka-retention, value: 3d, owner: ops, reviewedOn: 2026-11-01, reviewEvery: 30d, evidence: "https://wiki.test/k" }
  - { control: grafana-retention, value: 45d, owner: ops, reviewedOn: 2026-01-01, reviewEvery: 30d }
`;

function points(rest: Partial<ClusterState> = {}): ReadonlyMap<string, string> {
  const policy = intent(POLICY);
  const actual = state({
    settings: { tls: 'requireTLS' },
    roles: [role('w@audit', { 'audit.logs': ['insert'] }), role('r@audit', { 'audit.logs': ['find'] })],
    users: [user('writer@admin', ['w@audit']), user('reader@admin', ['r@audit'])],
    databases: [{ name: 'audit', collections: [collection('logs')] }],
    ...rest,
  });
  return told(policy, actual);
}

function told(policy: Intent, actual: ClusterState, scan?: ScanResult): ReadonlyMap<string, string> {
  const { checklist } = drifted(policy, actual, { scan });
  return new Map(checklist.map(({ id, status, evidence }) => [id, `${status}: ${evidence.join(' ')}`]));
}

const SEEN = [
  'unalterable',
  'dedicated-credentials',
  'insert-or-read',
  'dedicated-database',
  'tls',
  'mongodb-retention',
];

test('what the cluster shows is verified', () => {
  const told = points();
  for (const id of SEEN) assert.match(told.get(id) ?? '', /^verified: /, id);
});

test('what is not so says who or what is the cause', () => {
  assert.equal(
    points({ users: [user('app@admin', ['readWrite@audit'])] }).get('unalterable'),
    'failed: app@admin can alter and destroy audit.logs, and must not.',
  );
  const databases = [{ name: 'audit', collections: [collection('logs', { indexes: [ttl(60)] }), collection('carts')] }];
  assert.equal(
    points({ databases }).get('mongodb-retention'),
    'failed: The index ttl of audit.logs removes documents after 60 s.',
  );
  assert.match(points({ databases }).get('dedicated-database') ?? '', /^failed: audit is for audit\.logs alone/);
  assert.match(points({ settings: { tls: 'preferTLS' } }).get('tls') ?? '', /^failed: /);
});

test('what the release lets accounts do, and what the policy rules out for nobody, is not verified', () => {
  const server = { version: '4.4.4', edition: 'community', topology: 'replicaSet' } as const;
  const release = "writer@admin can alter audit.logs, because the server's release lets it.";
  const old = points({ server });
  assert.equal(old.get('unalterable'), `failed: ${release}`);
  assert.equal(old.get('default-users'), `failed: ${release}`);
  assert.equal(old.get('dedicated-credentials')?.startsWith('verified: '), true);

  const sealing = POLICY.replace(
    '    dedicatedDatabase',
    '    encryption: { keyVault: k.v, fields: { a: { bsonType: string, algorithm: random, keyAltName: a } } }\n    dedicatedDatabase',
  );
  const actual = state({
    roles: [role('w@audit', { 'audit.logs': ['insert', 'bypassDocumentValidation'] })],
    users: [user('writer@admin', ['w@audit'])],
    databases: [{ name: 'audit', collections: [collection('logs')] }],
  });
  assert.equal(told(intent(sealing), actual).get('unalterable'), 'failed: writer@admin can unseal audit.logs.');
  assert.equal(
    told(intent(POLICY), actual).get('unalterable'),
    'verified: No account but those of last resort can alter or destroy audit.logs.',
  );
});

test('what could not be seen is not verifiable, and never verified', () => {
  const blind = { users: undefined, roles: undefined, databases: undefined, settings: undefined };
  const told = points(blind as unknown as Partial<ClusterState>);
  for (const id of SEEN) assert.match(told.get(id) ?? '', /^unknown: /, id);
});

test('what people declare is declared while its review holds, and not so after; the rest says how to declare it', () => {
  const told = points();
  assert.equal(told.get('kafka-retention'), 'declared: ops declares: 3d. Last reviewed on 2026-11-01.');
  assert.match(
    told.get('grafana-retention') ?? '',
    /^failed: ops declares: 45d\..*The review of grafana-retention was due/,
  );
  assert.equal(told.get('alerting'), "unknown: MongoDB can't show it. Declare it under attestations, as alerting.");
});

test('accounts of shards count, and where nobody could look at them it is not verified that nobody can', () => {
  const server = { version: '8.0.30', edition: 'community', topology: 'sharded' } as const;
  const seen = {
    name: 's1',
    users: [user('root@admin', ['cleaner@admin'])],
    roles: [role('cleaner@admin', { 'audit.logs': ['remove'] })],
  };
  assert.equal(
    points({ server, shards: [seen] }).get('unalterable'),
    'failed: root@admin of shard s1 can alter audit.logs, and must not.',
  );
  const hidden = points({ server, shards: [{ name: 's0', why: 's0:27018 refuses this login' }] });
  for (const id of ['unalterable', 'dedicated-credentials', 'insert-or-read', 'default-users']) {
    assert.match(
      hidden.get(id) ?? '',
      /^unknown: Not seen: accounts made on shard s0 directly.* refuses this login\.$/,
      id,
    );
  }
});

test('whatever removes documents, the plan would say so and the checklist does', () => {
  const stored = (rest: Parameters<typeof collection>[1]) => ({
    databases: [{ name: 'audit', collections: [collection('logs', rest)] }],
  });
  for (const [rest, says] of [
    [
      { type: 'timeseries', options: { expireAfterSeconds: 3600 } },
      /^failed: The option expireAfterSeconds of audit\.logs removes documents after 3600 s\.$/,
    ],
    [
      { options: { clusteredIndex: { key: { _id: 1 } }, expireAfterSeconds: 60 } },
      /^failed: The option expireAfterSeconds/,
    ],
    [{ options: { capped: true } }, /^failed: audit\.logs is capped/],
    [{ type: 'view' }, /^failed: audit\.logs is a view/],
  ] as const) {
    assert.match(points(stored(rest)).get('mongodb-retention') ?? '', says);
  }
  const { indexes: _indexes, ...unknown } = collection('logs');
  assert.equal(
    points({ databases: [{ name: 'audit', collections: [unknown] }] }).get('mongodb-retention'),
    'unknown: The indexes of audit.logs could not be seen.',
  );
  assert.equal(
    points({ databases: [{ name: 'audit' }] }).get('mongodb-retention'),
    'unknown: The collections of audit could not be seen.',
  );
});

const SEALED = intent(`
collections:
  audit.logs:
    protection: append-only
    encryption:
      keyVault: keys.vault
      kms: { provider: gcp, projectId: a, location: b, keyRing: c, keyName: d }
      fields: { email: { bsonType: string, algorithm: random, keyAltName: pii } }
`);

test('a master key is verified by the keys that it seals, and by no less', () => {
  const { masterKey } = dataKey([], {
    masterKey: { provider: 'gcp', projectId: 'a', location: 'b', keyRing: 'c', keyName: 'd' },
  });
  const of = (keyVaults?: NonNullable<ClusterState['keyVaults']>): string =>
    told(SEALED, state(keyVaults && { keyVaults })).get('master-key') ?? '';
  assert.equal(of(), 'unknown: The key vault keys.vault could not be seen.');
  assert.match(
    of([{ ns: 'keys.vault', keys: [] }]),
    /^unknown: The key "pii" of audit\.logs does not exist in keys\.vault/,
  );
  assert.match(
    of([{ ns: 'keys.vault', keys: [dataKey(['pii'])] }]),
    /^failed: The key "pii" is sealed by another master key/,
  );
  assert.equal(
    of([{ ns: 'keys.vault', keys: [dataKey(['pii'], { masterKey })] }]),
    'verified: The keys of audit.logs are sealed by a master key at gcp.',
  );
});

test('sealed fields are verified by a scan of what is stored, behind a validator as the policy says', () => {
  const validated = SEALED.collections[0]?.validation;
  const actual = (options: object) =>
    state({ databases: [{ name: 'audit', collections: [collection('logs', { options: { ...options } })] }] });
  const scan = (documents: number, plaintext = 0): ScanResult => ({
    ns: 'audit.logs',
    mode: 'all',
    documents,
    refused: 0,
    fields: [
      {
        path: 'email',
        values: documents,
        sealed: documents - plaintext,
        defects: { plaintext, algorithm: 0, unknownKey: 0, wrongKey: 0, bsonType: 0, length: 0 },
      },
    ],
  });
  const of = (options: object, scanned?: ScanResult): string =>
    told(SEALED, actual(options), scanned).get('sealed-fields') ?? '';
  assert.match(of({}, scan(3)), /^failed: The collection audit\.logs is not as the policy says/);
  assert.match(of({ ...validated }), /^unknown: Nobody looked at what is stored in audit\.logs/);
  assert.match(of({ ...validated }, scan(0)), /^unknown: audit\.logs holds no document yet/);
  assert.match(of({ ...validated }, scan(3, 1)), /^failed: email: 1 of 3 values are stored in the clear/);
  assert.match(of({ ...validated }, scan(3)), /^verified: .* all of its 3 documents hold none\.$/);
});

test('whether an account of last resort has ever logged in, no server keeps: that is said, and can be declared', () => {
  const glass = 'breakGlass: [{ user: root@admin, reason: owner, until: 2027-06-30 }]\n';
  const of = (policy: string): string => told(intent(policy), state()).get('last-resort') ?? '';
  assert.match(
    of(glass),
    /^unknown: MongoDB does not keep when root@admin logged in last, or whether ever\. Keep an audit log/,
  );
  assert.match(of(glass.replace('2027', '2026')), /^verified: The policy exempts nobody today\.$/);
  const declared =
    'attestations: [{ control: last-resort, value: none, owner: o, reviewedOn: 2026-11-01, reviewEvery: 90d }]\n';
  assert.match(of(`${glass}${declared}`), /^declared: /);
});
