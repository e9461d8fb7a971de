/** The process as the commands see it: everything that is not a pure function of its arguments comes in here. */
import { WIDTH } from '../report/layout.ts';
import { inWidth, markedColours, type Paint, plain } from '../report/paint.ts';
import { switched } from './environment-options.ts';
import { onSignals, type ProgressLine, progressLine, wantsProgress } from './progress-line.ts';
import type { StandardStream } from './standard-stream.ts';

export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `YYYY-MM-DD`, in UTC. */
  readonly today: string;
  now(): Date;
  /** Aborted when the process is asked to end (SIGTERM, SIGINT); whoever asks for it sees to the end. */
  ending(): AbortSignal;
  /** For standard output. */
  readonly paint: Paint;
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  /** `commands`: the lines are workflow commands, which begin with `::`, for the CI that reads standard output. */
  out(text: string, form?: 'commands'): void;
  /** One message, with its line end. */
  err(text: string): void;
  /** A line on standard error that the next one replaces; only where a person watches. */
  progress(text: string): void;
  /** Everything that comes in on standard input. */
  input(): Promise<string>;
  /** The answer to a question, without the line end. */
  ask(question: string): Promise<string>;
}

const NO_LINE: ProgressLine = { show: () => {}, clear: () => {} };
const UNCOLOURED: ReturnType<typeof markedColours> = { paint: plain, shown: (text) => text };

/** `argv`: what was asked for, for `--color` and `--progress`. */
export function processTerminal(argv: readonly string[], stdout: StandardStream, stderr: StandardStream): Terminal {
  const { env } = process;
  let asking = false;
  const colours = wantsColour(argv, env, stdout.isTTY) ? markedColours() : UNCOLOURED;
  const watched = wantsProgress(switched('progress', argv, env), env, stderr.isTTY);
  const line = watched ? progressLine(stderr, onSignals) : NO_LINE;
  return {
    cwd: process.cwd(),
    env,
    today: new Date().toISOString().slice(0, 10),
    now: () => new Date(),
    paint: inWidth(colours.paint, columnsOf(stdout)),
    ending: () => {
      const controller = new AbortController();
      for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => controller.abort());
      return controller.signal;
    },
    // In this order: to open what comes in takes long, and a hook or a CI job has no terminal for messages.
    interactive: stderr.isTTY && process.stdin.isTTY,
    out: (text) => {
      line.clear();
      stdout.write(colours.shown(text));
    },
    err: (text) => {
      line.clear();
      stderr.write(text);
    },
    progress: (text) => {
      if (!asking) line.show(text);
    },
    input: async () => {
      const { stdin } = process;
      stdin.setEncoding('utf8');
      let text = '';
      for await (const chunk of stdin) text += String(chunk);
      return text;
    },
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises');
      line.clear();
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        asking = true;
        return await lines.question(question);
      } catch {
        // Ctrl+C and Ctrl+D: no answer.
        return '';
      } finally {
        asking = false;
        lines.close();
      }
    },
  };
}

const NARROWEST = 60;
const WIDEST = 200;

/** A terminal's own width, within what can be read; 80 columns where there is none. */
function columnsOf(stdout: StandardStream): number {
  if (!stdout.isTTY) return WIDTH;
  return Math.min(Math.max(stdout.columns, NARROWEST), WIDEST);
}

/**
 * The option decides, then `FORCE_COLOR`, then `NO_COLOR` (no-color.org, force-color.org: each where it is not empty),
 * and else whether a person looks at it.
 */
export function wantsColour(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  const option = switched('color', argv, env);
  if (option !== undefined) return option;
  const { FORCE_COLOR: forced = '', NO_COLOR: none = '', TERM } = env;
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && none === '' && TERM !== 'dumb';
}

/**
 * Shows what is under way once it has taken more than a second, with the seconds, and clears the line at the end.
 */
export async function withProgress<T>(
  terminal: Terminal,
  label: string,
  work: (say: (label: string) => void) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  let current = label;
  let shown = false;
  const timer = setInterval(() => {
    shown = true;
    terminal.progress(`${current} (${Math.round((performance.now() - started) / 1000)} s)`);
  }, 1000);
  try {
    return await work((next) => {
      current = next;
    });
  } finally {
    clearInterval(timer);
    if (shown) terminal.progress('');
  }
}
