/** Privileges in a migration's file: what is printed is read back, and two that differ never print alike. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalPrivileges } from '../../../src/model/privilege.ts';
import type { Resource } from '../../../src/model/resource.ts';
import type { FilePart } from '../../../src/plan/operations/file-parts.ts';
import { parsePrivileges, printPrivileges } from '../../../src/plan/operations/file-privileges.ts';

const name = fc.constantFrom(
  '',
  '*',
  'a',
  'a.b',
  'system.js',
  'with blank',
  '$cmd',
  'é',
  'system_buckets:x',
  'any',
  '"',
);
const resource: fc.Arbitrary<Resource> = fc.oneof(
  fc.record({ db: name, collection: name }),
  fc.record({ db: name, system_buckets: name }),
  fc.constant<Resource>({ cluster: true }),
  fc.constant<Resource>({ anyResource: true }),
);
const privileges = fc.array(
  fc.record({ resource, actions: fc.uniqueArray(fc.constantFrom('find', 'insert', 'remove'), { minLength: 1 }) }),
  { maxLength: 8 },
);

/** What the file's reader makes of a part. */
function readPart(part: FilePart): unknown {
  if (typeof part !== 'object') return part;
  if (part.layout === 'items') return part.items.map(readPart);
  if (part.layout === 'list') return part.items;
  if (part.layout !== 'block') return part.value;
  return Object.fromEntries(Object.entries(part.parts).map(([key, value]) => [key, value && readPart(value)]));
}

test('privileges that are printed are read back as they were', () => {
  fc.assert(
    fc.property(privileges, (list) => {
      const canonical = canonicalPrivileges(structuredClone(list));
      const entries = readPart(printPrivileges(canonical)) as Parameters<typeof parsePrivileges>[0];
      assert.deepEqual(canonicalPrivileges(parsePrivileges(entries, 'privileges')), canonical);
    }),
  );
});

test('resources with the same actions stand together, others and names with other signs are written out', () => {
  const list = [
    { resource: { db: 'a', collection: '' }, actions: ['find'] },
    { resource: { db: 'b', system_buckets: '' }, actions: ['find'] },
    { resource: { db: 'c', collection: '*' }, actions: ['find'] },
    { resource: { db: 'd', collection: 'x' }, actions: ['insert'] },
  ];
  assert.deepEqual(readPart(printPrivileges(list)), [
    { on: 'a.* system_buckets:b.*', actions: 'find' },
    { resource: { db: 'd', collection: 'x' }, actions: ['insert'] },
    { resource: { db: 'c', collection: '*' }, actions: ['find'] },
  ]);
});

test('an entry in neither of the two forms is refused with its place', () => {
  for (const entry of [
    { actions: ['find'] },
    { on: 'a.b', actions: ['find'] },
    { on: 'no-resource', actions: 'find' },
  ]) {
    assert.throws(() => parsePrivileges([entry], 'privileges'), { path: ['privileges', 0] });
  }
});
