import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circumstancesOf } from '../../src/access/circumstances.ts';
import type { CollectionOptions } from '../../src/state/state.ts';
import { collection, state } from '../support/build.ts';
import { LOGS, techniquesOf } from '../support/circumstances.ts';

const USUAL = { esc: 'enxcol_.logs.esc', ecoc: 'enxcol_.logs.ecoc' };

function encryptedState(options: CollectionOptions) {
  const databases = [{ name: 'audit', collections: [collection('logs', { options })] }];
  return circumstancesOf(state({ databases }), LOGS).encryptedState;
}

test('the state of Queryable Encryption lies where the collection says, or where it usually does', () => {
  assert.equal(encryptedState({}), undefined);
  assert.deepEqual(encryptedState({ encryptedFields: { fields: [] } }), USUAL);
  assert.deepEqual(encryptedState({ encryptedFields: { escCollection: 'a', ecocCollection: 'b', fields: [] } }), {
    esc: 'a',
    ecoc: 'b',
  });
});

for (const [holds, gives] of [
  ['remove on audit.enxcol_.logs.esc', ['encrypted-state-remove']],
  ['update on audit.enxcol_.logs.esc', ['encrypted-state-update']],
  ['dropCollection on audit.enxcol_.logs.esc', ['encrypted-state-drop']],
  ['convertToCapped on audit.enxcol_.logs.esc', ['encrypted-state-convert-to-capped']],
  ['convertToCapped on audit.enxcol_.logs.ecoc', ['encrypted-state-cap-list']],
  [
    'createIndex on audit.enxcol_.logs.esc, update on audit.enxcol_.logs.esc',
    ['encrypted-state-update', 'encrypted-state-ttl-index', 'encrypted-state-refusing-index'],
  ],
  ['createIndex on audit.enxcol_.logs.esc', ['encrypted-state-refusing-index']],
  ['createIndex on audit.enxcol_.logs.ecoc', ['encrypted-state-refusing-index']],
  ['collMod on audit.enxcol_.logs.esc', ['encrypted-state-strict-validator']],
  ['collMod on audit.enxcol_.logs.ecoc', ['encrypted-state-strict-validator']],
  [
    'dropCollection on audit.enxcol_.logs.esc, createCollection on audit.enxcol_.logs.esc',
    ['encrypted-state-drop', 'encrypted-state-replace'],
  ],
  [
    'dropCollection on audit.enxcol_.logs.ecoc, createCollection on audit.enxcol_.logs.ecoc',
    ['encrypted-state-replace-list'],
  ],
  ['dropCollection on audit.enxcol_.logs.ecoc, createCollection on audit.enxcol_.logs.esc', []],
  ['remove on audit.enxcol_.logs.ecoc', []],
  ['find on audit.enxcol_.logs.esc', []],
  ['remove on audit.enxcol_.other.esc', []],
] as const) {
  test(`beside a collection of Queryable Encryption: ${holds} gives ${gives.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(techniquesOf(holds, { encryptedState: USUAL }), gives);
    assert.deepEqual(techniquesOf(holds), []);
  });
}

test('what Queryable Encryption keeps beside a collection counts from 6.0 on, which had it first', () => {
  const remove = 'remove on audit.enxcol_.logs.esc';
  const given = (version: string) => techniquesOf(remove, { encryptedState: USUAL, version });
  assert.deepEqual(given('6.0.0'), ['encrypted-state-remove']);
  assert.deepEqual(given('5.0.0'), []);
});
