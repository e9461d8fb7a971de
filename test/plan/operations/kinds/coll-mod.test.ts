import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeOperation } from '../../../../src/plan/operations/make-operation.ts';
import { reverseMigration } from '../../../../src/plan/reverse.ts';
import { collection } from '../../../support/build.ts';
import { operationOf, specify, specifyCommands, undo } from './specify.ts';

const NS = { db: 'x', collection: 'y' };
const VALIDATION = { validator: { a: 1 }, validationLevel: 'strict', validationAction: 'error' };
const LOOSE = { ...VALIDATION, validationAction: 'warn' };
const withOptions = (options: Readonly<Record<string, unknown>>) => ({
  databases: [{ name: 'x', collections: [collection('y', { options })] }],
});

specify({
  change: { kind: 'collMod', before: { ns: NS }, after: { ns: NS, ...VALIDATION } },
  heading: '~ change validation of x.y',
  from: withOptions({ capped: true }),
  to: withOptions({ capped: true, ...VALIDATION }),
  moves: [],
  undone: ['what was there before lets more through: --allow-unprotect restores it'],
  entry: `# 1. change validation of x.y
# undone by: nothing, what was there before lets more through: --allow-unprotect restores it
- kind: collMod
  target: { db: x, collection: y }
  reason: why
  before: {}
  after:
    validator:
      a: 1
    validationLevel: strict
    validationAction: error`,
});

specifyCommands({
  collMod: [
    { kind: 'collMod', before: { ns: NS }, after: { ns: NS, ...VALIDATION } },
    { db: 'x', command: { collMod: 'y', ...VALIDATION } },
  ],
  'collMod that takes the validator away': [
    { kind: 'collMod', before: { ns: NS, ...VALIDATION }, after: { ns: NS } },
    { db: 'x', command: { collMod: 'y', validator: {}, validationLevel: 'strict', validationAction: 'error' } },
  ],
});

test('collMod: what let more through before is restored where that is allowed', () => {
  const [before, after] = [
    { ns: NS, ...LOOSE },
    { ns: NS, ...VALIDATION },
  ];
  const back = { kind: 'collMod', before: after, after: before };
  assert.deepEqual(undo({ kind: 'collMod', before, after }, { allowUnprotect: true }), [back]);
});

test('collMod: validation that became looser is tightened again without being asked', () => {
  const [before, after] = [
    { ns: NS, ...VALIDATION },
    { ns: NS, ...LOOSE },
  ];
  assert.deepEqual(undo({ kind: 'collMod', before, after }), [{ kind: 'collMod', before: after, after: before }]);
});

test('collMod: a change of level and action alone has an id of its own', () => {
  const [loose, tight, other] = [LOOSE, VALIDATION, { ...VALIDATION, validator: { b: 1 } }].map((one) => ({
    ns: NS,
    ...one,
  }));
  assert.ok(loose && tight && other);
  const ids = [[loose, tight] as const, [tight, other] as const].map(
    ([before, after]) => operationOf({ kind: 'collMod', before, after }).id,
  );
  assert.deepEqual(ids, ['collMod x.y level', 'collMod x.y']);
});

test('collMod: what stays keeps what was changed before it on the same collection', () => {
  const [first, second, third] = [{ validator: { b: 1 }, validationAction: 'warn' }, LOOSE, VALIDATION].map((one) => ({
    ns: NS,
    ...one,
  }));
  assert.ok(first && second && third);
  const steps = [[first, second] as const, [second, third] as const].map(([before, after]) =>
    makeOperation({ kind: 'collMod', before, after }, { text: 'why' }),
  );
  assert.deepEqual(
    reverseMigration(steps).kept.map(({ why }) => why),
    [
      'what was there before lets more through: --allow-unprotect restores it',
      'what followed it on the same collection stays',
    ],
  );
});
