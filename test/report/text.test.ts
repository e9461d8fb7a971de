import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftReport } from '../../src/drift/report.ts';
import type { LintReport } from '../../src/lint/lint.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { Problem } from '../../src/policy/problem.ts';
import { driftText } from '../../src/report/drift-text.ts';
import { evidenceOf } from '../../src/report/evidence.ts';
import { wrap } from '../../src/report/layout.ts';
import { lintText } from '../../src/report/lint-text.ts';
import { coloured, plain } from '../../src/report/paint.ts';
import { planText } from '../../src/report/plan-text.ts';
import { intent, owned, role, state, user } from '../support/build.ts';
import { CLUSTER, EVIDENCE, NO_EVIDENCE, POLICY, TODAY, tooWide } from './cases.ts';

const PLAN = `Who gains access: 2 accounts: app@admin, service@admin

~ app@admin
    keeps  items@admin, readWrite@audit
    gains  insert on orders.items
    loses  remove on orders.items
    items@admin changes: the policy says so (policy.yaml:6)

+ service@admin
    holds  writer@audit
    gains  insert on audit.logs
    the policy says so (policy.yaml:8)

Objects:

- drop index audit.logs.$ttl
    the index deletes documents after 3600 s, and the policy keeps them longer
    (policy.yaml:10)
    -index:
    -  name: ttl
    -  key:
    -    timestamp: 1
    -  expireAfterSeconds: 3600

+ create role writer@audit
    the policy says so (policy.yaml:5)
    +privileges:
    +  audit.logs:
    +    - insert

~ grant privileges to role items@admin
    then revoke privileges from role
    the policy says so (policy.yaml:6)
     privileges:
       orders.items:
         - find
    -    - remove
    +    - insert

+ create user service@admin
    the policy says so (policy.yaml:8)
    +roles:
    +  - writer@audit
    +mechanisms:
    +  - SCRAM-SHA-256
    +password: read when it is applied, never shown

~ change validation of audit.logs
    the policy says so (policy.yaml:10)
    +validator:
    +  $jsonSchema:
    +    bsonType: object
    +validationLevel: strict
    +validationAction: error

! user gone@admin has left the policy: --prune drops it

2 to create, 3 to change, 1 to drop; 3 entries in the ownership record. 1
break-glass account exempt.`;

test('a plan, from the first operation to the last line', () => {
  const text = planText(makePlan(POLICY, CLUSTER), plain);
  assert.equal(text, PLAN);
  assert.deepEqual(tooWide(text), []);
});

test('a plan with nothing in it says so', () => {
  assert.equal(planText(makePlan(intent(''), state()), plain), 'Nothing to do: the cluster is as the policy "p" says.');
});

test('a plan on top of pending migrations names them', () => {
  assert.equal(
    planText(makePlan(intent(''), state()), plain, { pending: [{ name: '20260131120000_a.yaml' }] }),
    `On top of 1 pending migration:
  20260131120000_a.yaml
migrate status shows who gains by it.

Nothing to do: with what is pending, the cluster will be as the policy "p" says.`,
  );
});

test('a plan with obstacles names them and is not to be applied', () => {
  const plan = makePlan(
    intent('users: {u@admin: {}}\nroles: {a@admin: {}}\n'),
    state({ objects: [owned('role', 'a@admin', true, 'theirs'), owned('user', 'u@admin')] }),
  );
  const text = planText({ ...plan, operations: [], accounts: [] }, plain);
  assert.equal(
    text,
    `x the role a@admin belongs to the policy "theirs" (policy.yaml:4)
x the user u@admin does not exist and the policy names no password for it
  (policy.yaml:3)

This plan can't be applied: 2 obstacles.`,
  );
});

