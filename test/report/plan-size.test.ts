/** A plan for a cluster that others have left, as a person reads it: who gains first, the rest in two screens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan } from '../../src/plan/plan.ts';
import { evidenceOf } from '../../src/report/evidence.ts';
import { inWidth, plain } from '../../src/report/paint.ts';
import { planText } from '../../src/report/plan-text.ts';
import { collection, intent, role, state, user } from '../support/build.ts';
import { TODAY, tooWide } from './cases.ts';

const DATABASES = Array.from({ length: 20 }, (_, n) => `db${n}`);

/** Thirty accounts: applications, people, tools; one of them is to gain. */
const CLUSTER = state({
  roles: [
    role('appCommon@admin', { '*.features': ['find'] }),
    role('support@admin', { '*.*': ['find', 'listCollections'] }, ['read@db1']),
  ],
  users: [
    user('root@admin', ['root@admin']),
    user('bi@admin', ['readAnyDatabase@admin']),
    user('etl@admin', ['readWriteAnyDatabase@admin']),
    user('legacy@admin', ['readWriteAnyDatabase@admin', 'dbAdminAnyDatabase@admin']),
    user('service@admin', ['readWrite@audit', 'readWrite@db0']),
    user('monitoring@admin', ['clusterMonitor@admin']),
    ...DATABASES.slice(0, 15).map((db) => user(`${db}-app@admin`, [`readWrite@${db}`, 'appCommon@admin'])),
    ...DATABASES.slice(15).map((db) => user(`${db}-svc@${db}`, [`dbOwner@${db}`])),
    ...['jo', 'kim', 'lee', 'max'].map((name) => user(`${name}@admin`, ['support@admin'])),
  ],
  databases: ['audit', ...DATABASES].map((name) => ({ name, collections: [collection('logs')] })),
});

const POLICY = intent(`
collections: {audit.logs: {protection: append-only, access: {insert: [service@admin], read: [auditor@admin]}, remedy: rewrite}}
roles:
  writer@audit: {privileges: [{on: audit.logs, allow: insert-only}]}
  reader@audit: {privileges: [{on: audit.logs, allow: read-only}]}
users:
  service@admin: {roles: [writer@audit, readWrite@db0]}
  auditor@admin: {roles: [reader@audit], password: {fromEnv: P}}
restrictions: [{users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite}]
breakGlass: [{user: root@admin, reason: owner, until: 2027-06-30}]
`);

const plan = makePlan(POLICY, CLUSTER, { today: TODAY });
const evidence = evidenceOf({
  today: TODAY,
  tool: 'mongoward 1.2.3',
  policies: [POLICY],
  sources: [{ kind: 'snapshot', name: 'prod.json', state: CLUSTER }],
});

test('a plan for thirty accounts begins with who gains, and fits two screens', () => {
  assert.equal(CLUSTER.users?.length, 30);
  const text = planText(plan, plain, { evidence });
  assert.equal(
    text.split('\n').slice(0, 6).join('\n'),
    `Who gains access: 1 account

+ auditor@admin
    holds  reader@audit
    gains  collStats, find, listIndexes on audit.logs
    the policy says so (policy.yaml:8)`,
  );
  assert.match(text, /^~ 14 accounts: db1-app@admin|^~ 15 accounts: db0-app@admin/m);
  assert.ok(text.split('\n').length <= 100, String(text.split('\n').length));
  assert.deepEqual(tooWide(text), []);
});

test('in full, nothing is folded', () => {
  const text = planText(plan, plain, { evidence, full: true });
  for (const { user: name, db } of CLUSTER.users ?? []) {
    if (db === 'admin' && name !== 'root') assert.ok(text.includes(`${name}@admin`), name);
  }
  assert.doesNotMatch(text, /--full|more lines| other place/);
});

test('a wider terminal has fewer lines, and none that is wider', () => {
  const wide = planText(plan, inWidth(plain, 200), { evidence });
  assert.ok(wide.split('\n').length < planText(plan, plain, { evidence }).split('\n').length);
  assert.deepEqual(
    wide.split('\n').filter((line) => line.length > 200),
    [],
  );
});

test('ten thousand operations are counted by kind; the ten largest gains are shown', () => {
  const many = intent(
    `roles: {r@admin: {privileges: [{on: a.b, allow: [find]}]}}\nusers:\n${Array.from(
      { length: 5000 },
      (_, n) =>
        `  u${n}@admin: {roles: [${n % 400 === 0 ? 'readWrite@a' : `read@d${n % 300}`}], password: {fromEnv: P}}\n`,
    ).join('')}`,
  );
  const big = makePlan(many, state(), { today: TODAY });
  assert.ok(big.operations.length >= 10_000);
  const text = planText(big, plain, { evidence });
  assert.match(text, /^5000 accounts gain access, 0 gain none\. The 10 largest gains follow; --full\nshows all\.$/m);
  assert.match(text, /^ {4}5000 times create user$/m);
  assert.equal(text.match(/^\+ /gm)?.length, 10);
});
