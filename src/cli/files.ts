/** Policy files, the configuration file and secrets, read from disk. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { shownPath, upwards, wayTo } from '../files/paths.ts';
import {
  FILE_LIMIT,
  type Limit,
  MAX_FILE_BYTES,
  readBytes,
  readDecoded,
  readText,
  tooLarge,
} from '../files/read-file.ts';
import type { ConfigFile } from '../generated/config.ts';
import * as configForm from '../generated/validate-config.js';
import { decodeUtf8 } from '../input/decode.ts';
import { placeIn } from '../input/refusal.ts';
import { levelProblem } from '../lint/levels.ts';
import { isEmptyRange } from '../model/version.ts';
import { emptyRangeText, type ParsedFile, parsePolicyFile } from '../policy/compile.ts';
import { conform, POLICY_MARK } from '../policy/conform.ts';
import type { SecretReference } from '../policy/intent.ts';
import type { DocumentPath, Problem } from '../policy/problem.ts';
import { isLogin } from '../policy/secrets.ts';
import { EMPTY_FILE, parseSource, type SourceFile } from '../policy/source.ts';
import { PolicyMemory } from './policy-memory.ts';
import type { Terminal } from './terminal.ts';

export const CONFIG_FILE = 'mongoward.config.yaml';

export interface Config {
  readonly file?: string;
  readonly data: ConfigFile;
  /** The folder that its paths are relative to. */
  readonly folder: string;
}

/**
 * The configuration file that was named, or else the nearest one: in the working directory, or above it as far as the
 * repository goes. Without any, nothing is configured.
 */
export function loadConfig(terminal: Terminal, named: string | undefined): Config {
  const path = named === undefined ? nearestConfig(terminal.cwd) : resolve(terminal.cwd, named);
  if (path === undefined) return { data: {}, folder: terminal.cwd };
  const file = named ?? wayTo(terminal.cwd, path);
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

/** What lies above a repository is somebody else's; outside of one nothing above the working directory is ours. */
function nearestConfig(cwd: string): string | undefined {
  const root = repositoryRoot(cwd) ?? cwd;
  const folders = upwards(cwd);
  return folders
    .slice(0, folders.indexOf(root) + 1)
    .map((folder) => join(folder, CONFIG_FILE))
    .find((path) => existsSync(path));
}

/** The folder with `.git` that this one is, or lies in. */
export function repositoryRoot(folder: string): string | undefined {
  return upwards(folder).find((at) => existsSync(join(at, '.git')));
}

/** What does not fit the schema, rules and levels that don't go together, and versions that no server has. */
function configProblems(source: SourceFile): readonly Problem[] {
  const problems = conform(source, configForm);
  if (problems.length > 0) return problems;
  const { lint, clusters } = source.data as ConfigFile;
  const problem = (rule: string, message: string, path: DocumentPath): Problem => {
    return { rule, severity: 'error', message, ...source.locate(path) };
  };
  const levels = Object.entries(lint?.rules ?? {}).flatMap(([name, level]) => {
    const message = levelProblem(name, level);
    return message === undefined ? [] : [problem('config/rule', message, ['lint', 'rules', name])];
  });
  const ranges = Object.entries(clusters ?? {}).flatMap(([name, { cluster }]) => {
    const version = cluster?.version;
    if (version === undefined || !isEmptyRange(version)) return [];
    return [problem('config/version', emptyRangeText(version), ['clusters', name, 'cluster', 'version'])];
  });
  return [...levels, ...ranges];
}

export function displayPath(terminal: Terminal, path: string): string {
  return shownPath(terminal.cwd, path);
}

/** A file without it is no policy, whatever else is in it. */
export function isPolicyText(text: string): boolean {
  return text.includes(POLICY_MARK);
}

/** Files that nobody named, but that may belong to the same policy. What is no policy does not; `unread` is told what can't be read. */
export function parseNeighbours(
  terminal: Terminal,
  files: readonly string[],
  unread: (failure: Failure) => void,
  memory = new PolicyMemory(),
): ParsedFile[] {
  return files.flatMap((file) => {
    try {
      const parsed = memory.parsed(file, () => parseFile(terminal, file));
      return parsed.text !== undefined && isPolicyText(parsed.text) ? [parsed] : [];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      unread(error);
      return [];
    }
  });
}

/** Reads and parses; what is wrong with the syntax comes back as problems, a file that can't be read is a Failure. */
export function parseFiles(terminal: Terminal, files: readonly string[], memory = new PolicyMemory()): ParsedFile[] {
  return files.map((file) => memory.parsed(file, () => parseFile(terminal, file)));
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
    if (isLogin(fromFile)) {
      throw new Failure(`fromFile holds a login instead of a path: ${what} is read from there`, {
        advice: 'write the login into a file, and name that; nothing was changed',
      });
    }
    return readBytes(resolve(folder, fromFile), `${fromFile} (${what} is read from it)`, SECRET_LIMIT);
  }
  const value = terminal.env[reference.fromEnv];
  if (value !== undefined && value !== '') return Buffer.from(value);
  throw new Failure(`the environment variable ${reference.fromEnv} is not set: ${what} is read from it`, {
    advice: `set ${reference.fromEnv} and run the command again; nothing was changed`,
  });
}

/**
 * The password of an account. MongoDB takes no control characters in one (SASLprep, RFC 4013), and says so in the words of
 * the library that prepares it, once others have been changed.
 */
export function readPassword(terminal: Terminal, reference: SecretReference, account: string): string {
  const what = `the password of ${account}`;
  const text = readSecret(terminal, reference, terminal.cwd, what);
  const [sign] = /\p{Cc}/u.exec(text) ?? [];
  if (sign === undefined) return text;
  const where = 'fromEnv' in reference ? `the environment variable ${reference.fromEnv}` : reference.fromFile;
  const held = /[\r\n]/.test(sign) ? 'more than one line' : 'a control character';
  throw new Failure(`${where} holds ${held}: ${what} is read from it`, {
    advice: 'nothing was changed; put the password there, on one line, and nothing else',
  });
}
