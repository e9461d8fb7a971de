/** Two forms that differ never print alike: whoever approves a change sees it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Binary, BSONRegExp, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';
import { canonicalRole, canonicalUser } from '../../src/model/role.ts';
import { diffLines } from '../../src/report/textdiff.ts';
import { documentKey } from '../../src/state/document.ts';
import { scaled } from '../support/scaled.ts';

const BSON: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  Long.fromString('9007199254740993'),
  'Long("9007199254740993")',
  Decimal128.fromString('1.5'),
  'Decimal128("1.5")',
  new ObjectId('65a0f0c0c0c0c0c0c0c0c0c0'),
  'ObjectId("65a0f0c0c0c0c0c0c0c0c0c0")',
  new Date('2026-01-01T00:00:00Z'),
  'ISODate("2026-01-01T00:00:00Z")',
  new BSONRegExp('a', 'i'),
  '/a/i',
  new Timestamp({ t: 1, i: 2 }),
  'Timestamp(1, 2)',
  new Binary(Buffer.from('ab'), 0),
  'BinData(0, "YWI=")',
  new MinKey(),
  'MinKey()',
  new MaxKey(),
  'MaxKey()',
  'String("MinKey()")',
  Number.NaN,
  'Double("NaN")',
  true,
  'true',
  null,
  'null',
  1,
  '1',
  '',
  [],
  {},
);

const VALUE = fc.oneof(
  BSON,
  fc.array(BSON, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('$regex', 'a', 'a.b', '1'), BSON, { maxKeys: 2 }),
);
const DOCUMENT = fc.record({ validator: fc.dictionary(fc.constantFrom('a', 'b', '$or'), VALUE, { maxKeys: 2 }) });

const RESOURCE = fc.constantFrom(
  { db: 'd', collection: '' },
  { db: 'd', collection: '*' },
  { db: '', collection: '*' },
  { db: '', collection: '' },
  { db: 'd', collection: 'a.b' },
  { db: 'd.a', collection: 'b' },
  { db: 'd.*', collection: '' },
  { db: 'cluster', collection: '' },
  { cluster: true as const },
  { anyResource: true as const },
  { db: 'any', collection: '' },
  { db: 'd', system_buckets: 'c' },
  { db: 'd', system_buckets: '' },
  { db: 'd', collection: 'system.buckets.c' },
);
const REF = fc.record({ role: fc.constantFrom('a', 'a@b', 'b'), db: fc.constantFrom('b', 'b@b', 'c') });
const ROLE = fc
  .record({
    privileges: fc.array(
      fc.record({ resource: RESOURCE, actions: fc.uniqueArray(fc.constantFrom('find', 'insert'), { minLength: 1 }) }),
      { maxLength: 3 },
    ),
    roles: fc.array(REF, { maxLength: 2 }),
  })
  .map((parts) => canonicalRole({ role: 'r', db: 'd', ...parts }));

const SOURCES = fc.array(
  fc.record(
    {
      clientSource: fc.uniqueArray(fc.constantFrom('10.0.0.0/8', '10.0.0.0'), { minLength: 1 }),
      serverAddress: fc.uniqueArray(fc.constantFrom('10.0.0.0/8', '10.0.0.0'), { minLength: 1 }),
    },
    { requiredKeys: ['clientSource'] },
  ),
  { minLength: 1, maxLength: 2 },
);
const USER = fc
  .record(
    {
      roles: fc.array(REF, { maxLength: 2 }),
      mechanisms: fc.uniqueArray(fc.constantFrom('SCRAM-SHA-1', 'SCRAM-SHA-256'), { minLength: 1 }),
      authenticationRestrictions: SOURCES,
      customData: fc.dictionary(fc.constantFrom('a', 'roles'), VALUE, { maxKeys: 2 }),
    },
    { requiredKeys: ['roles'] },
  )
  .map((parts) => canonicalUser({ user: 'u', db: 'd', ...parts }));

for (const [what, form] of [
  ['roles', ROLE],
  ['users', USER],
  ['validators', DOCUMENT],
] as const) {
  test(`${what} that differ never print alike, and those that do not have no difference`, () => {
    fc.assert(
      fc.property(form, form, (a: object, b: object) => {
        assert.equal(diffLines(a, b).length === 0, documentKey(a) === documentKey(b));
      }),
      { numRuns: scaled(3000) },
    );
  });
}

test('a plan from one role to two others prints alike only where the two are the same', () => {
  fc.assert(
    fc.property(ROLE, ROLE, ROLE, (from, a, b) => {
      const printed = (to: object): string => JSON.stringify(diffLines(from, to));
      assert.equal(printed(a) === printed(b), documentKey(a) === documentKey(b));
    }),
    { numRuns: scaled(3000) },
  );
});
