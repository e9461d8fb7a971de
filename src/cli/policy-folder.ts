/** Policy files written into a folder that may hold policies already: they become a part of what is there, or are refused. */
import { join, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { compilePolicy, type ParsedFile, parsePolicyFile, policyNameOf } from '../policy/compile.ts';
import { displayPath, parseNeighbours } from './files.ts';
import { writeNewFiles } from './new-files.ts';
import { policyFilesIn } from './policy-files.ts';
import type { Terminal } from './terminal.ts';

/** The one policy that is in the folder: what is written beside it becomes a part of it, or nothing could plan them both. */
export function policyIn(terminal: Terminal, folder: string): string | undefined {
  const names = new Set(policiesIn(terminal, folder).map(policyNameOf));
  const [only] = names;
  return names.size === 1 ? only : undefined;
}

/** {@link writeNewFiles}, unless the policy that is there would not be valid any more. */
export function writePolicyFiles(
  terminal: Terminal,
  folder: string,
  files: ReadonlyMap<string, string>,
  force: boolean,
): void {
  const added = [...files].map(([name, text]) => {
    return parsePolicyFile({ file: displayPath(terminal, resolve(terminal.cwd, join(folder, name))), text });
  });
  const replaced = new Set(added.map(({ file }) => file));
  const names = new Set(added.map(policyNameOf));
  const there = policiesIn(terminal, folder).filter(
    (file) => names.has(policyNameOf(file)) && !replaced.has(file.file),
  );
  const known = new Set(problemsOf(there));
  const contradictions = there.length === 0 ? [] : problemsOf([...there, ...added]).filter((text) => !known.has(text));
  if (contradictions.length > 0) {
    throw new Failure(`what would be written contradicts the policy in ${folder}`, {
      details: contradictions.slice(0, MOST_TOLD),
      advice: 'name another folder by -o, or take out what is defined twice; nothing was written',
    });
  }
  writeNewFiles(terminal, folder, files, force);
}

const MOST_TOLD = 5;

function policiesIn(terminal: Terminal, folder: string): readonly ParsedFile[] {
  return parseNeighbours(terminal, policyFilesIn(terminal, folder), () => {});
}

/** Without variables: what they stand for is not decided here. */
function problemsOf(files: readonly ParsedFile[]): readonly string[] {
  return compilePolicy(files)
    .problems.filter(({ rule }) => rule !== 'document/variable')
    .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
}
