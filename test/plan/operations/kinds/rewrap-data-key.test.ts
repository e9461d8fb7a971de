import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsLike } from '../../../../src/plan/operations/commands.ts';
import { collection, dataKey } from '../../../support/build.ts';
import { operationOf, specify } from './specify.ts';

const ns = { db: 'x', collection: 'keys' };
const key = { keyAltName: 'pii' };
const [local, other] = [{ provider: 'local' }, { provider: 'local:other' }];
const updateDate = '2026-01-01T00:00:00.000Z';
const change = {
  kind: 'rewrapDataKey',
  before: { ns, key, masterKey: local, updateDate },
  after: { ns, key, masterKey: other },
} as const;
const databases = [{ name: 'x', collections: [collection('keys')] }];
const { updateDate: _until, ...rewrapped } = dataKey(['pii'], { masterKey: other });

specify({
  change,
  heading: '~ rewrap data key x.keys "pii"',
  from: { databases, keyVaults: [{ ns: 'x.keys', keys: [dataKey(['pii']), dataKey(['z'])] }] },
  to: { databases, keyVaults: [{ ns: 'x.keys', keys: [rewrapped, dataKey(['z'])] }] },
  moves: [],
  undone: ['its master key stays the one that seals it now'],
  entry: `# 1. rewrap data key x.keys "pii"
# undone by: nothing, its master key stays the one that seals it now
- kind: rewrapDataKey
  target: { db: x, collection: keys, keyAltName: pii }
  reason: why
  before: { masterKey: { provider: local }, updateDate: 2026-01-01T00:00:00.000Z }
  after: { masterKey: { provider: local:other } }`,
});

test('rewrapDataKey looks the key up in its vault, and updates it there', () => {
  assert.deepEqual(commandsLike(operationOf(change)), [
    { db: 'x', command: { find: 'keys' } },
    { db: 'x', command: { update: 'keys', updates: [{ q: {}, u: { $set: {} } }] } },
  ]);
});
