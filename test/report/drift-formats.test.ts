import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatChecklist } from '../../src/report/drift/checklist-formats.ts';
import { csvFormat } from '../../src/report/drift/csv.ts';
import type { DriftDocument } from '../../src/report/drift/document.ts';
import { fleetFindings } from '../../src/report/drift/fleet.ts';
import { formatDrift } from '../../src/report/drift/formats.ts';
import { prometheusFormat } from '../../src/report/drift/prometheus.ts';
import { sarifFormat } from '../../src/report/formats/sarif.ts';
import { plain } from '../../src/report/paint.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, intent, role, state, user } from '../support/build.ts';
import { drifted } from '../support/drift.ts';
import { assertFits } from '../support/output-schema.ts';

const POLICY = intent(`
collections:
  audit.logs: { protection: append-only, access: { read: [auditor@admin] } }
users: { auditor@admin: { roles: [read@audit], password: { fromEnv: P } } }
breakGlass: [{ user: root@admin, reason: owner, until: 2026-12-01 }]
attestations: [{ control: kafka-retention, value: 3d, owner: p, reviewedOn: 2026-11-01, reviewEvery: 30d }]
`);

function documentOf(users: NonNullable<ClusterState['users']>, cluster = 'prod'): DriftDocument {
  const actual = state({
    users,
    roles: [role('writer@audit', { 'audit.logs': ['insert', 'remove'] })],
    databases: [{ name: 'audit', collections: [collection('logs')] }],
  });
  return drifted(POLICY, actual, { cluster, now: new Date('2026-11-23T12:00:00.500Z') });
}

const USERS = [
  user('auditor@admin', ['read@audit']),
  user('root@admin', ['root@admin']),
  user('writer@admin', ['writer@audit']),
];

test('csv: a line for each account and place, a column for each outcome with what the policy says to it', () => {
  assert.equal(
    csvFormat([documentOf(USERS)]),
    `cluster,policy,account,relation,roles,place,read,insert,alter,destroy,unseal,suppress,administer
prod,p,auditor@admin,declared,read@audit,audit.logs,allowed,none,none,none,none,none,none
prod,p,root@admin,exempt,root@admin,audit.logs,exempt,exempt,exempt,exempt,exempt,exempt,exempt
prod,p,writer@admin,other,writer@audit,audit.logs,broken,allowed,broken,none,none,none,none
`,
  );
});

test('csv: what a spreadsheet would run, and what would end a field, is a text', () => {
  const name = '=HYPERLINK("http://x,y")\n@admin';
  assert.match(
    csvFormat([documentOf([user(name)])]),
    /\nprod,p,"'=HYPERLINK\(""http:\/\/x,y""\)\\n@admin",other,,audit\.logs,none,/,
  );
});

test('prometheus: every series is there, also where there is nothing to count', () => {
  const lines = prometheusFormat([documentOf(USERS)], [{ cluster: 'far', message: 'no answer' }]).split('\n');
  for (const line of [
    'mongoward_drift_up{cluster="prod"} 1',
    'mongoward_drift_up{cluster="far"} 0',
    'mongoward_build_info{cluster="prod",policy="p",version="1.2.3"} 1',
    'mongoward_drift_findings{cluster="prod",policy="p",kind="protection",severity="error"} 2',
    'mongoward_drift_findings{cluster="prod",policy="p",kind="stranger",severity="error"} 0',
    'mongoward_drift_exempt_accounts{cluster="prod",policy="p"} 1',
    'mongoward_drift_exemption_end_timestamp_seconds{cluster="prod",policy="p",account="root@admin"} 1796169600',
    'mongoward_drift_attestation_due_timestamp_seconds{cluster="prod",policy="p",control="kafka-retention"} 1796169600',
    'mongoward_drift_accounts{cluster="prod",policy="p",place="audit.logs",outcome="alter",decision="broken"} 1',
    'mongoward_drift_accounts{cluster="prod",policy="p",place="audit.logs",outcome="alter",decision="allowed"} 0',
    'mongoward_drift_report_timestamp_seconds{cluster="prod",policy="p"} 1795435200',
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test('prometheus: each metric has its help and type once, and every line is one of the format', () => {
  const hostile = documentOf([user('x\\"\n\u202e\t@admin', ['root@admin'])], 'a"b\\c\nd');
  const text = prometheusFormat([documentOf(USERS), hostile]);
  const sample = /^mongoward_[a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+\} -?\d+$/;
  for (const line of text.trimEnd().split('\n')) assert.match(line, /^# (?:HELP|TYPE) /.test(line) ? /./ : sample);
  const types = text.match(/^# TYPE .*$/gm) ?? [];
  assert.equal(new Set(types).size, types.length);
});

test('the findings of several clusters name their cluster each; one that could not be read is not seen', () => {
  const facts = { version: '1', ruleHelp: () => undefined };
  const { findings, unseen } = fleetFindings(
    { documents: [documentOf(USERS, 'eu')], unread: [{ cluster: 'us', message: 'no server answered' }] },
    facts,
  );
  assert.ok(findings.length > 0);
  for (const { message, target } of findings) {
    assert.match(message, /^eu: /);
    assert.match(target ?? '', /^eu: /);
  }
  assert.deepEqual(unseen, ['us: no server answered']);
});

test('prometheus: an exemption that was renewed is one series, with the end of the last', () => {
  const policy = intent(`breakGlass:
  - { user: root@admin, reason: owner, until: 2026-12-01 }
  - { user: root@admin, reason: renewed, until: 2026-12-24 }
`);
  const text = prometheusFormat([drifted(policy, state())]);
  assert.deepEqual(text.match(/^mongoward_drift_exemption_end_timestamp_seconds.*$/gm), [
    'mongoward_drift_exemption_end_timestamp_seconds{cluster="prod",policy="p",account="root@admin"} 1798156800',
  ]);
});

test('json of several clusters knows each by its name in the configuration, whether it could be read or not', async () => {
  const fleet = {
    documents: [drifted(POLICY, state(), { cluster: 'eu (10.0.0.1:27017)', id: 'eu' })],
    unread: [{ cluster: 'us', message: 'no answer' }],
  };
  const names = ({ clusters }: { clusters: { cluster: string }[] }) => clusters.map(({ cluster }) => cluster);
  const help = { version: '1', ruleHelp: () => undefined };
  for (const [schema, format] of [
    ['drift-fleet', formatDrift],
    ['drift-checklist', formatChecklist],
  ] as const) {
    const report = JSON.parse(await format('json', fleet, help, plain));
    assertFits(schema, report);
    assert.deepEqual(names(report), ['eu', 'us']);
  }
});

test('in SARIF a finding of a cluster is known by the same whatever its sentence says', () => {
  const facts = { version: '1', ruleHelp: () => undefined };
  const prints = (cluster: string, id: string) => {
    const documents = [
      drifted(POLICY, state({ users: USERS }), { cluster, id }),
      drifted(POLICY, state(), { id: 'x' }),
    ];
    const { runs } = JSON.parse(sarifFormat(fleetFindings({ documents, unread: [] }, facts)));
    return runs[0].results.map(({ partialFingerprints }: { partialFingerprints: object }) => partialFingerprints);
  };
  assert.deepEqual(prints('eu (old-host)', 'eu'), prints('eu (new-host)', 'eu'));
  assert.notDeepEqual(prints('eu', 'eu'), prints('us', 'us'));
});
