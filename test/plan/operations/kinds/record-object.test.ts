import assert from 'node:assert/strict';
import { test } from 'node:test';
import { owned } from '../../../support/build.ts';
import { specify, specifyCommands, undo } from './specify.ts';

const [taken, made] = [owned('role', 'a@admin', false), owned('role', 'a@admin')];

specify({
  change: { kind: 'recordObject', before: taken, after: made },
  heading: '~ record the owner of a@admin',
  from: { objects: [taken] },
  to: { objects: [made] },
  moves: [],
  undone: [{ kind: 'recordObject', before: made, after: taken }],
  entry: `# 1. record the owner of a@admin, undone by: recordObject
- kind: recordObject
  target: { kind: role, name: a@admin }
  reason: why
  before: { policy: p, created: false }
  after: { policy: p, created: true }`,
});

specifyCommands({
  recordObject: [
    { kind: 'recordObject', after: made },
    {
      db: 'mongoward',
      command: {
        update: 'objects',
        updates: [
          {
            q: { _id: 'role a@admin' },
            u: { kind: 'role', target: 'a@admin', policy: 'p', created: true },
            upsert: true,
          },
        ],
      },
    },
  ],
});

test('recordObject: an entry that was not there before is forgotten again', () => {
  assert.deepEqual(undo({ kind: 'recordObject', after: made }), [{ kind: 'forgetObject', before: made }]);
});
