/** Files that a command makes: all or none, and nothing that is there is overwritten without being told. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { reasonOf } from '../files/read-file.ts';
import { writeWhole } from '../files/write-file.ts';
import type { Terminal } from './terminal.ts';

/** `files` by their names in `folder`. */
export function writeNewFiles(
  terminal: Terminal,
  folder: string,
  files: ReadonlyMap<string, string>,
  force: boolean,
): void {
  const paths = [...files].map(([file, text]) => ({ shown: join(folder, file), text }));
  const there = force ? [] : paths.filter(({ shown }) => existsSync(resolve(terminal.cwd, shown)));
  if (there.length > 0) {
    throw new Failure(
      `${there.map(({ shown }) => shown).join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`,
      {
        advice: 'name another folder by -o, or add --force to overwrite; nothing was written',
      },
    );
  }
  try {
    for (const { shown } of paths) mkdirSync(dirname(resolve(terminal.cwd, shown)), { recursive: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isFile = code === 'EEXIST' || code === 'ENOTDIR';
    const reason = isFile ? 'it is a file, or lies in one' : reasonOf(error);
    throw new Failure(`can't write into ${folder}: ${reason}`, { cause: error });
  }
  for (const { shown, text } of paths) {
    writeWhole(resolve(terminal.cwd, shown), shown, text, { links: 'replaced', onlyNew: !force });
    terminal.out(`wrote ${shown}\n`);
  }
}
