import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY_VAULT_INDEX } from '../../src/encryption/keys.ts';
import { advance } from '../../src/migrate/advance.ts';
import { migrationOf } from '../../src/migrate/migration.ts';
import { parseMigration } from '../../src/migrate/parse-migration.ts';
import { makePlan } from '../../src/migrate/plan.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import { reverseMigration } from '../../src/migrate/reverse.ts';
import { standingOf } from '../../src/migrate/standing.ts';
import { commandOf, intent, state } from '../support/build.ts';
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
  for (const after of [advance(EMPTY, plan.operations), server.state()]) {
    assert.deepEqual(standingOf(plan.operations, after), { left: [], changed: [] });
    assert.deepEqual(makePlan(POLICY, after).operations, []);
  }
});

test('a rollback leaves the index', () => {
  const kept = reverseMigration(plan.operations).kept.map(({ operation, why }) => `${operation.id}: ${why}`);
  assert.ok(kept.includes(`${INDEX}: without it two keys of a key vault could come to share a name`), kept.join('\n'));
});
