/** What `migrate status` says last: the command that goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileWithStatus } from '../../src/migrate/directory.ts';
import type { JournalEntry, JournalStatus } from '../../src/migrate/journal.ts';
import type { Migration } from '../../src/migrate/migration.ts';
import { plain } from '../../src/report/paint.ts';
import { statusText } from '../../src/report/status-text.ts';
import { NO_EVIDENCE } from './cases.ts';

const halfDone = (status: JournalStatus): FileWithStatus => ({
  file: { name: '20260101000000_a.yaml', hash: 'a', migration: { version: '20260101000000' } as Migration },
  status: 'half-done',
  entry: { id: '20260101000000_a', kind: 'migration', policy: 'p', status, operations: [], runs: [] } as JournalEntry,
});

for (const [status, command] of [
  ['running', 'apply'],
  ['failed', 'apply'],
  ['rollingBack', 'rollback'],
] as const) {
  test(`what is ${status} is finished by ${command}`, () => {
    const text = statusText(
      { folder: 'migrations', files: [halfDone(status)], unfinished: [], problems: [], effects: new Map() },
      NO_EVIDENCE,
      plain,
    );
    assert.equal(text.split('\n').at(-1), `0 applied, 1 half done (${command} goes on where it stopped), 0 pending.`);
  });
}
