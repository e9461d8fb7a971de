/** Documents that a collection has kept or logged beside itself: they are read there, without a right on the collection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circumstancesOf } from '../../src/access/circumstances.ts';
import { stateAmong } from '../../src/access/intent-state.ts';
import { violationsOf } from '../../src/access/violations.ts';
import { databaseTarget } from '../../src/model/resource.ts';
import type { CollectionOptions } from '../../src/state/state.ts';
import { collection, intent, state } from '../support/build.ts';
import { LOGS } from '../support/circumstances.ts';

const VALIDATOR = { $jsonSchema: { required: ['event'] } };

const CASES: readonly (readonly [what: string, options: CollectionOptions, kept: boolean, logged: boolean])[] = [
  ['a plain collection', {}, false, false],
  ['one with pre-images', { changeStreamPreAndPostImages: { enabled: true } }, true, false],
  ['one with pre-images turned off', { changeStreamPreAndPostImages: { enabled: false } }, false, false],
  ['a validator that refuses', { validator: VALIDATOR }, false, false],
  ['a validator that says to refuse', { validator: VALIDATOR, validationAction: 'error' }, false, false],
  ['a validator that warns', { validator: VALIDATOR, validationAction: 'warn' }, false, true],
  ['a validator that refuses and logs', { validator: VALIDATOR, validationAction: 'errorAndLog' }, false, true],
  [
    'a validator that would warn and is off',
    { validator: VALIDATOR, validationAction: 'warn', validationLevel: 'off' },
    false,
    false,
  ],
  ['warnings without a validator', { validationAction: 'warn' }, false, false],
];

test('what the policy says of a validator counts, also where nothing else is known', () => {
  const policy = intent(`
collections: { audit.logs: { access: { read: [] }, schema: { required: [event] }, validationAction: warn } }
roles: { metrics@admin: { privileges: [{ on: cluster, allow: [serverStatus, getLog] }] } }
users: { exporter@admin: { roles: [metrics@admin], password: { fromEnv: P } } }
`);
  const [violation, ...others] = violationsOf([policy], stateAmong(policy, []));
  assert.deepEqual(others, []);
  assert.deepEqual(violation?.path, ['exporter@admin', 'metrics@admin', 'getLog on cluster']);
  assert.match(violation?.fact ?? '', /It can read documents of audit\.logs that its validator logs$/);
});

for (const [what, options, kept, logged] of CASES) {
  test(`${what} keeps ${kept ? '' : 'no '}pre-images and logs ${logged ? '' : 'no '}documents`, () => {
    const databases = [{ name: 'audit', collections: [collection('other'), collection('logs', { options })] }];
    for (const subject of [LOGS, databaseTarget('audit')]) {
      const { keepsPreImages, logsDocuments } = circumstancesOf(state({ databases }), subject);
      assert.deepEqual([keepsPreImages, logsDocuments], [kept, logged]);
    }
  });
}
