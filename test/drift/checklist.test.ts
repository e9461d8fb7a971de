import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessMatrix } from '../../src/drift/access-matrix.ts';
import { checklist } from '../../src/drift/checklist.ts';
import { driftReport } from '../../src/drift/report.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, intent, role, state, ttl, user } from '../support/build.ts';

const TODAY = '2026-11-23';
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
  const report = driftReport(policy, actual, { today: TODAY });
  const matrix = accessMatrix(policy, actual, TODAY);
  return new Map(
    checklist({ intent: policy, actual, report, matrix, today: TODAY }).map(({ id, status, evidence }) => [
      id,
      `${status}: ${evidence.join(' ')}`,
    ]),
  );
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
  assert.match(points({ databases }).get('dedicated-database') ?? '', /^failed: Audit is for audit\.logs alone/);
  assert.match(points({ settings: { tls: 'preferTLS' } }).get('tls') ?? '', /^failed: /);
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
