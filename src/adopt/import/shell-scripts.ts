/** The scripts for mongosh that a file holds: the whole of it, or what a shell script hands over. */
import { passedOver } from './shell-branches.ts';

export interface Script {
  readonly text: string;
  readonly firstLine: number;
  /** The database that the command line names, as it is written there. */
  readonly db?: string;
  /** Why nobody can tell whether the shell hands it over. */
  readonly uncertain?: string;
}

const SHELL_FILE = /\.(sh|bash|zsh|ksh|envsh)$/i;
const SHELL_LINE = /^#!.*\b(sh|bash|zsh|ksh|ash)\b/;

export interface Scripts {
  readonly scripts: readonly Script[];
  /** Lines that are about users or roles, and that no script was found in. */
  readonly unread: readonly number[];
}

export function scriptsIn(file: string, text: string): Scripts {
  if (!SHELL_FILE.test(file) && !SHELL_LINE.test(text)) return { scripts: [{ text, firstLine: 1 }], unread: [] };
  const passed = passedOver(text);
  const scripts = [...heredocs(text), ...evaluated(text)]
    .sort((a, b) => a.firstLine - b.firstLine)
    .map((script) => ({ ...script, text: withoutSubstitutions(script.text) }))
    .map((script): Script => {
      const uncertain = passed[script.firstLine];
      return uncertain === undefined ? script : { ...script, uncertain };
    });
  const covered = (line: number): boolean =>
    scripts.some(({ firstLine, text: body }) => line >= firstLine && line < firstLine + body.split('\n').length);
  const unread = text
    .split('\n')
    .flatMap((line, at) => (managesAccounts(line) && !/^\s*#/.test(line) && !covered(at + 1) ? [at + 1] : []));
  return { scripts, unread };
}

/** `$(…)`, in which anything may stand, as a name that nobody knows; lines stay where they are. */
function withoutSubstitutions(text: string): string {
  let left = '';
  for (let at = 0; at < text.length; at += 1) {
    if (!text.startsWith('$(', at)) {
      left += text[at];
      continue;
    }
    const begin = at;
    let open = 0;
    do {
      if (text[at] === '(') open += 1;
      if (text[at] === ')') open -= 1;
      at += 1;
    } while (at < text.length && (open > 0 || text[at - 1] === '$'));
    left += `$SUBSTITUTED${'\n'.repeat(text.slice(begin, at).split('\n').length - 1)}`;
    at -= 1;
  }
  return left;
}

const HEREDOC = /^(.*?)<<-?\s*\\?(["']?)(\w+)\2.*$/;

/** What makes a text one for the shell of MongoDB, whoever hands it over, and to whom. */
const MANAGES = /\.(?:create|update|drop)(?:User|Role)\(|\.(?:grant|revoke)\w+(?:User|Role)\(/;
/** The same as a document for `runCommand`. */
const COMMANDS =
  /["'{\s](?:(?:create|update|drop)(?:User|Role)|(?:grant|revoke)\w+(?:To|From)(?:User|Role))\\?["']?\s*:/;

/** Said of a text of that kind in the file of another tool. */
export const SCRIPT_INSIDE =
  'what a script does to users or roles here is left out: give it as a file of its own, with --from mongosh';

/** Whether a text has to do with users or roles, as a script for the shell of MongoDB would. */
export function managesAccounts(text: string): boolean {
  return MANAGES.test(text) || COMMANDS.test(text);
}

/** `mongosh … <<EOF` or `cat > init.js <<EOF`, up to `EOF`; a line that goes on on the next one counts as one. */
function heredocs(text: string): readonly Script[] {
  const lines = text.split(/\r?\n/);
  const found: Script[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    let command = lines[at] ?? '';
    while (command.endsWith('\\') && at + 1 < lines.length) {
      at += 1;
      command = `${command.slice(0, -1)} ${lines[at] ?? ''}`;
    }
    const [, invocation = '', , word = ''] = HEREDOC.exec(command) ?? [];
    if (word === '' || command.trimStart().startsWith('#')) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === word);
    const body = lines.slice(at + 1, end < 0 ? lines.length : end);
    if (/\bmongo(sh)?\b/.test(invocation) || managesAccounts(body.join('\n'))) {
      found.push({ text: body.join('\n'), firstLine: at + 2, ...databaseIn(invocation) });
    }
    at = end < 0 ? lines.length : end;
  }
  return found;
}

const EVALUATED = /(\s)--eval(?:=|\s+)(["'])([\s\S]*?[^\\])\2/g;

/** `mongosh --eval '…'`, as often as it stands there, whatever the shell is called. */
function evaluated(text: string): readonly Script[] {
  const bare = text
    .replaceAll(EVALUATED, (whole, blank: string) => `${blank}--eval=`.padEnd(whole.length, '_'))
    .replaceAll(/\\\r?\n/g, (end) => ' '.repeat(end.length));
  let counted = 0;
  let line = 1;
  return [...text.matchAll(EVALUATED)].flatMap(({ index, 0: whole, 2: quote, 3: script = '' }) => {
    const command = commandAt(bare, index);
    if (command.trimStart().startsWith('#')) return [];
    const begin = index + whole.length - script.length - 1;
    line += text.slice(counted, begin).split('\n').length - 1;
    counted = begin;
    const unescaped = quote === '"' ? script.replaceAll('\\"', '"').replaceAll('\\$', '$') : script;
    return [{ text: unescaped, firstLine: line, ...databaseIn(command) }];
  });
}

/** Longer than what people write before or behind a script on the command line. */
const LONGEST = 2000;

/** The command around a place, on one line: from the line's beginning up to what ends the command. */
function commandAt(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - LONGEST), at + 1);
  const behind = text.slice(at + 1, at + LONGEST);
  return before.slice(before.lastIndexOf('\n', before.length - 2) + 1) + (/^[^\n;|&<>]*/.exec(behind)?.[0] ?? '');
}

/** Options of mongosh without a value. */
const FLAG =
  /^--?(quiet|norc|verbose|tls|ssl|nodb|ipv6|shell|json|retryWrites|apiStrict|apiDeprecationErrors|(?:tls|ssl)(Allow|Use|FIPS)\w*)$/;

/**
 * The first word behind the shell's name that is neither an option nor its value: a database, a host with one, or a
 * connection string. Where containers are, the shell stands last: `docker exec mongo mongosh shop`.
 */
function databaseIn(invocation: string): { readonly db?: string } {
  const shells = [...invocation.matchAll(/\bmongo(?:sh)?(?=\s)/g)];
  const begin = shells.findLast(([name]) => name === 'mongosh') ?? shells.at(-1);
  if (begin === undefined) return {};
  const words = invocation.slice(begin.index + begin[0].length).match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  let skip = false;
  for (const word of words) {
    const bare = word.replaceAll(/["']/g, '');
    if (/^\d?[<>|&;]/.test(word)) return {};
    if (skip) skip = false;
    else if (word === '--' || FLAG.test(word)) continue;
    else if (word.startsWith('-')) skip = !word.includes('=');
    else if (!/\.m?js$/.test(bare)) return databaseOfAddress(bare);
  }
  return {};
}

function databaseOfAddress(address: string): { readonly db?: string } {
  const db = databaseOfUri(address) ?? (/^[^:/]+$/.test(address) ? address : undefined);
  return db === undefined ? {} : { db };
}

/** Of a connection string, or of `host/database`; nothing if it names none. */
export function databaseOfUri(uri: string): string | undefined {
  return /^(?:mongodb(?:\+srv)?:\/\/)?[^/]+\/([^/?]+)/.exec(uri)?.[1];
}
