/** What a migration's file tells of accounts, and what it does to them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToldChange } from '../../src/migrate/migration.ts';
import { toldChange, untoldGains } from '../../src/migrate/told-changes.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { intent, state, user } from '../support/build.ts';

const { accounts: CHANGES } = makePlan(
  intent('users: { billing@admin: { roles: [dbOwner@crm, readWriteAnyDatabase@admin] } }\n'),
  state({ users: [user('billing@admin', ['read@crm'])], databases: [{ name: 'crm', collections: [] }] }),
);

test('a file that tells all of it is believed', () => {
  assert.deepEqual(untoldGains(CHANGES.map(toldChange), CHANGES), []);
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

test('a database that somebody has made since is no news where the whole was told', () => {
  const { accounts: later } = makePlan(
    intent('users: { billing@admin: { roles: [dbOwner@crm, readWriteAnyDatabase@admin] } }\n'),
    state({
      users: [user('billing@admin', ['read@crm'])],
      databases: ['crm', 'new'].map((name) => ({ name, collections: [] })),
    }),
  );
  assert.deepEqual(untoldGains(CHANGES.map(toldChange), later), []);
});

test('a file of old tells nothing, and is held against the policies alone', () => {
  assert.deepEqual(untoldGains(undefined, CHANGES), []);
});
