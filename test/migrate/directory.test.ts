import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type MigrationFile,
  pendingOf,
  readDirectory,
  statusOfFiles,
  sumProblems,
} from '../../src/migrate/directory.ts';
import type { JournalEntry, JournalStatus } from '../../src/migrate/journal.ts';
import type { Migration } from '../../src/migrate/migration.ts';
import { formatSum, type Hashed, hashOf } from '../../src/migrate/sum.ts';

const file = (name: string, text = name): Hashed => ({ name: `${name}.yaml`, hash: hashOf(text) });
const A = file('20260101000000_a');
const B = file('20260102000000_b');
const C = file('20260103000000_c');
const SUM = formatSum([A, B, C]);
const lines = (...numbers: readonly number[]): string =>
  numbers.map((number) => `${SUM.split('\n')[number] ?? ''}\n`).join('');

/** The files, the sum, and what is said. */
const FOLDERS: Readonly<
  Record<string, readonly [files: readonly Hashed[], sum: string | undefined, said: readonly string[]]>
> = {
  'as it should be': [[A, B, C], SUM, []],
  'with other line ends': [[A, B, C], SUM.replaceAll('\n', '\r\n'), []],
  'empty, without a sum': [[], undefined, []],
  'without a sum': [
    [A],
    undefined,
    ['missing mongoward.sum: it is missing, so that nobody can tell whether files were changed'],
  ],
  'with a file edited': [
    [A, file('20260102000000_b', 'other'), C],
    SUM,
    ['edited 20260102000000_b.yaml: it was edited after it was planned'],
  ],
  'with a file gone': [[A, C], SUM, ['missing 20260102000000_b.yaml: it is in mongoward.sum, and not in the folder']],
  'with a file and its line gone': [
    [A, C],
    lines(0, 1, 3),
    [
      'reordered mongoward.sum:3: the files above 20260103000000_c.yaml are not those that were there when it was planned',
    ],
  ],
  'with a file put in between': [
    [A, B, C],
    formatSum([A, C]),
    ['inserted 20260102000000_b.yaml: it is not in mongoward.sum, and would run before 20260103000000_c.yaml'],
  ],
  'with a file put at the end': [
    [A, B],
    formatSum([A]),
    ['inserted 20260102000000_b.yaml: it is not in mongoward.sum'],
  ],
  'with lines that changed places': [
    [A, B, C],
    lines(0, 2, 1, 3),
    ['reordered mongoward.sum:3: 20260101000000_a.yaml stands after 20260102000000_b.yaml, and runs before it'],
  ],
  'with a conflict in its sum': [
    [A, B, C],
    `${lines(0, 1)}<<<<<<< HEAD\n${lines(2)}=======\n${lines(3)}>>>>>>> other\n`,
    ['invalid mongoward.sum:3: a merge conflict was left in it'],
  ],
  'with a sum that is none': [
    [A],
    'hello\n',
    ['invalid mongoward.sum:1: this is not a line of a sum: name, hash and chain'],
  ],
};

for (const [what, [files, sum, said]] of Object.entries(FOLDERS)) {
  test(`a folder ${what}`, () => {
    const problems = sumProblems(files, sum);
    assert.deepEqual(
      problems.map(({ kind, name, line, message }) => `${kind} ${name}${line ? `:${line}` : ''}: ${message}`),
      said,
    );
  });
}

test('a file that can not be read is told with its line, and the others are read', () => {
  const { files, problems } = readDirectory('migrations', [{ name: '20260101000000_a.yaml', text: '' }], undefined);
  assert.deepEqual([files, problems[0]?.kind, problems[0]?.line], [[], 'invalid', 1]);
});

const migration = ({ name, hash }: Hashed): MigrationFile => ({
  name,
  hash,
  migration: { version: name.slice(0, 14) } as Migration,
});
const FILES = [A, B, C].map(migration);
const entry = (
  of: Hashed,
  status: JournalStatus = 'applied',
  kind: JournalEntry['kind'] = 'migration',
): JournalEntry => ({
  id: of.name.replace('.yaml', ''),
  kind,
  policy: 'p',
  fileHash: of.hash,
  status,
  operations: [],
  runs: [],
});

/** What the journal says, and what follows from it. */
const JOURNALS: Readonly<
  Record<string, readonly [entries: readonly JournalEntry[], statuses: string, problems: readonly string[]]>
> = {
  'of a new cluster': [[], 'pending pending pending', []],
  'with the first applied': [[entry(A)], 'applied pending pending', []],
  'with one cut short': [[entry(A), entry(B, 'running')], 'applied half-done pending', []],
  'with one that failed': [[entry(A), entry(B, 'failed')], 'applied half-done pending', []],
  'with one rolled back': [[entry(A), entry(B, 'rolledBack')], 'applied rolled-back pending', []],
  'with a policy applied without files': [[entry(file('x'), 'applied', 'policy')], 'pending pending pending', []],
  'that is past a pending one': [
    [entry(A), entry(C)],
    'applied pending applied',
    ['20260102000000_b.yaml: it is pending, and 20260103000000_c.yaml, which is later, is applied'],
  ],
  'of a file that is gone': [
    [entry(A), entry(file('20260101120000_gone'))],
    'applied pending pending',
    ['20260101120000_gone.yaml: it was applied on this cluster, and its file is gone'],
  ],
  'of a file that was another then': [
    [entry({ ...A, hash: 'other' })],
    'applied pending pending',
    ['20260101000000_a.yaml: it is not the file that was applied on this cluster'],
  ],
};

for (const [what, [entries, statuses, problems]] of Object.entries(JOURNALS)) {
  test(`a journal ${what}`, () => {
    const known = statusOfFiles(FILES, entries);
    assert.equal(known.files.map(({ status }) => status).join(' '), statuses);
    assert.deepEqual(pendingOf(FILES, entries).problems, problems);
    const names = pendingOf(FILES, entries).pending.map(({ name }) => name);
    const expected = known.files.filter(({ status }) => status !== 'applied').map(({ file: one }) => one.name);
    assert.deepEqual(names, expected);
  });
}

test('up to a version, only the files until then are pending', () => {
  assert.deepEqual(
    pendingOf(FILES, [entry(A)], '20260102000000').pending.map(({ name }) => name),
    [B.name],
  );
  assert.deepEqual(pendingOf(FILES, [], '20990101000000'), {
    pending: [],
    problems: ['there is no migration of version 20990101000000'],
  });
});
