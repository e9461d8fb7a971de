/** A terminal that keeps what is written, and a folder of files to work in. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { inWidth, type Paint, plain } from '../../src/report/paint.ts';

/** The built program, for what only a process of its own shows. */
export const PROGRAM = join(import.meta.dirname, '../../dist/cli/main.js');

/** The reason to skip where nothing is built; `false` where it is. */
export const unbuilt = existsSync(PROGRAM) ? false : 'npm run build';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the person at the terminal answers; absent: there is none. */
  readonly answer?: string;
  /** What comes in on standard input. */
  readonly input?: string;
  /** Told how far a long command is. */
  readonly progress?: (line: string) => void;
  /** Aborted to end a command that stays up. */
  readonly ending?: AbortSignal;
  /** Told what goes to standard error. */
  readonly told?: (text: string) => void;
  /** The columns of the terminal; 80 unless given. */
  readonly width?: number;
  /** The colours of the terminal; none unless given. Goes before `width`. */
  readonly paint?: Paint;
  /** Told what the person is asked. */
  readonly asked?: (question: string) => void;
}

export async function mongoward(
  argv: readonly string[],
  { cwd, env, answer, input, progress, ending, told, width, paint, asked }: RunOptions = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    cwd: cwd ?? process.cwd(),
    env: env ?? {},
    today: '2026-11-23',
    now: () => new Date('2026-11-23T12:00:00Z'),
    ending: () => ending ?? new AbortController().signal,
    paint: paint ?? (width === undefined ? plain : inWidth(plain, width)),
    interactive: answer !== undefined,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
      told?.(text);
    },
    progress: progress ?? (() => {}),
    input: async () => input ?? '',
    ask: async (question) => {
      asked?.(question);
      return answer ?? '';
    },
  };
  const code = await run(argv, terminal);
  return { code, out, err };
}

/** What a text report says, without the block that says what it is made from. */
export function withoutEvidence(text: string): string {
  return text.replace(/^made {6}.*\n(?:\S.*\n| {10}.*\n)*\n/m, '');
}

/** Runs `work` in a new folder that holds these files, and removes it. */
export async function inFolder<T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-test-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
