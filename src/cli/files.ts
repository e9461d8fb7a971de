/** Policy files, the configuration file and secrets, read from disk. */
import { chmodSync, existsSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import type { ConfigFile } from '../generated/config.ts';
import { decodeUtf8 } from '../input/decode.ts';
import {
  FILE_LIMIT,
  type Limit,
  MAX_FILE_BYTES,
  readBytes,
  readDecoded,
  readText,
  reasonOf,
  tooLarge,
} from '../input/read-file.ts';
import { placeIn } from '../input/refusal.ts';
import { levelProblem } from '../lint/levels.ts';
import { type ParsedFile, parsePolicyFile } from '../policy/compile.ts';
import { conform } from '../policy/conform.ts';
import type { SecretReference } from '../policy/intent.ts';
import type { Problem } from '../policy/problem.ts';
import { EMPTY_FILE, parseSource, type SourceFile } from '../policy/source.ts';
import type { Terminal } from './terminal.ts';

export const CONFIG_FILE = 'mongoward.config.yaml';

export interface Config {
  readonly file?: string;
  readonly data: ConfigFile;
  /** The folder that its paths are relative to. */
  readonly folder: string;
}

/** The configuration file that was named, or the one in the working directory, or none. */
export function loadConfig(terminal: Terminal, named: string | undefined): Config {
  const file = named ?? CONFIG_FILE;
  const path = resolve(terminal.cwd, file);
  if (named === undefined && !existsSync(path)) return { data: {}, folder: terminal.cwd };
  const parsed = parseSource(file, readText(path, file));
  // A file that is empty, or only comments, configures nothing.
  if (parsed.problems.some(({ message }) => message === EMPTY_FILE)) return { file, data: {}, folder: dirname(path) };
  const problems = 'source' in parsed ? configProblems(parsed.source) : parsed.problems;
  if (problems.length > 0 || !('source' in parsed)) {
    throw new Failure(`${file} is not a valid configuration`, {
      details: problems.map(({ file: at, line, column, message }) => `${at}:${line}:${column}: ${message}`),
    });
  }
  return { file, data: parsed.source.data as ConfigFile, folder: dirname(path) };
}

/** What does not fit the schema, and rules and levels that don't go together. */
function configProblems(source: SourceFile): readonly Problem[] {
  const problems = conform(source, 'config');
  if (problems.length > 0) return problems;
  const { lint } = source.data as ConfigFile;
  return Object.entries(lint?.rules ?? {}).flatMap(([name, level]) => {
    const message = levelProblem(name, level);
    return message === undefined
      ? []
      : [{ rule: 'config/rule', severity: 'error' as const, message, ...source.locate(['lint', 'rules', name]) }];
  });
}

const POLICY_FILE = /\.(ya?ml|json)$/i;

/** Policy files among the paths given, folders searched through; sorted, named as a person would from here. */
export function findPolicyFiles(terminal: Terminal, paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const absolute = resolve(terminal.cwd, path);
    const stats = statOf(absolute, path);
    if (stats === undefined) {
      throw new Failure(`there is no file or folder ${path}`, { advice: 'name the policy files, or a folder of them' });
    }
    const files = stats.isDirectory() ? filesBelow(absolute) : [absolute];
    if (files.length === 0) {
      throw new Failure(`there are no policy files (.yaml, .yml, .json) in ${path}`, {
        advice: 'name the policy files, or a folder of them',
      });
    }
    for (const file of files) found.add(displayPath(terminal, file));
  }
  return [...found].sort();
}

function statOf(absolute: string, shown: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(absolute, { throwIfNoEntry: false });
  } catch (error) {
    throw new Failure(`can't read ${shown}: ${reasonOf(error)}`, { cause: error });
  }
}

/** The policy files of a folder and those below it, or the file itself; named as a person would from here. */
export function policyFilesBelow(terminal: Terminal, path: string): string[] {
  const files = statOf(path, path)?.isDirectory() === true ? filesBelow(path) : [path];
  return files.map((file) => displayPath(terminal, file)).sort();
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && isPolicyFile(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(/[/\\]/)
          .some((part) => part.startsWith('.') || part === 'node_modules'),
    );
}

