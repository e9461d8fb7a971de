/**
 * Which files are policies: below the folders that are named, links followed as long as they stay in the project. What
 * lies there and is not read is told, so that nobody takes it for a part of the policy.
 */
import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isExpectationFile } from '../expect/file-name.ts';
import { Failure } from '../failure.ts';
import { isInside } from '../files/paths.ts';
import { readDecoded, reasonOf } from '../files/read-file.ts';
import { policyNameOf } from '../policy/compile.ts';
import { CONFIG_FILE, type Config, displayPath, parseNeighbours, repositoryRoot } from './files.ts';
import { expandPaths } from './glob.ts';
import type { Terminal } from './terminal.ts';

export interface FoundFiles {
  /** Sorted, named as a person would from here. */
  readonly files: readonly string[];
  /** Files of expectations about policies, the same way. */
  readonly tests: readonly string[];
  /** What lies below the folders and is none of them, the same way. */
  readonly unread: readonly string[];
}

const POLICY_FILE = /\.(ya?ml|json)$/i;

/**
 * Whether a file of that name is read where its folder is named: as a policy, or as expectations about one. A hidden one
 * is not, because nobody who looks at the folder sees it.
 */
function isRead(name: string): boolean {
  return POLICY_FILE.test(name) && name !== CONFIG_FILE && !isHidden(name);
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}

const NAME_THEM = 'name the policy files, or a folder of them';

/** Policy files among the paths that somebody named on the command line, folders searched through. */
export function findPolicyFiles(terminal: Terminal, config: Config, paths: readonly string[]): FoundFiles {
  const found = expandPaths(terminal.cwd, paths).map((path) => {
    const below = searchPath(terminal, config, path);
    if (below.files.length === 0) {
      throw new Failure(`there are no policy files (.yaml, .yml, .json) in ${path}`, { advice: NAME_THEM });
    }
    return below;
  });
  return shown(terminal, found);
}

/** The same for whoever works on files of expectations too: these alone are enough. */
export function findFiles(terminal: Terminal, config: Config, paths: readonly string[]): FoundFiles {
  const found = expandPaths(terminal.cwd, paths).map((path) => {
    const below = searchPath(terminal, config, path);
    if (below.files.length + below.tests.length === 0) {
      throw new Failure(`there are no policies and no expectations (.yaml, .yml, .json) in ${path}`, {
        advice: NAME_THEM,
      });
    }
    return below;
  });
  return shown(terminal, found);
}

function searchPath(terminal: Terminal, config: Config, path: string): FoundFiles {
  const absolute = resolve(terminal.cwd, path);
  const stats = statOf(absolute, path);
  if (stats === undefined) throw new Failure(`there is no file or folder ${path}`, { advice: NAME_THEM });
  return sorted(terminal, search(terminal, config, absolute, stats));
}

/** The same for the paths of the configuration, which may name what lies in the project, and nothing else. */
export function findConfigured(terminal: Terminal, config: Config, paths: readonly string[]): FoundFiles {
  refuseForeign(terminal, config, paths);
  refuseUnsaid(terminal, config, paths);
  return findPolicyFiles(terminal, config, paths);
}

/** {@link findFiles} for the paths of the configuration. */
export function findConfiguredFiles(terminal: Terminal, config: Config, paths: readonly string[]): FoundFiles {
  refuseForeign(terminal, config, paths);
  refuseUnsaid(terminal, config, paths);
  return findFiles(terminal, config, paths);
}

/** The same where nothing at all may be there. */
export function findConfiguredIfAny(terminal: Terminal, config: Config, paths: readonly string[]): readonly string[] {
  refuseForeign(terminal, config, paths);
  const found = paths.flatMap((path) => {
    const stats = statOf(path, path);
    return stats === undefined ? [] : [sorted(terminal, search(terminal, config, path, stats))];
  });
  return shown(terminal, found).files;
}

function refuseForeign(terminal: Terminal, config: Config, paths: readonly string[]): void {
  for (const path of paths) {
    if (!existsSync(path) || isInside(projectOf(config), realpathSync(path))) continue;
    const name = config.file ?? CONFIG_FILE;
    throw new Failure(`${name} names ${displayPath(terminal, path)}, which lies outside of the project`, {
      advice: 'name it on the command line if it is meant to be read',
    });
  }
}

