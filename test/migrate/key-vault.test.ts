import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY_VAULT_INDEX } from '../../src/encryption/key-names.ts';
import { migrationOf } from '../../src/migrate/migration.ts';
import { parseMigration } from '../../src/migrate/parse-migration.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import type { Operation } from '../../src/plan/operations/operation.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { progressOf } from '../../src/plan/progress.ts';
import { reverseMigration } from '../../src/plan/reverse.ts';
import { simulate } from '../../src/plan/simulate.ts';
import { collection, commandOf, intent, state } from '../support/build.ts';
import { Interpreter } from '../support/interpreter.ts';

const FIELDS = '{ x: { bsonType: string, algorithm: random, keyAltName: k } }';
const POLICY = intent(`collections: { a.b: { encryption: { keyVault: keys.vault, fields: ${FIELDS} } } }\n`);
const EMPTY = state({ databases: [], objects: [] });
const plan = makePlan(POLICY, EMPTY);
const INDEX = 'createIndex keys.vault.$keyAltNames_1';

test('a migration file holds the index of a key vault, and is read as it was written', () => {
  const head = { version: '20260131120000', slug: 'm', policyHash: 'a'.repeat(64), server: '8.0.4' };
  const text = printMigration(migrationOf(plan, head));
  const parsed = parseMigration('migrations/20260131120000_m.yaml', text);
  const index = parsed.migration?.operations.find(({ kind }) => kind === 'createIndex');
  assert.deepEqual(index?.after, { ns: { db: 'keys', collection: 'vault' }, index: KEY_VAULT_INDEX });
  assert.equal(index?.id, INDEX);
});

test('the index is made after its collection, and afterwards nothing is left', () => {
  const ids = plan.operations.map(({ id }) => id);
  assert.ok(ids.indexOf('createCollection keys.vault') < ids.indexOf(INDEX), ids.join(', '));
  const server = new Interpreter(EMPTY);
  for (const operation of plan.operations) {
    const { db, command } = commandOf(operation);
    server.run(db, command);
  }
  for (const after of [simulate(EMPTY, plan.operations), server.state()]) {
    assert.deepEqual(progressOf(plan.operations, after), { left: [], changed: [] });
    assert.deepEqual(makePlan(POLICY, after).operations, []);
  }
});

test('a rollback leaves the index', () => {
  const kept = reverseMigration(plan.operations).kept.map(({ operation, why }) => `${operation.id}: ${why}`);
  assert.ok(kept.includes(`${INDEX}: without it two keys of a key vault could come to share a name`), kept.join('\n'));
});

test('a validator that only warned goes to ciphertext in two steps, as a file too, and back in two or in none', () => {
  const weak = { validator: { a: 1 }, validationAction: 'warn' };
  const actual = state({ databases: [{ name: 'a', collections: [collection('b', { options: weak })] }], objects: [] });
  const head = { version: '20260131120000', slug: 'm', policyHash: 'a'.repeat(64), server: '8.0.4' };
  const file = printMigration(migrationOf(makePlan(POLICY, actual), head));
  const { migration, problems } = parseMigration('migrations/20260131120000_m.yaml', file);
  assert.deepEqual(problems, []);
  const operations = migration?.operations ?? [];
  const idsOf = (list: readonly Operation[]) => list.flatMap(({ id, kind }) => (kind === 'collMod' ? [id] : []));
  assert.deepEqual(idsOf(operations), ['collMod a.b level', 'collMod a.b']);
  const server = new Interpreter(actual);
  const run = (list: readonly Operation[]): void => {
    for (const { db, command } of list.map((operation) => commandOf(operation))) server.run(db, command);
  };
  run(operations);
  assert.deepEqual(makePlan(POLICY, server.state()).operations, []);
  const careful = reverseMigration(operations);
  assert.deepEqual(idsOf(careful.operations), []);
  assert.deepEqual(idsOf(careful.kept.map(({ operation }) => operation)), ['collMod a.b', 'collMod a.b level']);
  const back = reverseMigration(operations, { allowUnprotect: true }).operations;
  assert.deepEqual(idsOf(back), ['collMod a.b', 'collMod a.b level']);
  run(back);
  const [found] = server.state().databases?.find(({ name }) => name === 'a')?.collections ?? [];
  assert.deepEqual(found?.options, { ...weak, validationLevel: 'strict' });
});
