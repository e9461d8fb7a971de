import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesSince, parsePastReport } from '../../src/drift/past-report.ts';
import { driftReport } from '../../src/drift/report.ts';
import { driftJson } from '../../src/report/json.ts';
import { dataKey, intent, role, state, user } from '../support/build.ts';
import { DRIFT_TODAY, drifted } from '../support/drift.ts';

const finding = (target: string, message = 'm') =>
  ({ kind: 'protection', rule: 'protection/append-only', severity: 'error', target, message }) as const;

test('what is new, what stayed and what is gone; an account that can do more than before is new', () => {
  const before = [finding('a@x'), finding('b@x', 'can alter'), finding('c@x')];
  const after = [finding('a@x'), finding('b@x', 'can alter and destroy')];
  const { added, kept, gone } = changesSince(before, after);
  assert.deepEqual(
    [added, kept, gone].map((list) => list.map(({ target }) => target)),
    [['b@x'], ['a@x'], ['b@x', 'c@x']],
  );
  assert.deepEqual(changesSince(after, after), { added: [], kept: after, gone: [] });
});

test('a report of several clusters keeps their findings apart; one that could not be read then has none', () => {
  const text = JSON.stringify({
    clusters: [
      { cluster: 'eu', report: { findings: [finding('a@x')] } },
      { cluster: 'us', error: 'no answer' },
    ],
  });
  const past = parsePastReport(text);
  assert.deepEqual(
    past.findingsOf('eu')?.map(({ target }) => target),
    ['a@x'],
  );
  assert.equal(past.findingsOf('us'), undefined);
});

test('what is no report is refused', () => {
  for (const text of ['', '[]', '{}', 'null', '{"findings":[1]}', '{"findings":[{"rule":1}]}', '{"clusters":[{}]}']) {
    assert.throws(() => parsePastReport(text), /it is no/, text);
  }
});

const findingsOn = (today: string) => {
  const policy = intent(`
collections:
  audit.logs:
    protection: append-only
    encryption:
      keyVault: keys.vault
      rotateAfter: 90d
      fields: { email: { bsonType: string, algorithm: random, keyAltName: pii } }
`);
  return driftReport(policy, state({ keyVaults: [{ ns: 'keys.vault', keys: [dataKey(['pii'])] }] }), { today })
    .findings;
};

test('a finding that only grows older is no other finding', () => {
  const [monday, tuesday] = [findingsOn('2026-11-23'), findingsOn('2026-11-24')];
  assert.ok(monday.some(({ rule }) => rule === 'encryption/key-age'));
  assert.deepEqual(changesSince(monday, tuesday), { added: [], kept: tuesday, gone: [] });
});

test('a report that was written and read again is known by its fingerprints; an account that can more is another finding', () => {
  const policy = intent('collections: { audit.logs: { protection: append-only } }\n');
  const report = (...actions: readonly string[]) => {
    const roles = [role('r@audit', { 'audit.logs': actions })];
    return drifted(policy, state({ roles, users: [user('app@admin', ['r@audit'])] }));
  };
  const first = report('remove');
  const text = JSON.stringify(driftJson(first.report, first.evidence));
  const before = parsePastReport(text).findingsOf('any') ?? [];
  assert.deepEqual(changesSince(before, first.report.findings).added, []);
  const added = changesSince(before, report('remove', 'dropCollection').report.findings).added;
  assert.deepEqual(
    added.map(({ rule, target }) => [rule, target]),
    [['protection/append-only', 'app@admin']],
  );
});

test('one that changes further than was accepted is new', () => {
  const policy = intent('roles: { w@audit: { privileges: [{ on: audit.logs, allow: [insert] }] } }\n');
  const report = (...actions: readonly string[]) =>
    driftReport(policy, state({ roles: [role('w@audit', { 'audit.logs': actions })] }), { today: DRIFT_TODAY })
      .findings;
  const accepted = report('insert', 'find');
  const { added } = changesSince(accepted, report('insert', 'find', 'remove'));
  assert.deepEqual(
    added.map(({ rule }) => rule),
    ['drift/changed'],
  );
});
