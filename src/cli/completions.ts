/** What may stand at the end of a command line: commands, options, and the names that this project knows. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DRIFT_RULES } from '../drift/rules.ts';
import { Failure } from '../failure.ts';
import { readText, SNAPSHOT_LIMIT } from '../files/read-file.ts';
import { RULES } from '../lint/rules.ts';
import { knownActions } from '../model/catalogue.ts';
import { formatUser } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { policyNameOf } from '../policy/compile.ts';
import { type Config, loadConfig, parseNeighbours } from './files.ts';
import { findConfiguredIfAny } from './policy-files.ts';
import type { Terminal } from './terminal.ts';
import type { OptionKinds } from './usage.ts';

/** What a shell may ask about: the nouns with their verbs, and of one command its words and options. */
export interface Completable {
  readonly nouns: ReadonlyMap<string, readonly string[]>;
  /** Nothing for words that name no command. */
  describe(words: readonly string[]): Promise<{ readonly usage: string; readonly kinds: OptionKinds } | undefined>;
}

/** The candidates that begin like the last of the words, sorted; none: let the shell name files. */
export async function completions(
  terminal: Terminal,
  words: readonly string[],
  { nouns, describe }: Completable,
): Promise<readonly string[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const fitting = (candidates: Iterable<string>): readonly string[] =>
    [...new Set(candidates)].filter((candidate) => candidate.startsWith(current)).sort();
  const [noun, verb] = before.filter((word) => !word.startsWith('-'));
  if (noun === undefined) return fitting([...nouns.keys(), 'help', 'version']);
  if (noun === 'help') return fitting(before.length === 1 ? nouns.keys() : (nouns.get(before[1] ?? '') ?? []));
  const verbs = nouns.get(noun) ?? [];
  if (verb === undefined && verbs.length > 0) return fitting(verbs);
  const command = await describe(before);
  if (command === undefined) return [];
  const { kinds, usage } = command;
  const option = /^--(.+)$/.exec(before.at(-1) ?? '')?.[1];
  if (option !== undefined && kinds.names.includes(option) && !kinds.booleans.includes(option)) {
    return fitting(kinds.choices[option] ?? namesFor(terminal, option));
  }
  if (current.startsWith('-')) return fitting(kinds.names.map((name) => `--${name}`));
  const places = [...usage.matchAll(/[<[]([a-z-]+)(?:\.\.)?[>\]]/g)].map(([, word = '']) => word);
  const given = before.filter((word, at) => !word.startsWith('-') && !takesValue(before[at - 1], kinds)).length;
  const place = places[given - (verbs.length > 0 ? 2 : 1)];
  return fitting(place === undefined ? [] : (kinds.choices[place] ?? namesFor(terminal, place)));
}

function takesValue(word: string | undefined, { names, booleans }: OptionKinds): boolean {
  const option = /^--([^=]+)$/.exec(word ?? '')?.[1];
  return option !== undefined && names.includes(option) && !booleans.includes(option);
}

/** What an option or a word is about. Whatever can't be read has no names: a shell has nobody to tell it to. */
function namesFor(terminal: Terminal, what: string): readonly string[] {
  try {
    const config = loadConfig(terminal, undefined);
    switch (what) {
      case 'cluster':
      case 'from-cluster':
        return Object.keys(config.data.clusters ?? {});
      case 'rule':
        return [...RULES, ...DRIFT_RULES].map(({ name }) => name);
      case 'action':
        return [...Object.keys(OUTCOMES), ...knownActions()];
      case 'user':
      case 'rotate':
        return [...accountsOfPolicies(terminal, config), ...accountsOfSnapshot(terminal, config)];
      case 'name':
        return policies(terminal, config).flatMap((file) => policyNameOf(file) ?? []);
      default:
        return [];
    }
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

function policies(terminal: Terminal, config: Config) {
  const { policies: shared = ['policies'], clusters = {} } = config.data;
  const paths = [...shared, ...Object.values(clusters).flatMap((entry) => entry.policies ?? [])];
  const files = findConfiguredIfAny(
    terminal,
    config,
    paths.map((path) => join(config.folder, path)),
  );
  return parseNeighbours(terminal, files, () => {});
}

function accountsOfPolicies(terminal: Terminal, config: Config): readonly string[] {
  return policies(terminal, config).flatMap(({ source }) => {
    const data = source?.data;
    const users = typeof data === 'object' && data !== null && 'users' in data ? data.users : undefined;
    return typeof users === 'object' && users !== null ? Object.keys(users) : [];
  });
}

const OUTCOMES: Readonly<Record<Outcome, true>> = {
  read: true,
  insert: true,
  alter: true,
  destroy: true,
  unseal: true,
  suppress: true,
  administer: true,
};

/** A snapshot says so at its beginning. */
const SNAPSHOT = /^\s*\{\s*"mongowardSnapshot"/;

/** Of the newest snapshot beside the configuration. */
function accountsOfSnapshot(terminal: Terminal, { folder }: Config): readonly string[] {
  const files = [...new Set([terminal.cwd, folder])].flatMap((place) =>
    readdirSync(place)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(place, name)),
  );
  const newestFirst = files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const file of newestFirst) {
    const text = readText(file, file, SNAPSHOT_LIMIT);
    if (SNAPSHOT.test(text)) return accountsIn(text);
  }
  return [];
}

function accountsIn(text: string): readonly string[] {
  const { users } = JSON.parse(text) as { readonly users?: readonly { readonly user: string; readonly db: string }[] };
  return Array.isArray(users) ? users.map(formatUser) : [];
}
