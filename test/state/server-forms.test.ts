import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSnapshot, parseSnapshot } from '../../src/state/snapshot.ts';

const snapshot = (role: object): string =>
  JSON.stringify({
    mongowardSnapshot: 1,
    server: { version: '8.3.0' },
    roles: [{ role: 'r', db: 'admin', roles: [], ...role }],
  });

test('the buckets of any time series, as servers from 5.0 on answer them, are those of any database', () => {
  const state = parseSnapshot(snapshot({ privileges: [{ resource: { system_buckets: '' }, actions: ['find'] }] }));
  assert.deepEqual(state.roles?.[0]?.privileges, [{ resource: { db: '', system_buckets: '' }, actions: ['find'] }]);
  assert.deepEqual(parseSnapshot(formatSnapshot(state)), state);
});

test('authentication restrictions are read as rolesInfo answers them, in one list more than createRole takes', () => {
  const restriction = { clientSource: ['10.0.0.0/8'] };
  const nested = parseSnapshot(snapshot({ privileges: [], authenticationRestrictions: [[restriction]] }));
  const plain = parseSnapshot(snapshot({ privileges: [], authenticationRestrictions: [restriction] }));
  assert.deepEqual(nested, plain);
  assert.deepEqual(nested.roles?.[0]?.authenticationRestrictions, [restriction]);
});
