/** Policy files, the configuration file and secrets, read from disk. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import type { ConfigFile } from '../generated/config.ts';
import { type ParsedFile, parsePolicyFile } from '../policy/compile.ts';
import { conform } from '../policy/conform.ts';
import type { SecretReference } from '../policy/intent.ts';
import { MAX_FILE_BYTES, parseSource } from '../policy/source.ts';
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
  const problems = 'source' in parsed ? conform(parsed.source, 'config') : parsed.problems;
  if (problems.length > 0 || !('source' in parsed)) {
    throw new Failure(`${file} is not a valid configuration`, {
      details: problems.map(({ file: at, line, column, message }) => `${at}:${line}:${column}: ${message}`),
    });
  }
  return { file, data: parsed.source.data as ConfigFile, folder: dirname(path) };
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

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && POLICY_FILE.test(entry.name) && entry.name !== CONFIG_FILE)
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(/[/\\]/)
          .some((part) => part.startsWith('.') || part === 'node_modules'),
    );
}

function displayPath(terminal: Terminal, path: string): string {
  const shown = relative(terminal.cwd, path);
  return shown === '' || shown.startsWith('..') || isAbsolute(shown) ? path : shown.replaceAll('\\', '/');
}

/** Reads and parses; what is wrong with the syntax comes back as problems, a file that can't be read is a Failure. */
export function parseFiles(terminal: Terminal, files: readonly string[]): ParsedFile[] {
  return files.map((file) => parsePolicyFile({ file, text: readText(resolve(terminal.cwd, file), file) }));
}

const SPLIT = 'split it: all files that bear the same metadata.name make one policy';

/** A file's text, or a Failure that says why not; `shown` is how messages name it, `advice` what to do if it is too large. */
export function readText(path: string, shown: string, maxBytes = MAX_FILE_BYTES, advice = SPLIT): string {
  try {
    const { size } = statSync(path);
    if (size > maxBytes) {
      const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
      throw new Failure(`${shown} is ${megabytes(size)} large, and ${megabytes(maxBytes)} is the most for one file`, {
        advice,
      });
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`can't read ${shown}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'no permission',
    ELOOP: 'it is a link that leads to itself',
    EISDIR: 'it is a folder',
  };
  return reasons[String(code)] ?? (error instanceof Error ? error.message : String(error));
}

/** A secret from the environment or a file, `folder` being what the file's path is relative to. Never shown. */
export function readSecret(terminal: Terminal, reference: SecretReference, folder: string, what: string): string {
  if ('fromEnv' in reference) {
    const value = terminal.env[reference.fromEnv];
    if (value !== undefined && value !== '') return value;
    throw new Failure(`the environment variable ${reference.fromEnv} is not set: ${what} is read from it`, {
      advice: `set ${reference.fromEnv} and run the command again; nothing was changed`,
    });
  }
  const text = readText(resolve(folder, reference.fromFile), reference.fromFile).replace(/\r?\n$/, '');
  if (text !== '') return text;
  throw new Failure(`${reference.fromFile} is empty: ${what} is read from it`, { advice: 'nothing was changed' });
}
