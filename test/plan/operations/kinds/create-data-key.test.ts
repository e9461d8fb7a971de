import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsLike } from '../../../../src/plan/operations/commands.ts';
import { collection } from '../../../support/build.ts';
import { operationOf, specify } from './specify.ts';

const masterKey = { provider: 'local' };
const change = {
  kind: 'createDataKey',
  after: { ns: { db: 'x', collection: 'keys' }, key: { keyAltName: 'pii' }, masterKey },
} as const;
const databases = [{ name: 'x', collections: [collection('keys')] }];

specify({
  change,
  heading: '+ create data key x.keys "pii"',
  from: { databases, keyVaults: [{ ns: 'x.keys', keys: [] }] },
  to: { databases, keyVaults: [{ ns: 'x.keys', keys: [{ keyAltNames: ['pii'], masterKey, status: 0 }] }] },
  moves: [],
  undone: ['what was sealed with the key could never be read again'],
  entry: `# 1. create data key x.keys "pii"
# undone by: nothing, what was sealed with the key could never be read again
- kind: createDataKey
  target: { db: x, collection: keys, keyAltName: pii }
  reason: why
  after: { masterKey: { provider: local } }`,
});

test('createDataKey looks the key up in its vault, and inserts it there', () => {
  assert.deepEqual(commandsLike(operationOf(change)), [
    { db: 'x', command: { find: 'keys' } },
    { db: 'x', command: { insert: 'keys', documents: [{}] } },
  ]);
});
