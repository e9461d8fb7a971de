/** What a migration's file tells of accounts, and what it does to them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untoldGains, untrueChanges } from '../../src/migrate/head-problems.ts';
import type { ToldChange } from '../../src/migrate/migration.ts';
import { toldChange, toldChanges, toldToday } from '../../src/migrate/told-changes.ts';
import { accountChanges } from '../../src/plan/account-changes.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { intent, role, state, user } from '../support/build.ts';

const { accounts: CHANGES } = makePlan(
  intent('users: { billing@admin: { roles: [dbOwner@crm, readWriteAnyDatabase@admin] } }\n'),
  state({ users: [user('billing@admin', ['read@crm'])], databases: [{ name: 'crm', collections: [] }] }),
);

test('a head that tells every gain is believed', () => {
  assert.deepEqual(untoldGains(CHANGES.map(toldChange), CHANGES), []);
});

test('the journal keeps what it can hold, and says how many more gain', () => {
  const many = Array.from({ length: 3000 }, (_, at) =>
    CHANGES.map((change) => ({ ...change, accounts: [`billing${at}@admin`] })),
  ).flat();
  const { gains = [], moreGain = 0, warnings } = toldToday(many, []);
  assert.ok(JSON.stringify(gains).length <= 210_000);
  assert.equal(gains.length + moreGain, many.length);
  assert.equal(warnings, undefined);
});

test('a gain that is not told is named', () => {
  const without = CHANGES.map(toldChange).map(
    (told): ToldChange => ({
      ...told,
      gains: (told.gains ?? []).map(({ on, actions }) => ({
        on,
        actions: actions.filter((each) => each !== 'dropUser'),
      })),
    }),
  );
  assert.deepEqual(untoldGains(without, CHANGES), ['billing@admin gains dropUser on crm.*']);
  assert.ok(untoldGains([], CHANGES).length > 3);
});

test('a gain on a database made since the plan is told where the head tells of all databases', () => {
  const { accounts: later } = makePlan(
    intent('users: { billing@admin: { roles: [dbOwner@crm, readWriteAnyDatabase@admin] } }\n'),
    state({
      users: [user('billing@admin', ['read@crm'])],
      databases: ['crm', 'new'].map((name) => ({ name, collections: [] })),
    }),
  );
  assert.deepEqual(untoldGains(CHANGES.map(toldChange), later), []);
});

test('a head that tells of no account is wrong where somebody gains, and right where nobody does', () => {
  assert.deepEqual(untoldGains(undefined, CHANGES), untoldGains([], CHANGES));
  assert.ok(untoldGains(undefined, CHANGES).length > 3);
  assert.deepEqual(
    untoldGains(
      undefined,
      CHANGES.map((change) => ({ ...change, gains: [] })),
    ),
    [],
  );
});

test('a role for groups is told from the account of the same name', () => {
  const before = state({ users: [user('oncall@admin')] });
  const after = state({ users: [user('oncall@admin')], roles: [role('oncall@admin', { 'billing.ledger': ['find'] })] });
  const changes = accountChanges(before, after, []);
  const told = toldChanges(changes);
  assert.deepEqual(
    told.map(({ accounts }) => accounts),
    [['whoever is given oncall@admin']],
  );
  assert.deepEqual(untoldGains(told, changes), []);
  assert.deepEqual(untrueChanges(told, changes, after, true), []);
  const ofTheAccount = told.map((each) => ({ ...each, accounts: ['oncall@admin'] }));
  assert.deepEqual(untoldGains(ofTheAccount, changes), ['whoever is given oncall@admin gains find on billing.ledger']);
});

test('accounts that only lose the same are told together; each account that gains is told in full', () => {
  const users = ['a', 'b'].map((name) => user(`${name}@admin`, ['read@audit', `read@${name}`]));
  const before = state({ users: [...users, user('c@admin', ['read@audit'])] });
  const after = state({
    users: [...['a', 'b'].map((name) => user(`${name}@admin`, [`read@${name}`])), user('c@admin', ['readWrite@audit'])],
  });
  const changes = accountChanges(before, after, []);
  const [gaining, losing, ...rest] = toldChanges(changes);
  assert.deepEqual(rest, []);
  assert.deepEqual(gaining, toldChange(changes[0] ?? assert.fail()));
  const { loses: _loses, ...told } = losing ?? assert.fail();
  assert.deepEqual(told, { accounts: ['a@admin', 'b@admin'], holds: ['read@audit'], others: 'stay' });
  assert.deepEqual(untoldGains(toldChanges(changes), changes), []);
});