/** Where policies lie if nobody says so, nothing is, because each cluster has its own. */
function refuseUnsaid(terminal: Terminal, { data, file, folder }: Config, paths: readonly string[]): void {
  const missing = data.policies === undefined ? paths.find((path) => !existsSync(path)) : undefined;
  const own = new Set(Object.values(data.clusters ?? {}).flatMap(({ policies = [] }) => policies));
  if (missing === undefined || own.size === 0 || [...own].some((path) => resolve(folder, path) === missing)) return;
  throw new Failure(
    `there is no folder ${displayPath(terminal, missing)}: in ${file ?? CONFIG_FILE} clusters have their own`,
    {
      advice: `name the policies of a cluster: ${[...own].join(' ')}`,
    },
  );
}

/** Policies and expectations apart. */
function sorted(terminal: Terminal, { files, unread }: Omit<FoundFiles, 'tests'>): FoundFiles {
  const tests = files.filter(isExpectationFile);
  refuseMisnamed(
    terminal,
    tests.map((path) => displayPath(terminal, path)),
  );
  return { files: files.filter((path) => !isExpectationFile(path)), tests, unread };
}

/** A policy for the cluster that is called test: under such a name no command would ever read it. */
function refuseMisnamed(terminal: Terminal, tests: readonly string[]): void {
  const unclear = tests.filter((file) => !saysTest(terminal, file));
  const policy = parseNeighbours(terminal, unclear, () => {}).find(
    (file) => policyNameOf(file) !== undefined && !hasKey(file.source?.data, 'test'),
  );
  if (policy === undefined) return;
  throw new Failure(`${policy.file} holds a policy, and is called like a file of expectations`, {
    advice: `rename it, for instance to ${policy.file.replace(/\.(?=test\.\w+$)/i, '-')}: what ends in .test is read by mongoward policy test alone`,
  });
}

/** As nearly all of them do: they need not be parsed for that. What can't be read is told by whoever has to read it. */
function saysTest(terminal: Terminal, file: string): boolean {
  try {
    return /^test *:/m.test(readDecoded(resolve(terminal.cwd, file), file).text ?? '');
  } catch (error) {
    if (error instanceof Failure) return true;
    throw error;
  }
}

function hasKey(data: unknown, key: string): boolean {
  return typeof data === 'object' && data !== null && key in data;
}

function search(terminal: Terminal, config: Config, absolute: string, stats: Stats): Omit<FoundFiles, 'tests'> {
  if (!stats.isDirectory()) return { files: [absolute], unread: [] };
  return filesBelow(terminal, absolute, [projectOf(config), realpathSync(absolute)]);
}

/** The policy files of a folder, not of the folders below it; none if it can't be looked into. */
export function policyFilesIn(terminal: Terminal, folder: string): string[] {
  const files = filesIn(terminal, folder);
  refuseMisnamed(terminal, files.filter(isExpectationFile));
  return files.filter((path) => !isExpectationFile(path));
}

/** The same with the files of expectations. */
export function expectationFilesIn(terminal: Terminal, folder: string): string[] {
  return filesIn(terminal, folder).filter(isExpectationFile);
}

/** As in {@link filesBelow}, where a link counts that leads nowhere: whoever reads it says so. */
function filesIn(terminal: Terminal, folder: string): string[] {
  const absolute = resolve(terminal.cwd, folder);
  const files = new Map<string, string>();
  try {
    const real = realpathSync(absolute);
    for (const entry of readdirSync(absolute, { withFileTypes: true })) {
      if (entry.isDirectory() || !isRead(entry.name)) continue;
      const path = join(absolute, entry.name);
      const itself = entry.isSymbolicLink() && existsSync(path) ? undefined : join(real, entry.name);
      addFile(files, [], path, itself);
    }
  } catch {
    return [];
  }
  return [...files.values()].map((path) => displayPath(terminal, path));
}

/** One line about what is not read; nothing if everything is. */
export function tellUnread(terminal: Terminal, { unread }: FoundFiles): void {
  if (unread.length > 0) terminal.err(`note: ${unreadText(terminal, unread)}\n`);
}

const MOST_NAMED = 5;

/** What may be taken for a part of the policy is named, however much there is; of notes and pictures the first few. */
function unreadText(terminal: Terminal, unread: readonly string[]): string {
  const first = new Set(unread.filter((path) => !mayBePolicy(path)).slice(0, MOST_NAMED));
  const named = unread.filter((path) => mayBePolicy(path) || first.has(path));
  const more = unread.length - named.length;
  const names = named.map((path) => displayPath(terminal, path)).join(', ');
  return `not read: ${names}${more === 0 ? '' : `, and ${more} more that have no name of a policy`}`;
}

