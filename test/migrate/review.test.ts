/** A migration's file as its reviewer reads it: the head on a screen or two, every gain in it, the rest within bounds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMigrationName } from '../../src/migrate/file-names.ts';
import { untoldGains } from '../../src/migrate/head-problems.ts';
import { type Migration, migrationOf } from '../../src/migrate/migration.ts';
import { parseMigration } from '../../src/migrate/parse-migration.ts';
import { policyHash } from '../../src/migrate/policy-hash.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { Intent } from '../../src/policy/intent.ts';
import { ESTATE, KEEP_OUT, KEEP_OUT_LINES } from '../report/thirty-accounts.ts';
import { intent, state, user } from '../support/build.ts';

/** The same, and each of the applications is given what it had not. */
const MANY_GAIN = intent(
  KEEP_OUT_LINES.replace(
    '\nrestrictions:',
    `\n${Array.from({ length: 15 }, (_, n) => `  db${n}-app@admin: {roles: [readWrite@db${n}, read@db${n + 4}], adopted: true}`).join('\n')}\nrestrictions:`,
  ),
);

for (const [what, policy, gaining, most] of [
  ['one account gains', KEEP_OUT, 1, 600],
  ['half of the accounts gain', MANY_GAIN, 16, 700],
] as const satisfies readonly (readonly [string, Intent, number, number])[]) {
  test(`31 accounts and 20 databases, ${what}: under ${most} lines, and every gain in the head`, () => {
    const plan = makePlan(policy, ESTATE, { today: '2026-11-23' });
    assert.deepEqual(plan.obstacles, []);
    const migration = migrationOf(plan, {
      version: '20260131120000',
      slug: 'keep-out',
      policyHash: policyHash(policy),
      server: '8.0.4',
      cluster: 'prod (db1:27017)',
      state: '0'.repeat(64),
    });
    const text = printMigration(migration);
    const head = text.slice(0, text.indexOf('\noperations:\n'));
    assert.ok(text.split('\n').length < most, `${text.split('\n').length} lines`);
    assert.ok(head.split('\n').length < 160, `${head.split('\n').length} lines`);
    const told = reread(migration, text).accounts ?? [];
    assert.deepEqual(untoldGains(told, plan.accounts), []);
    const gains = told.filter((change) => change.gains !== undefined);
    assert.equal(gains.flatMap(({ accounts }) => accounts).length, gaining);
    // Those that gain stand first.
    assert.deepEqual(told.slice(0, gains.length), gains);
  });
}

test('a line end in a name begins no line of the file, however long the name is', () => {
  const name = `e\n::error::${'x'.repeat(60)}`;
  const actual = state({
    roles: [{ role: name, db: 'admin', privileges: [], roles: [] }],
    users: [{ ...user('u@admin', []), roles: [{ role: name, db: 'admin' }] }],
  });
  const plan = makePlan(intent('users: { u@admin: { roles: [read@shop] } }\n'), actual);
  const migration = migrationOf(plan, {
    version: '20260131120000',
    slug: 'name',
    policyHash: 'a'.repeat(64),
    server: '8.0.4',
    cluster: 'prod (db1:27017)',
    state: '0'.repeat(64),
  });
  const text = printMigration(migration);
  assert.match(text, /e\\n::error::x/);
  assert.doesNotMatch(text, /^\s*::/m);
  assert.deepEqual(reread(migration, text).operations, migration.operations);
});

function reread(migration: Migration, text: string): Migration {
  const read = parseMigration(`migrations/${formatMigrationName(migration)}`, text);
  assert.deepEqual(read.problems, []);
  return read.migration ?? assert.fail();
}
