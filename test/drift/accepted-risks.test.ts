/** Findings that a policy accepts for a time. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fingerprintOf } from '../../src/drift/finding-fingerprint.ts';
import { driftReport } from '../../src/drift/report.ts';
import { DRIFT_RULES } from '../../src/drift/rules.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intent, role, state, user } from '../support/build.ts';
import { DRIFT_TODAY, drifted } from '../support/drift.ts';

const TRAIL = 'collections: { audit.logs: { protection: append-only } }\n';
const accepting = (until: string, more = ''): string =>
  `acceptedRisks: [{ rule: protection/append-only, target: app@admin, reason: old importer, until: ${until}${more} }]\n`;

const able = (...actions: readonly string[]): ClusterState =>
  state({
    roles: [role('r@audit', { 'audit.logs': actions })],
    users: [user('app@admin', ['r@audit'])],
    databases: [{ name: 'audit', collections: [] }],
  });

/** Without what the missing collection brings. */
function told(risks: string, actual: ClusterState) {
  const { findings, accepted } = driftReport(intent(`${TRAIL}${risks}`), actual, { today: DRIFT_TODAY });
  return {
    findings: findings
      .filter(({ target }) => target === 'app@admin')
      .map(({ severity, rule }) => `${severity} ${rule}`),
    accepted: accepted.map(({ finding, reason, until }) => `${finding.target} ${reason} ${until}`),
  };
}

test('what is accepted does not count to the end of its day, and counts after it', () => {
  const taken = ['app@admin old importer 2027-11-23'];
  assert.deepEqual(told(accepting('2027-11-23'), able('remove')), { findings: [], accepted: taken });
  assert.deepEqual(told(accepting('2026-11-23'), able('remove')), {
    findings: ['warning accepted-risk/near-end'],
    accepted: ['app@admin old importer 2026-11-23'],
  });
  assert.deepEqual(told(accepting('2026-11-22'), able('remove')), {
    findings: ['error protection/append-only', 'warning accepted-risk/ended'],
    accepted: [],
  });
});

test('an entry that covers nothing is told, unless something could not be seen', () => {
  assert.deepEqual(told(accepting('2027-11-23'), able()).findings, ['warning accepted-risk/covers-nothing']);
  assert.deepEqual(told(accepting('2025-11-23'), able()).findings, ['warning accepted-risk/covers-nothing']);
  const blind = { ...able(), unreadable: [{ what: 'settings.tls', why: 'not authorized' }] };
  assert.deepEqual(told(accepting('2027-11-23'), blind).findings, []);
  const scan =
    'acceptedRisks: [{ rule: encryption/scan-plaintext, target: app@admin, reason: r, until: 2027-11-23 }]\n';
  assert.deepEqual(told(scan, able()).findings, []);
});

test('an entry that was renewed is one, and says nothing of the day that it had before', () => {
  const entry = (until: string) => `{ rule: protection/append-only, target: app@admin, reason: r, until: ${until} }`;
  const risks = `acceptedRisks: [${entry('2026-01-01')}, ${entry('2027-11-23')}]\n`;
  assert.deepEqual(told(risks, able('remove')).findings, []);
});

test('by its fingerprint one finding is accepted, and no more of the same account', () => {
  const { findings } = driftReport(intent(TRAIL), able('remove'), { today: DRIFT_TODAY });
  const finding = findings.find(({ target }) => target === 'app@admin');
  assert.ok(finding);
  const risks = accepting('2027-11-23', `, fingerprint: "${fingerprintOf(finding)}"`);
  assert.deepEqual(told(risks, able('remove')).findings, []);
  assert.deepEqual(told(risks, able('remove', 'dropCollection')).findings, [
    'error protection/append-only',
    'warning accepted-risk/covers-nothing',
  ]);
});

test('the checklist takes nothing that is accepted for verified', () => {
  const policy = intent(`
collections: { audit.logs: { protection: append-only, dedicatedDatabase: true } }
acceptedRisks: [{ rule: protection/dedicated-database, target: audit, reason: moving, until: 2027-11-23 }]
`);
  const collections = ['logs', 'carts'].map((name) => ({ name, type: 'collection', options: {}, indexes: [] }));
  const { checklist, report } = drifted(policy, state({ databases: [{ name: 'audit', collections }] }));
  assert.equal(report.accepted.length, 1);
  assert.equal(checklist.find(({ id }) => id === 'dedicated-database')?.status, 'failed');
});

test('a policy can accept whatever a report finds, but what it says about accepting', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schema/policy.schema.json', import.meta.url), 'utf8'));
  const names = DRIFT_RULES.map(({ name }) => name).filter((name) => !name.startsWith('accepted-risk/'));
  assert.deepEqual(schema.definitions.acceptedRisk.properties.rule.enum, names);
  assert.equal(new Set(names).size, names.length);
});
