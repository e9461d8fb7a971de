/** A folder of migrations as texts: read and checked, and its sum. */
import { type Directory, type FileText, isMigrationFile, readDirectory } from '../migrate/directory.ts';
import { formatSum, hashOf, SUM_FILE } from '../migrate/sum.ts';
import { sortedBy } from '../model/order.ts';

/**
 * Reads the migrations of a folder and holds them against `mongoward.sum`. Give every file of the folder, the sum among
 * them; what is no YAML is passed over. What can't be read, was edited, is missing or out of its order is a problem; with one of them nothing should be
 * applied. Throws nothing.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { migrationSum, readMigrations } from 'mongoward';
 *
 * const name = '20260131120000_writer.yaml';
 * const text = `
 * mongowardMigration: 1
 * policy: trail
 * policyHash: ${'f'.repeat(64)}
 * server: 8.0.4
 * operations:
 *   - kind: createRole
 *     target: { role: writer, db: audit }
 *     reason: the policy says so
 *     after:
 *       privileges: [{ resource: { db: audit, collection: logs }, actions: [insert] }]
 *       roles: []
 * `;
 * const sum = { name: 'mongoward.sum', text: migrationSum([{ name, text }]) };
 * const { files, problems } = readMigrations([{ name, text }, sum]);
 * assert.deepEqual(problems, []);
 * assert.equal(files[0].migration.version, '20260131120000');
 *
 * const edited = { name, text: text.replace('insert', 'remove') };
 * assert.equal(readMigrations([edited, sum]).problems[0].kind, 'edited');
 * ```
 */
export function readMigrations(texts: readonly FileText[]): Directory {
  const sum = texts.find(({ name }) => name === SUM_FILE);
  const migrations = texts.filter(({ name }) => isMigrationFile(name));
  const found = readDirectory('migrations', migrations, sum?.text);
  const broken = found.files.flatMap((file) => file.unreadable?.() ?? []);
  const unreadable = new Set(broken.map(({ name }) => name));
  return {
    files: found.files.filter(({ name }) => !unreadable.has(name)),
    problems: [...broken, ...found.problems],
  };
}

/**
 * The text of `mongoward.sum` for these migrations: a hash of each, and a chain over their order. Throws nothing.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { migrationSum } from 'mongoward';
 *
 * const first = { name: '20260131120000_writer.yaml', text: 'one' };
 * const second = { name: '20260201120000_reader.yaml', text: 'two' };
 * assert.equal(migrationSum([second, first]), migrationSum([first, second]));
 * assert.match(migrationSum([first]), /^20260131120000_writer\.yaml \S{44} \S{44}$/m);
 * ```
 */
export function migrationSum(texts: readonly FileText[]): string {
  return formatSum(sortedBy(texts, ({ name }) => name).map(({ name, text }) => ({ name, hash: hashOf(text) })));
}
