/** A plan for a cluster that others have left, as a person reads it: who gains first, the rest in two screens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan } from '../../src/plan/plan.ts';
import { inWidth, plain } from '../../src/report/paint.ts';
import { planText } from '../../src/report/plan-text.ts';
import { intent, role, state, user } from '../support/build.ts';
import { TODAY, tooWide } from './cases.ts';
import { ESTATE, ESTATE_EVIDENCE, KEEP_OUT } from './thirty-accounts.ts';

const plan = makePlan(KEEP_OUT, ESTATE, { today: TODAY });
const evidence = ESTATE_EVIDENCE;

test('a plan for thirty accounts begins with who gains, and fits two screens', () => {
  assert.equal(ESTATE.users?.length, 30);
  const text = planText(plan, plain, { evidence });
  assert.equal(
    text.split('\n').slice(0, 6).join('\n'),
    `Who gains access: 1 account

+ auditor@admin
    holds  reader@audit
    gains  collStats, find, listIndexes on audit.logs
    the policy says so (policy.yaml:10)`,
  );
  assert.match(text, /^~ 14 accounts: db1-app@admin|^~ 15 accounts: db0-app@admin/m);
  assert.ok(text.split('\n').length <= 100, String(text.split('\n').length));
  assert.deepEqual(tooWide(text), []);
});

test('where several gain, all of their names stand above everything else, groups apart from accounts', () => {
  const policy = intent(`
roles: {oncall@admin: {privileges: [{on: a.b, allow: [find]}]}}
users: {a@admin: {roles: [read@a], password: {fromEnv: P}}, oncall@admin: {roles: [read@b], password: {fromEnv: P}}}
`);
  const text = planText(makePlan(policy, state(), { today: TODAY }), plain);
  assert.equal(
    text.slice(0, text.indexOf('\n\n')),
    `Who gains access: 2 accounts and 1 role for groups: a@admin, oncall@admin,
whoever is given oncall@admin`,
  );
});

test('--full folds nothing', () => {
  const text = planText(plan, plain, { evidence, full: true });
  for (const { user: name, db } of ESTATE.users ?? []) {
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

test('ten thousand operations are counted by kind; the ten widest gains are shown, however few gain them', () => {
  const many = intent(
    `roles: { all@admin: { privileges: [{ on: any, allow: [anyAction] }] } }
users:\n${Array.from(
      { length: 5000 },
      (_, n) =>
        `  u${n}@admin: {roles: [${n === 4321 ? 'all@admin' : n % 400 === 0 ? 'readWrite@a' : `read@d${n % 300}`}], password: {fromEnv: P}}\n`,
    ).join('')}`,
  );
  const big = makePlan(many, state(), { today: TODAY });
  assert.ok(big.operations.length >= 10_000);
  const text = planText(big, plain, { evidence });
  const head =
    /^5000 accounts gain access, 0 gain none\. The 10 widest gains follow\. --full shows\nall\.\n\n\+ u4321@admin\n {4}holds {2}all@admin\n {4}gains {2}anyAction on any$/m;
  assert.match(text, head);
  assert.match(text, /^ {4}5000 times create user$/m);
  assert.equal(text.match(/^\+ u|^\+ \d+ accounts/gm)?.length, 10);
});

test('where many gain the same, whatever else they hold, every gain is told', () => {
  const roles = [role('team@admin', { 'shop.x': ['find'] })];
  const users = Array.from({ length: 300 }, (_, n) => user(`u${n}@admin`, ['team@admin', `read@d${n}`]));
  const policy = intent(`roles: { team@admin: { privileges: [{ on: shop.x, allow: [find, remove] }] } }
users: { u7@admin: { roles: [dbOwner@crm], adopted: true } }
`);
  const text = planText(makePlan(policy, state({ roles, users }), { today: TODAY }), plain);
  const told = text.slice(text.indexOf('~ 299 accounts'));
  assert.match(
    told,
    /and 199 more\n {4}keeps {2}the roles that each has\. --full names them\n {4}gains {2}remove on shop\.x$/m,
  );
  assert.match(text, /^~ u7@admin\n {4}holds .*\n {4}then {3}dbOwner@crm$/m);
});
