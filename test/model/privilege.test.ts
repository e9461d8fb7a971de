import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allows } from '../../src/model/decision.ts';
import { canonicalPrivileges, type Privilege, subtractPrivileges } from '../../src/model/privilege.ts';
import { CLUSTER, collectionTarget } from '../../src/model/resource.ts';
import { privilege } from '../support/build.ts';

test('privileges are merged by resource and sorted, actions too; empty ones say nothing', () => {
  const written = [
    privilege('b.x', 'update'),
    privilege('a.x', 'remove', 'find', 'find'),
    privilege('cluster', 'inprog'),
    privilege('b.x', 'insert', 'update'),
    privilege('any'),
  ];
  assert.deepEqual(canonicalPrivileges(written), [
    privilege('cluster', 'inprog'),
    privilege('a.x', 'find', 'remove'),
    privilege('b.x', 'insert', 'update'),
  ]);
});

test('beside anyAction no other action is kept, as the server keeps none', () => {
  assert.deepEqual(
    canonicalPrivileges([
      privilege('a.x', 'anyAction', 'find'),
      privilege('b.x', 'find'),
      privilege('b.x', 'anyAction'),
    ]),
    [privilege('a.x', 'anyAction'), privilege('b.x', 'anyAction')],
  );
});

test('what one has and the other lacks is told resource by resource, wildcards are not interpreted', () => {
  const left = [privilege('a.x', 'find', 'insert'), privilege('b.x', 'find')];
  assert.deepEqual(subtractPrivileges(left, [privilege('a.x', 'insert'), privilege('b.*', 'find')]), [
    privilege('a.x', 'find'),
    privilege('b.x', 'find'),
  ]);
});

const privileges: fc.Arbitrary<Privilege[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom('a.x', 'a.*', '*.x', '*.*', 'cluster', 'any', '__proto__.x'),
      fc.subarray(['find', 'insert', 'remove', 'anyAction', '__proto__']),
    )
    .map(([on, actions]) => privilege(on, ...actions)),
  { maxLength: 8 },
);

const union = (left: readonly Privilege[], right: readonly Privilege[]) => canonicalPrivileges([...left, ...right]);

test('the canonical form is its own canonical form, and the order in which it was written does not count', () => {
  fc.assert(
    fc.property(privileges, (written) => {
      const canonical = canonicalPrivileges(written);
      assert.deepEqual(canonicalPrivileges(canonical), canonical);
      assert.deepEqual(canonicalPrivileges(written.toReversed()), canonical);
    }),
  );
});

test('sums and differences keep their laws', () => {
  fc.assert(
    fc.property(privileges, privileges, (left, right) => {
      assert.deepEqual(subtractPrivileges(left, left), []);
      assert.deepEqual(subtractPrivileges(left, []), canonicalPrivileges(left));
      assert.deepEqual(subtractPrivileges([], left), []);
      assert.deepEqual(subtractPrivileges(left, union(left, right)), []);
      assert.deepEqual(union(subtractPrivileges(left, right), right), union(left, right));
      assert.deepEqual(subtractPrivileges(subtractPrivileges(left, right), right), subtractPrivileges(left, right));
    }),
  );
});

test('the canonical form allows what was written, no more and no less', () => {
  const targets = [CLUSTER, ...['a', 'b', '__proto__'].map((db) => collectionTarget({ db, collection: 'x' }))];
  fc.assert(
    fc.property(privileges, fc.constantFrom('find', 'drop'), fc.constantFrom(...targets), (written, action, target) => {
      assert.equal(allows(canonicalPrivileges(written), action, target), allows(written, action, target));
    }),
  );
});

const DECISIONS: readonly (readonly [held: Privilege, action: string, allowed: boolean])[] = [
  [privilege('audit.logs', 'insert'), 'insert', true],
  [privilege('audit.logs', 'insert'), 'find', false],
  [privilege('audit.other', 'insert'), 'insert', false],
  [privilege('any', 'anyAction'), 'remove', true],
  [privilege('audit.*', 'anyAction'), 'remove', true],
  [privilege('cluster', 'anyAction'), 'remove', false],
];

for (const [held, action, allowed] of DECISIONS) {
  test(`${JSON.stringify(held)} ${allowed ? 'allows' : 'does not allow'} ${action} on audit.logs`, () => {
    assert.equal(allows([held], action, collectionTarget({ db: 'audit', collection: 'logs' })), allowed);
  });
}

test('privileges add up, and there is no deny', () => {
  const logs = collectionTarget({ db: 'audit', collection: 'logs' });
  assert.equal(allows([privilege('audit.logs'), privilege('*.*', 'find')], 'find', logs), true);
  assert.equal(allows([], 'find', logs), false);
});
