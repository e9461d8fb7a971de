import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Condition, judge, requirementsOf } from '../../../src/access/commands/index.ts';
import { collectionTarget, databaseTarget } from '../../../src/model/resource.ts';
import { privilege, resource } from '../../support/build.ts';
import { BY_MONGOS, type Command, ON_4_4, ON_8_0 } from './said.ts';

function on(
  ns: string,
  action: string,
): { readonly action: string; readonly target: ReturnType<typeof collectionTarget> } {
  const [db = '', collection = ''] = ns.split('.');
  return { action, target: collectionTarget({ db, collection }) };
}

function needed(command: Command, db = 'app'): Condition {
  return requirementsOf(command, db, ON_8_0);
}

const READ = privilege('app.*', 'find');
const RENAME = needed({ renameCollection: 'app.a', to: 'app.b' }, 'admin');
const ANY_ACTION = { resource: { anyResource: true }, actions: ['anyAction'] } as const;

test('allowed: each demand with the privilege that met it', () => {
  const insert = privilege('app.b', 'insert', 'remove');
  assert.deepEqual(judge(needed({ aggregate: 'a', pipeline: [{ $out: 'b' }] }), [READ, insert]), {
    allowed: true,
    used: [
      { ...on('app.a', 'find'), privilege: READ },
      { ...on('app.b', 'insert'), privilege: insert },
      { ...on('app.b', 'remove'), privilege: insert },
    ],
    missing: [],
    why: [],
  });
});

test('refused: every demand that is not met, and no privilege', () => {
  assert.deepEqual(judge(needed({ aggregate: 'a', pipeline: [{ $out: 'b' }] }), [READ]), {
    allowed: false,
    used: [],
    missing: [on('app.b', 'insert'), on('app.b', 'remove')],
    why: [],
  });
});

test('refused by several ways: what the nearest lacks', () => {
  assert.deepEqual(judge(RENAME, [READ]), {
    allowed: false,
    used: [],
    missing: [{ action: 'renameCollectionSameDB', target: databaseTarget('app') }],
    why: [],
  });
  assert.deepEqual(judge(RENAME, [READ, privilege('app.b', 'insert', 'createIndex')]).missing, [
    { action: 'renameCollectionSameDB', target: databaseTarget('app') },
  ]);
});

test('the right to read can stand in the way: what one can read may not be made to show what one can’t', () => {
  const rename = privilege('app.*', 'renameCollectionSameDB');
  assert.equal(judge(RENAME, [rename]).allowed, true);
  assert.deepEqual(judge(RENAME, [rename, privilege('app.b', 'find')]), {
    allowed: false,
    used: [],
    missing: [on('app.a', 'find')],
    why: [],
  });
});

test('a condition that only a lesser right could meet has nothing missing', () => {
  const condition: Condition = { kind: 'lacks', ...on('app.a', 'find') };
  assert.deepEqual(judge(condition, [READ]), {
    allowed: false,
    used: [],
    missing: [],
    why: ['it has find on app.a'],
  });
});

test('what nothing is demanded for is allowed, and says why', () => {
  assert.deepEqual(judge(needed({ ping: 1 }), []), { allowed: true, used: [], missing: [], why: ['any account may'] });
});

test('what nobody may is refused to whoever has everything', () => {
  assert.deepEqual(judge(needed({ renameCollection: 'app.a', to: 'app.b' }), [ANY_ACTION]), {
    allowed: false,
    used: [],
    missing: [],
    why: ['renameCollection may only be run on the admin database'],
  });
  assert.equal(judge(requirementsOf({ applyOps: [] }, 'admin', BY_MONGOS), [ANY_ACTION]).allowed, false);
});

test('what is known only when it happens is told to whoever is refused', () => {
  const kill = needed({ killOp: 1, op: 7 }, 'admin');
  assert.deepEqual(judge(kill, []), {
    allowed: false,
    used: [],
    missing: [{ action: 'killop', target: { kind: 'cluster' } }],
    why: ['it is allowed only if the operation is its own'],
  });
  assert.deepEqual(judge(kill, [privilege('cluster', 'killop')]).why, []);
});

test('an empty applyOps needs anyAction on anyResource, and root does not have it', () => {
  const empty = requirementsOf({ applyOps: [] }, 'admin', ON_4_4);
  assert.equal(judge(empty, [ANY_ACTION]).allowed, true);
  assert.deepEqual(judge(empty, [privilege('*.*', 'anyAction'), privilege('any', 'find')]).why, [
    'it does not have every action on every resource',
  ]);
});

const INSIDE: readonly (readonly [on: string, inside: boolean])[] = [
  ['app.a', true],
  ['app.*', true],
  ['*.a', true],
  ['*.*', true],
  ['any', true],
  ['other.a', false],
  ['cluster', false],
];

const OWN = { listCollections: 1, nameOnly: true, authorizedCollections: true };

for (const [text, inside] of INSIDE) {
  test(`a privilege on ${text} is ${inside ? '' : 'not '}one inside app`, () => {
    assert.equal(judge(needed(OWN), [{ resource: resource(text), actions: ['find'] }]).allowed, inside);
  });
}

test('a privilege on *.* is not one inside local, and one on *.a is', () => {
  assert.equal(judge(needed(OWN, 'local'), [privilege('*.*', 'find')]).allowed, false);
  assert.equal(judge(needed(OWN, 'local'), [privilege('*.a', 'find')]).allowed, true);
});

test('without any privilege inside, it is the action on the database that is lacking', () => {
  assert.deepEqual(judge(needed(OWN), []).missing, [{ action: 'listCollections', target: databaseTarget('app') }]);
});

test('every database is reached by *.* and any, not by each of them', () => {
  const update = needed({ updateRole: 'r', roles: [] });
  const reached = ['*.*', 'any', 'app.*', 'admin.*', '*.a', 'cluster'].filter(
    (text) => judge(update, [privilege(text, 'revokeRole')]).allowed,
  );
  assert.deepEqual(reached, ['*.*', 'any']);
});
