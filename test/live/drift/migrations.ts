/** What the folder of migrations has in store. */
import { appendFileSync } from 'node:fs';
import { type Case, of } from './case.ts';
import { slug } from './policy.ts';
import { forgetMigrations, migration, migrationFile, run, writePolicy } from './project.ts';

export const MIGRATION_CASES: readonly Case[] = [
  {
    rule: 'migration/pending',
    severity: 'warning',
    target: migration,
    cause: async (root) => {
      await of(root).command({ dropRole: 'writer' });
      await run(`migrate new ${slug}-one --cluster live`);
    },
    mend: async () => forgetMigrations(),
  },
  {
    rule: 'migration/edited',
    target: migration,
    cause: async (root) => {
      await of(root).command({ dropRole: 'writer' });
      await run(`migrate new ${slug}-edited --cluster live`);
      appendFileSync(migrationFile(), '# more\n');
    },
    mend: async () => forgetMigrations(),
  },
  {
    rule: 'migration/misleading',
    target: migration,
    cause: async (root) => {
      await of(root).command({ dropRole: 'writer' });
      await run(`migrate new ${slug}-two --cluster live`);
      appendFileSync(migrationFile(), '# grants nothing\n');
    },
    mend: async () => forgetMigrations(),
  },
  {
    rule: 'migration/unfit',
    target: migration,
    cause: async (root) => {
      await of(root).command({ dropRole: 'writer' });
      await run(`migrate new ${slug}-three --cluster live`);
      await of(root).command({ createRole: 'writer', privileges: [], roles: [] });
    },
    mend: async () => forgetMigrations(),
  },
  {
    rule: 'migration/violating',
    target: migration,
    cause: async () => {
      await writePolicy({ read: true });
      await run(`migrate new ${slug}-five --cluster live`);
    },
    mend: async () => forgetMigrations(),
  },
];