/** The policy files of a folder, not of the folders below it; none if it can't be looked into. */
export function policyFilesIn(terminal: Terminal, folder: string): string[] {
  const absolute = resolve(terminal.cwd, folder);
  try {
    return readdirSync(absolute, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isPolicyFile(entry.name))
      .map((entry) => displayPath(terminal, join(absolute, entry.name)));
  } catch {
    return [];
  }
}

function isPolicyFile(name: string): boolean {
  return POLICY_FILE.test(name) && name !== CONFIG_FILE;
}

export function displayPath(terminal: Terminal, path: string): string {
  const shown = relative(terminal.cwd, path);
  return shown === '' || shown.startsWith('..') || isAbsolute(shown) ? path : shown.replaceAll('\\', '/');
}

/** What every policy says on one of its lines; a file without it is none, whatever else is in it. */
const POLICY_MARK = 'mongoward/v';

/** Files that nobody named, but that may belong to the same policy. What can't be read, or is no policy, does not. */
export function parseNeighbours(terminal: Terminal, files: readonly string[]): ParsedFile[] {
  return files.flatMap((file) => {
    try {
      const parsed = parseFile(terminal, file);
      return parsed.text?.includes(POLICY_MARK) === true ? [parsed] : [];
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  });
}

/** Reads and parses; what is wrong with the syntax comes back as problems, a file that can't be read is a Failure. */
export function parseFiles(terminal: Terminal, files: readonly string[]): ParsedFile[] {
  return files.map((file) => parseFile(terminal, file));
}

function parseFile(terminal: Terminal, file: string): ParsedFile {
  const { text, broken } = readDecoded(resolve(terminal.cwd, file), file);
  if (broken === undefined) return parsePolicyFile({ file, text });
  const { before, message } = broken;
  const at = { ...placeIn(before, before.length), path: '' };
  return { file, text: before, problems: [{ rule: 'document/syntax', severity: 'error', message, file, ...at }] };
}

/** What came in on standard input, as the file that it stands for. */
export function parseInput(terminal: Terminal, text: string, name: string): ParsedFile {
  if (text.length > MAX_FILE_BYTES)
    throw tooLarge('the standard input', text.length, MAX_FILE_BYTES, FILE_LIMIT.advice);
  const file = name === '<stdin>' ? name : displayPath(terminal, resolve(terminal.cwd, name));
  return parsePolicyFile({ file, text });
}

const SECRET_LIMIT: Limit = {
  maxBytes: MAX_FILE_BYTES,
  advice: 'nothing was changed; name the file that holds the secret and nothing else',
};

/**
 * Puts a new text in the place of a file, whole or not at all. Its mode stays; a link goes on leading to it. A file that
 * is not there is made only with a mode for it.
 */
export function writeFile(path: string, shown: string, text: string, modeOfNew?: number): void {
  try {
    const isNew = modeOfNew !== undefined && !existsSync(path);
    const target = isNew ? path : realpathSync(path);
    const mode = isNew ? modeOfNew : statSync(target).mode;
    const temporary = `${target}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, text, { mode });
      chmodSync(temporary, mode);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`can't write ${shown}: ${reasonOf(error)}`, { cause: error });
  }
}

/** A secret from the environment or a file, `folder` being what the file's path is relative to. Never shown. */
export function readSecret(terminal: Terminal, reference: SecretReference, folder: string, what: string): string {
  const { text } = decodeUtf8(readSecretBytes(terminal, reference, folder, what));
  if ('fromEnv' in reference) return text ?? '';
  if (text === undefined) {
    throw new Failure(`${reference.fromFile} is not UTF-8: ${what} is read from it`, { advice: 'nothing was changed' });
  }
  const line = text.replace(/\r?\n$/, '');
  if (line !== '') return line;
  throw new Failure(`${reference.fromFile} is empty: ${what} is read from it`, { advice: 'nothing was changed' });
}

/** The same as it stands there, byte by byte. */
export function readSecretBytes(terminal: Terminal, reference: SecretReference, folder: string, what: string): Buffer {
  if ('fromFile' in reference) {
    const { fromFile } = reference;
    return readBytes(resolve(folder, fromFile), `${fromFile} (${what} is read from it)`, SECRET_LIMIT);
  }
  const value = terminal.env[reference.fromEnv];
  if (value !== undefined && value !== '') return Buffer.from(value);
  throw new Failure(`the environment variable ${reference.fromEnv} is not set: ${what} is read from it`, {
    advice: `set ${reference.fromEnv} and run the command again; nothing was changed`,
  });
}