const DRIFT = `error protection/append-only policy.yaml:10
  app@admin can alter and destroy audit.logs through readWrite@audit. It can
  change documents of audit.logs and drop audit.logs. Revoke readWrite@audit, or
  name app@admin under breakGlass
  by app@admin → readWrite@audit → update on audit.*

error drift/changed policy.yaml:10
  the collection audit.logs is not as the policy says
    +validator:
    +  $jsonSchema:
    +    bsonType: object
    +validationLevel: strict
    +validationAction: error

error drift/changed policy.yaml:10
  the index ttl removes documents after 3600 s, and the policy keeps them
    -index:
    -  name: ttl
    -  key:
    -    timestamp: 1
    -  expireAfterSeconds: 3600

error drift/orphaned
  the user gone@admin has left the policy and still exists: migrate apply
  --prune drops it

error drift/changed policy.yaml:6
  the role items@admin is not as the policy says
     privileges:
       orders.items:
         - find
    -    - remove
    +    - insert

error drift/missing policy.yaml:8
  the user service@admin does not exist
    +roles:
    +  - writer@audit
    +mechanisms:
    +  - SCRAM-SHA-256

error drift/missing policy.yaml:5
  the role writer@audit does not exist
    +privileges:
    +  audit.logs:
    +    - insert

info drift/unrecorded
  the collection audit.logs is not in the cluster's record of what the policy
  owns: migrate apply records it

made      by mongoward 1.2.3
policy    "p", sha256 HASH
snapshot  prod.json, MongoDB 8.0.4, replica set
exempt    root@admin until 2027-06-30: owner
declared  kafka 3d, by p, reviewed on 2026-11-01, due again on 2027-04-30
not seen  databases.hr: not authorized on hr to execute command listCollections`;

test('a drift report, the worst first and the sum last', () => {
  const report = driftReport(POLICY, CLUSTER, { today: TODAY });
  const text = driftText(report, EVIDENCE, plain).replace(/(?<=sha256 )[0-9a-f]{16}/, 'HASH');
  const closing = text.slice(text.lastIndexOf('\n\n')).trim();
  assert.equal(text.slice(0, text.lastIndexOf('\n\n')), DRIFT);
  assert.equal(
    closing,
    'Drift from policy "p": 7 errors, 1 note. 1 part could not be seen. 1 break-glass\naccount exempt.',
  );
  assert.deepEqual(tooWide(text), []);
});

test('a cluster without drift is one line, besides what the report is made from', () => {
  const report = driftReport(intent(''), state(), { today: TODAY });
  assert.equal(driftText(report, NO_EVIDENCE, plain), 'made      by mongoward 1.2.3\n\nNo drift from policy "p".');
  assert.equal(
    driftText({ ...report, unreadable: [{ what: 'users', why: 'not authorized' }] }, NO_EVIDENCE, plain),
    'made      by mongoward 1.2.3\n\nNo drift in what could be seen from policy "p". 1 part could not be seen.',
  );
});