function mayBePolicy(path: string): boolean {
  return POLICY_FILE.test(path) || isHidden(basename(path));
}

/** The repository that the configuration belongs to, or else its folder: what a link may lead to. */
function projectOf({ folder }: Config): string {
  const start = realpathSync(folder);
  return repositoryRoot(start) ?? start;
}

function shown(terminal: Terminal, found: readonly FoundFiles[]): FoundFiles {
  const names = (paths: readonly string[]): readonly string[] =>
    [...new Set(paths.map((path) => displayPath(terminal, path)))].sort();
  return {
    files: names(found.flatMap(({ files }) => files)),
    tests: names(found.flatMap(({ tests }) => tests)),
    unread: names(found.flatMap(({ unread }) => unread)),
  };
}

function statOf(absolute: string, shownAs: string): Stats | undefined {
  try {
    return statSync(absolute, { throwIfNoEntry: false });
  } catch (error) {
    throw new Failure(`can't read ${shownAs}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Far more than a repository of policies has; a folder with more is none. */
const MOST_FILES = 10_000;

/** `roots`: what links may lead into. */
function filesBelow(terminal: Terminal, folder: string, roots: readonly string[]): Omit<FoundFiles, 'tests'> {
  const files = new Map<string, string>();
  const unread: string[] = [];
  const folders = [folder];
  const seen = new Set<string>();
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const real = realpathSync(next);
    if (seen.has(real)) continue;
    seen.add(real);
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name);
      const kind = kindOf(terminal, entry, path, roots);
      if (kind === 'folder') folders.push(path);
      else if (kind === 'unread') unread.push(path);
      else addFile(files, unread, path, entry.isSymbolicLink() ? undefined : join(real, entry.name));
      if (files.size > MOST_FILES) {
        throw new Failure(`there are more than ${MOST_FILES} policy files in ${displayPath(terminal, folder)}`, {
          advice: 'name the folder that the policies are in',
        });
      }
    }
  }
  return { files: [...files.values()], unread };
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new Failure(`can't read the folder ${folder}: ${reasonOf(error)}`, { cause: error });
  }
}

/** A file that is there twice, once by a link, is read once. */
function addFile(files: Map<string, string>, unread: string[], path: string, itself: string | undefined): void {
  const real = itself ?? realpathSync(path);
  const known = files.get(real);
  if (known === undefined || itself !== undefined) files.set(real, path);
  if (known !== undefined) unread.push(itself === undefined ? path : known);
}

function kindOf(
  terminal: Terminal,
  entry: Dirent,
  path: string,
  roots: readonly string[],
): 'file' | 'folder' | 'unread' {
  if (isHidden(entry.name) || entry.name === 'node_modules') return 'unread';
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'folder' : isRead(entry.name) ? 'file' : 'unread';
  const target = linkedTo(terminal, path);
  if (!target.isDirectory() && !isRead(entry.name)) return 'unread';
  refuseLinkOut(terminal, path, roots);
  return target.isDirectory() ? 'folder' : 'file';
}

/** What a link leads to. Throws a Failure where that is nothing. */
function linkedTo(terminal: Terminal, path: string): Stats {
  const target = statOf(path, displayPath(terminal, path));
  if (target === undefined) throw linkFailure(terminal, path, 'leads nowhere');
  return target;
}

function refuseLinkOut(terminal: Terminal, path: string, roots: readonly string[]): void {
  if (roots.some((root) => isInside(root, realpathSync(path)))) return;
  throw linkFailure(terminal, path, 'leads out of the project');
}

/** Throws a Failure unless the link in that folder leads to a file of the project, or of the folder. */
export function refuseStrayLink(terminal: Terminal, config: Config, folder: string, name: string): void {
  const path = join(folder, name);
  if (!linkedTo(terminal, path).isFile()) throw linkFailure(terminal, path, 'leads to no file');
  refuseLinkOut(terminal, path, [projectOf(config), realpathSync(folder)]);
}

function linkFailure(terminal: Terminal, path: string, how: string): Failure {
  return new Failure(`${displayPath(terminal, path)} is a link that ${how}`, {
    advice: 'put the file itself there, or remove the link',
  });
}
