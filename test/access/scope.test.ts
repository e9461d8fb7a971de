/** Scopes as data: compared by structure, never by what they are called. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RequirementBits } from '../../src/access/requirement-bits.ts';
import { NOTHING, onTarget, reaches, type Scope, scopeKey, splitScope, withBuckets } from '../../src/access/scope.ts';
import { CLUSTER, collectionTarget, databaseTarget, type Resource } from '../../src/model/resource.ts';

const name = fc.constantFrom('audit', 'logs', 'admin', 'local', 'system.views', 'a"b', 'a.b', 'but logs', '');
const target = fc.oneof(
  fc.record({ db: name, collection: name }).map(collectionTarget),
  name.map(databaseTarget),
  fc.constant(CLUSTER),
);
const place: fc.Arbitrary<Scope> = fc.oneof(
  target.map(onTarget),
  target.map((of): Scope => ({ kind: 'inside', of })),
  target.map((of): Scope => ({ kind: 'buckets', of })),
  name.map((collection): Scope => ({ kind: 'named', collection })),
  fc
    .record({ db: name, except: fc.array(name, { maxLength: 2 }) })
    .map((rest): Scope => ({ kind: 'everything', ...rest })),
  fc.constant<Scope>({ kind: 'anyDatabase' }),
  fc.constant<Scope>({ kind: 'anyResource' }),
  fc.constant(NOTHING),
);
const scope: fc.Arbitrary<Scope> = fc.oneof(
  place,
  fc.array(place, { minLength: 1, maxLength: 3 }).map((scopes): Scope => ({ kind: 'oneOf', scopes })),
  fc
    .record({ of: place, collections: fc.array(name, { maxLength: 2 }) })
    .map((rest): Scope => ({ kind: 'without', ...rest })),
  fc.record({ of: place, db: name }).map((rest): Scope => ({ kind: 'at', ...rest })),
  fc.record({ of: place, db: name }).map((rest): Scope => ({ kind: 'beyond', ...rest })),
);
const resource: fc.Arbitrary<Resource> = fc.oneof(
  fc.record({ db: name, collection: name }),
  fc.record({ db: name, system_buckets: name }),
  fc.constant<Resource>({ cluster: true }),
  fc.constant<Resource>({ anyResource: true }),
);

test('two scopes have one key exactly if they have one structure', () => {
  fc.assert(
    fc.property(scope, scope, (a, b) => {
      let same = true;
      try {
        assert.deepEqual(a, b);
      } catch {
        same = false;
      }
      assert.equal(scopeKey(a) === scopeKey(b), same);
    }),
  );
});

test('what a privilege meets, it meets at the database or beyond it', () => {
  fc.assert(
    fc.property(scope, name, resource, (of, db, held) => {
      const { at, beyond } = splitScope(of, db);
      if (reaches(at, held) || reaches(beyond, held)) assert.ok(reaches(of, held));
      if ('db' in held && held.db !== '' && held.db === db) assert.equal(reaches(at, held), reaches(of, held));
    }),
  );
});

test('requirements that are called alike and are about different things are two', () => {
  // Both are “any collection of audit” to a reader.
  const some = { action: 'find', on: { kind: 'inside', of: databaseTarget('audit') } } as const;
  const named = { action: 'find', on: onTarget(collectionTarget({ db: 'any collection of audit', collection: '' })) };
  const bits = new RequirementBits([some, named]);
  assert.notEqual(bits.maskOf([some]), bits.maskOf([named]));
});

test('a collection with its buckets is met by either', () => {
  const both = withBuckets(collectionTarget({ db: 'audit', collection: 'logs' }));
  assert.ok(reaches(both, { db: 'audit', system_buckets: 'logs' }));
  assert.ok(reaches(both, { db: 'audit', collection: 'logs' }));
  assert.ok(!reaches(both, { db: 'audit', collection: 'system.buckets.other' }));
});
