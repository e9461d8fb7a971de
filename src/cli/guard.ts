/**
 * What goes out to a terminal, a file or a log. Names and messages may hold anything: what can't be seen is written as an
 * escape, a message on standard error is one line, no line begins like a command to the CI that reads it, and no URI
 * has its password.
 */
import { escapeHidden } from '../input/characters.ts';
import { isLogin, withoutLogins } from '../policy/secrets.ts';
import type { Terminal } from './terminal.ts';

/** The same terminal, with all that goes out made harmless. */
export function guarded(terminal: Terminal): Terminal {
  return {
    ...terminal,
    out: (text, form) => terminal.out(harmlessOutput(text, form)),
    err: (text) => terminal.err(`${harmless(oneMessage(text))}\n`),
    progress: (text) => terminal.progress(escaped(oneMessage(text))),
    ask: (question) => terminal.ask(escaped(question)),
  };
}

/**
 * A message without the logins that were given on the command line or by variables, in place of what they stand for. One
 * without a scheme looks like the name of a role with a colon in it, so that it is left where it may be that.
 */
export function withoutGivenLogins(message: string, given: readonly string[]): string {
  const logins = given.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]).filter(isLogin);
  return logins.reduce((text, login) => text.replaceAll(login, '\u2026'), message);
}

/** What is written to a file, or to standard output. `commands`: the lines are workflow commands. */
export function harmlessOutput(text: string, form?: 'commands'): string {
  return form === 'commands' ? inside(escaped(text)) : harmless(text);
}

function oneMessage(text: string): string {
  return text.replace(/\n$/, '').replaceAll('\n', '\\n');
}

/** Tabs too: they move what stands behind them. */
function escaped(text: string): string {
  return withoutLogins(escapeHidden(text).replaceAll('\t', '\\t'));
}

/**
 * GitHub's runner takes a line for a command that begins with `::`, whatever blanks stand before it, or holds `##[`
 * (actions/runner, `ActionCommand.cs`); Azure Pipelines one that holds `##vso[`. In JSON the escapes mean the same.
 */
function harmless(text: string): string {
  return inside(escaped(text)).replaceAll(/^( *):(?=:)/gm, '$1\\u003a');
}

function inside(text: string): string {
  return text.replaceAll(/#(?=#(?:vso)?\[)/gi, '\\u0023');
}
