/** What every report says of its origin: the program, the day, the policies, the states, who is exempt, what is declared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceOf, evidenceText } from '../../src/report/evidence.ts';
import { plain } from '../../src/report/paint.ts';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { inFolder, mongoward } from '../cli/terminal.ts';
import { intent, state, user } from '../support/build.ts';
import { CLUSTER, TODAY, tooWide } from './cases.ts';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: trail }
collections:
  audit.logs: { protection: append-only }
restrictions:
  - { users: "*", except: [app@admin], on: audit.*, deny: [read] }
breakGlass:
  - { user: root@admin, reason: cluster owner of last resort, until: 2027-06-30 }
  - { user: old@admin, reason: the move, until: 2026-01-31 }
attestations:
  - { control: kafka-retention, value: 3d, owner: platform, reviewedOn: 2026-11-01, reviewEvery: 180d }
  - { control: grafana-retention, value: 45d, owner: metrics, reviewedOn: 2025-01-01, reviewEvery: 30d }
`;

const compiled = intent(POLICY.split('\n').slice(2).join('\n'));

test('the text names each exemption with its reason and day, and each attestation with its owner and day', () => {
  const evidence = evidenceOf({
    now: new Date('2026-11-23T12:00:00Z'),
    today: TODAY,
    tool: 'mongoward 1.2.3',
    policies: [compiled],
    sources: [
      { kind: 'cluster', name: 'prod (db1:27017)', state: { ...CLUSTER, operator: { user: 'ops', db: 'admin' } } },
    ],
  });
  const text = evidenceText(evidence, plain).replace(/(?<=sha256 )[0-9a-f]{16}/, 'HASH');
  assert.equal(
    text,
    `made      2026-11-23 12:00:00 UTC by mongoward 1.2.3
policy    "p", sha256 HASH
cluster   prod (db1:27017), MongoDB 8.0.4, replica set, read as ops@admin
exempt    root@admin until 2027-06-30: cluster owner of last resort
exempt    app@admin from the restriction on audit.*
ended     old@admin was exempt until 2026-01-31: the move
declared  kafka-retention 3d, by platform, reviewed on 2026-11-01, due again on
          2027-04-30
declared  grafana-retention 45d, by metrics, reviewed on 2025-01-01, overdue
          since 2025-01-31
not seen  databases.hr: not authorized on hr to execute command listCollections`,
  );
  assert.deepEqual(tooWide(text), []);
});

test('with several policies, each exemption names its policy', () => {
  const other = { ...intent(''), policy: 'other' };
  const text = evidenceText(evidenceOf({ today: TODAY, tool: 't', policies: [compiled, other] }), plain);
  assert.match(text, /^exempt {4}root@admin until 2027-06-30: .* \(policy\n? *"p"\)$/m);
});

const REPORTS: Readonly<Record<string, readonly string[]>> = {
  'policy lint': ['text', 'json', 'markdown', 'sarif', 'junit'],
  'migrate plan --snapshot s.json': ['text', 'json', 'markdown', 'sarif', 'junit'],
  'drift report --snapshot s.json': ['text', 'json', 'markdown', 'sarif', 'junit'],
  'policy who alter audit.logs': ['text', 'json'],
  'policy diff policies s.json': ['text', 'json'],
};

for (const [line, formats] of Object.entries(REPORTS)) {
  for (const format of formats) {
    test(`${line} --format ${format}: dated, and the same bytes without the date`, async () => {
      await inFolder({ 'policies/p.yaml': POLICY, 's.json': formatSnapshot(state()) }, async (cwd) => {
        const run = async (...more: readonly string[]) =>
          (await mongoward([...line.split(' '), '--format', format, ...more], { cwd })).out;
        const dated = await run();
        assert.match(dated, /2026-11-23[ T]12:00:00/);
        for (const said of [/mongoward \d/, /\btrail\b/, /cluster owner of last resort/, /platform/, /2027-06-30/]) {
          assert.match(dated, said);
        }
        const undated = await run('--no-timestamp');
        assert.doesNotMatch(undated, /2026-11-23[ T]12:00:00/);
        assert.equal(undated, await run('--no-timestamp'));
      });
    });
  }
}

const ASKED = [
  'policy who alter audit.logs --snapshot s.json',
  'policy who audit.logs --snapshot s.json',
  'policy can app@admin remove audit.logs --snapshot s.json',
  'policy diff s.json s.json',
];

for (const line of ASKED) {
  test(`${line}: a role that is granted and defined nowhere may give anything, and is named as not seen`, async () => {
    const actual = state({ users: [user('app@admin', ['ghost@audit'])] });
    await inFolder({ 's.json': formatSnapshot(actual) }, async (cwd) => {
      const { out } = await mongoward(line.split(' '), { cwd });
      assert.match(out, /^not seen {2}roles\.ghost@audit: it is granted/m);
    });
  });
}