const LONG_POLICY = 'a'.repeat(63);
const LONG_ROLE = `${'r'.repeat(40)}@admin`;
const LONG_USER = `${'u'.repeat(40)}@admin`;
const LONG = intent(`
roles: {${LONG_ROLE}: {privileges: [{on: audit.logs, allow: [remove, insert]}]}}
users: {${LONG_USER}: {roles: [${LONG_ROLE}]}}
collections: {audit.logs: {protection: read-only, encryption: {keyVault: e.k, fields: {}}}}
attestations: [{control: ${'c'.repeat(40)}, value: ${'v'.repeat(60)}, owner: o, reviewedOn: 2026-01-01, reviewEvery: 30d}]
`);
const LONG_CLUSTER = state({
  roles: [role(LONG_ROLE)],
  users: [user(LONG_USER)],
  unreadable: [{ what: `databases.${'d'.repeat(50)}`, why: 'not authorized on it to execute command listCollections' }],
  objects: [owned('role', `gone-${LONG_ROLE}`), owned('user', LONG_USER, true, LONG_POLICY)],
});
const LONG_EVIDENCE = evidenceOf({
  today: TODAY,
  tool: 'mongoward 1.2.3',
  policies: [LONG],
  sources: [{ kind: 'cluster', name: `${'c'.repeat(40)} (${'h'.repeat(60)}:27017)`, state: LONG_CLUSTER }],
});
/** Every report, with long names. */
const WIDE: Readonly<Record<string, () => string>> = {
  'a plan': () => planText(makePlan(LONG, { ...LONG_CLUSTER, objects: [] }), plain),
  'a plan with obstacles and orphans': () => planText(makePlan(LONG, LONG_CLUSTER), plain),
  'a plan for a role with a name of sixty letters': () => {
    const name = `${'r'.repeat(54)}@admin`;
    const policy = intent(`roles: {${name}: {privileges: [{on: x.y, allow: [find]}]}}\n`);
    return planText(makePlan(policy, state({ roles: [role(name)] })), plain);
  },
  'a plan with nothing in it': () => planText({ ...makePlan(intent(''), state()), policy: LONG_POLICY }, plain),
  'a drift report': () => driftText(driftReport(LONG, LONG_CLUSTER, { today: TODAY }), LONG_EVIDENCE, plain),
  'a drift report without drift': () =>
    driftText(
      { ...driftReport(intent(''), state(), { today: TODAY }), policy: LONG_POLICY, breakGlass: 12 },
      NO_EVIDENCE,
      plain,
    ),
  'a drift report without drift in what could be seen': () =>
    driftText(
      {
        ...driftReport(intent(''), state(), { today: TODAY }),
        policy: LONG_POLICY,
        unreadable: LONG_CLUSTER.unreadable,
      },
      NO_EVIDENCE,
      plain,
    ),
  'a clean policy': () =>
    lintText({ ...CLEAN, policies: [LONG_POLICY, 'another', 'a third'], files: 3 }, () => [], LONG_EVIDENCE, plain),
};

for (const [what, text] of Object.entries(WIDE)) {
  test(`${what} fits a terminal, whatever the names: a line that is wider is one word`, () => {
    assert.deepEqual(tooWide(text()), []);
  });
}

const CLEAN: LintReport = {
  findings: [],
  suppressed: [],
  crashes: [],
  policies: ['p'],
  intents: [],
  broken: ['p'],
  files: 1,
};

const PROBLEM: Problem = {
  rule: 'document/schema',
  severity: 'error',
  message:
    'the value that stands here does not fit, and this sentence is long enough that it has to go on in another line',
  file: 'policies/audit-trail.yaml',
  line: 12,
  column: 5,
  path: '/roles',
};

test('what the linter found, errors last', () => {
  const text = lintText(
    { ...CLEAN, findings: [PROBLEM, { ...PROBLEM, severity: 'warning', message: 'short' }], files: 2 },
    () => [],
    NO_EVIDENCE,
    plain,
  );
  assert.equal(
    text,
    `warning document/schema policies/audit-trail.yaml:12:5
  short

error document/schema policies/audit-trail.yaml:12:5
  the value that stands here does not fit, and this sentence is long enough that
  it has to go on in another line

made      by mongoward 1.2.3

1 error, 1 warning in 2 files.`,
  );
  assert.deepEqual(tooWide(text), []);
});

test('a clean policy is one line, besides what the report is made from', () => {
  assert.equal(
    lintText(CLEAN, () => [], NO_EVIDENCE, plain),
    'made      by mongoward 1.2.3\n\nClean: policy "p" in 1 file.',
  );
});

test('colour changes nothing but the colour', () => {
  const bare = (text: string) => text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
  const text = planText(makePlan(POLICY, CLUSTER), coloured);
  assert.notEqual(text, bare(text));
  assert.equal(bare(text), planText(makePlan(POLICY, CLUSTER), plain));
  const report = driftReport(POLICY, CLUSTER, { today: TODAY });
  assert.equal(bare(driftText(report, EVIDENCE, coloured)), driftText(report, EVIDENCE, plain));
});

test('a text is broken at blanks; a longer word stands alone', () => {
  assert.equal(wrap('aa bb cc', 2, 7), 'aa bb\n  cc');
  assert.equal(wrap('a bbbbbbbbbb c', 0, 5), 'a\nbbbbbbbbbb\nc');
  assert.equal(wrap('', 4), '');
});
