/** The process as the commands see it: everything that is not a pure function of its arguments comes in here. */
import { createInterface } from 'node:readline/promises';
import { coloured, type Paint, plain } from '../report/paint.ts';

export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `YYYY-MM-DD`, in UTC. */
  readonly today: string;
  now(): Date;
  /** For standard output. */
  readonly paint: Paint;
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  out(text: string): void;
  err(text: string): void;
  /** A line on standard error that the next one replaces; only where a person watches. */
  progress(text: string): void;
  /** Everything that comes in on standard input. */
  input(): Promise<string>;
  /** The answer to a question, without the line end. */
  ask(question: string): Promise<string>;
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const wantsColour = stdout.isTTY && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb';
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  let asking = false;
  return {
    cwd: process.cwd(),
    env,
    today: new Date().toISOString().slice(0, 10),
    now: () => new Date(),
    paint: wantsColour || forced ? coloured : plain,
    interactive: stdin.isTTY && stderr.isTTY,
    out: (text) => void stdout.write(harmless(text)),
    err: (text) => void stderr.write(harmless(text)),
    progress: (text) => {
      if (stderr.isTTY && !asking) stderr.write(`\r\u001b[K${text}`);
    },
    input: async () => {
      stdin.setEncoding('utf8');
      let text = '';
      for await (const chunk of stdin) text += String(chunk);
      return text;
    },
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stderr });
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

/** What could move the cursor, hide text or turn its direction, other than our own colours: a name may hold anything. */
// Control characters but for the line end, and what is written for \p{Bidi_Control}: classes of Unicode cost ten times as much.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const HARMFUL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const ESCAPE = '\u001b';
const OWN_COLOURS = /^\[(?:1|2|22|31|32|33|36|39)m/;

function harmless(text: string): string {
  return text.replaceAll(HARMFUL, (character, at: number) => {
    if (character === ESCAPE && OWN_COLOURS.test(text.slice(at + 1, at + 6))) return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
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
