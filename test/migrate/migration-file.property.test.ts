import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Binary, BSONRegExp, Decimal128, Long, MinKey, ObjectId } from 'bson';
import fc from 'fast-check';
import { formatMigrationName } from '../../src/migrate/file-names.ts';
import { type Migration, migrationOf } from '../../src/migrate/migration.ts';
import { parseMigration } from '../../src/migrate/parse-migration.ts';
import { policyHash } from '../../src/migrate/policy-hash.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import { toldChange } from '../../src/migrate/told-changes.ts';
import { canonicalRole, canonicalUser } from '../../src/model/role.ts';
import { accountChanges } from '../../src/plan/account-changes.ts';
import { diffStates } from '../../src/plan/diff/diff-states.ts';
import { orderOperations } from '../../src/plan/operation-order.ts';
import { makeOperation } from '../../src/plan/operations/make-operation.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { policyLines } from '../../src/plan/policy-lines.ts';
import { simulate } from '../../src/plan/simulate.ts';
import { toExtendedJson } from '../../src/state/extended-json.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { brownfield } from '../plan/restrictions/clusters.ts';
import { intent as intentFrom, role, state } from '../support/build.ts';
import { scaled } from '../support/scaled.ts';
import { actualOf, intentOf, pairs } from './pairs.ts';

const HEAD = {
  version: '20260131120000',
  slug: 'a-b',
  server: '8.0.4',
  cluster: 'prod (db1:27017)',
  state: 'a'.repeat(64),
};

const lines = policyLines(intentFrom(''));

function reread(migration: Migration, text = printMigration(migration)): Migration {
  const parsed = parseMigration(`migrations/${formatMigrationName(migration)}`, text);
  assert.deepEqual(parsed.problems, []);
  assert.ok(parsed.migration);
  return parsed.migration;
}

/** BSON values compared by what they are, not by the classes that hold them. */
function plain(migration: Migration): unknown {
  return toExtendedJson(migration);
}

test('a planned migration is read as it was written', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const intent = intentOf(pair);
      const plan = makePlan(intent, actualOf(pair), { prune: pair.prune });
      const migration = migrationOf(plan, { ...HEAD, policyHash: policyHash(intent) });
      assert.deepEqual(plain(reread(migration)), plain(migration));
    }),
    { numRuns: scaled(300) },
  );
});

test('a migration of restrictions keeps what the record says of managed roles', () => {
  let managed = 0;
  fc.assert(
    fc.property(brownfield, ({ intent, actual }) => {
      const plan = makePlan(intent, actual);
      const migration = migrationOf(plan, { ...HEAD, policyHash: policyHash(intent) });
      managed += plan.managed.length;
      assert.deepEqual(plain(reread(migration)), plain(migration));
    }),
    { numRuns: scaled(100) },
  );
  assert.ok(managed > 0);
});

test('the actions that stay where anyAction goes are in the file', () => {
  const before = role('a@x', { 'x.y': ['anyAction'], 'x.z': ['anyAction'] });
  const after = role('a@x', { 'x.y': ['find'] });
  const operations = orderOperations(diffStates(state({ roles: [before] }), state({ roles: [after] }), lines));
  const rest = { policy: 'p', policyHash: '0'.repeat(64) };
  const migration: Migration = { formatVersion: 1, ...HEAD, ...rest, operations };
  assert.deepEqual(plain(reread(migration)), plain(migration));
});

/** Every sign that BSON takes in a name; a lone half of a surrogate pair is none. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom(
    ...[
      '__proto__',
      'constructor',
      'a.b',
      '@',
      '"',
      "'",
      '# no comment',
      'a: b',
      '- a',
      '*a',
      '&a',
      '!x',
      '%',
      '|',
      '>',
    ],
    ...['null', 'true', '1e3', '0x1', '2026-01-31', '~', ' ', ' a ', '\n', 'a\nb', '\r\n', '\t', '\u0085', '\u2028'],
    ...[
      '\u202e',
      '\u{e0001}',
      '\ufeff',
      '<<<<<<<',
      '=======',
      '---',
      '...',
      '<<',
      'é',
      'e\u0301',
      '漢字',
      'x '.repeat(90),
    ],
  ),
);
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyText,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
    fc.uint8Array().map((bytes) => new Binary(bytes, 6)),
    fc.constantFrom<unknown>(new ObjectId('0'.repeat(24)), Decimal128.fromString('1.10'), new MinKey()),
    fc.constantFrom<unknown>(new BSONRegExp('^a/b', 'i'), { $regex: '^a', $options: 'i' }, {}, []),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('document'),
  ),
  document: fc.dictionary(
    anyText.filter((key) => !key.startsWith('$')),
    tie('value'),
    { maxKeys: 4, noNullPrototype: true },
  ),
})).document as fc.Arbitrary<Record<string, unknown>>;

/** A state in which a single collection, role and user have any names and any documents. */
const odd = fc.record({ name: anyText, db: anyText, document: anyValue, other: anyValue, collection: anyText });
type Odd = typeof odd extends fc.Arbitrary<infer T> ? T : never;

function oddState({ name, db, collection }: Odd, document: Record<string, unknown>, actions: string[]): ClusterState {
  const privileges = [{ resource: { db, collection }, actions }];
  return state({
    roles: [canonicalRole({ role: name, db, privileges, roles: [] })],
    users: [canonicalUser({ user: name, db: '$external', roles: [{ role: name, db }], customData: document })],
    databases: [
      {
        name: db,
        collections: [
          {
            name: collection,
            type: 'collection',
            options: { validator: document },
            indexes: actions.length > 1 ? [{ name, key: { a: 1 }, partialFilterExpression: document }] : [],
          },
        ],
      },
    ],
  });
}

test('names and documents of any kind are read as they were written, whatever ends the lines', () => {
  fc.assert(
    fc.property(odd, (one) => {
      const before = oddState(one, one.document, ['find', 'insert']);
      const after = oddState(one, one.other, ['find']);
      const operations = orderOperations(diffStates(before, after, lines)).map((entry) => ({
        ...entry,
        reason: { text: one.name, at: { file: one.collection, line: 3, column: 7, path: '' } },
      }));
      const migration: Migration = {
        formatVersion: 1,
        ...HEAD,
        policy: one.name,
        policyHash: '0'.repeat(64),
        operations,
        accounts: accountChanges(before, simulate(before, operations), operations).map(toldChange),
        warnings: [one.name, one.collection],
      };
      const text = printMigration(migration);
      assert.deepEqual(plain(reread(migration, text)), plain(migration));
      assert.deepEqual(plain(reread(migration, text.replaceAll('\n', '\r\n'))), plain(migration));
      assert.equal(printMigration(reread(migration, text)), text);
      assert.doesNotMatch(text, /[\p{Bidi_Control}\p{Zl}\p{Zp}]|[^\P{Cc}\n]/u);
    }),
    { numRuns: scaled(1000) },
  );
});

test('a rotated password is read as it was written', () => {
  const user = canonicalUser({ user: 'a', db: 'admin', roles: [] });
  const change = { kind: 'rotatePassword', before: user, after: user, password: { fromFile: 'p.txt' } } as const;
  const migration: Migration = {
    formatVersion: 1,
    ...HEAD,
    policy: 'p',
    policyHash: '0'.repeat(64),
    operations: [makeOperation(change, { text: 'a new password was asked for' })],
  };
  assert.deepEqual(reread(migration), migration);
});
