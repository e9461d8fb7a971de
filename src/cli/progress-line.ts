/** A line on a terminal that says how far something is: the next one replaces it, and nothing of it stays behind. */

export interface ProgressLine {
  show(text: string): void;
  /** Before anything else is written, and at the end. */
  clear(): void;
}

/** As much of a stream as is needed here. */
export interface LineStream {
  readonly columns?: number;
  write(text: string): unknown;
}

const ERASE = '\r\u001b[K';

/** `interrupted` gets what to do when the process is told to end while a line is shown, and gives what takes that back. */
export function progressLine(stream: LineStream, interrupted: (clear: () => void) => () => void): ProgressLine {
  let shown = false;
  let settle = (): void => {};
  const clear = (): void => {
    if (!shown) return;
    shown = false;
    settle();
    stream.write(ERASE);
  };
  return {
    clear,
    show: (text) => {
      if (text === '') return clear();
      if (!shown) settle = interrupted(clear);
      shown = true;
      stream.write(`${ERASE}${fitting(text, stream.columns || NARROW)}`);
    },
  };
}

/** Also where a terminal says 0, as some in containers do. */
const NARROW = 80;

/** What goes on in a second row could not be erased with the first one. */
function fitting(text: string, columns: number): string {
  const characters = [...text];
  return characters.length < columns ? text : `${characters.slice(0, Math.max(columns - 4, 0)).join('')}...`;
}

/** For {@link progressLine}: signals still end the process, if nobody else sees to them. */
export function onSignals(clear: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const handlers = signals.map((signal) => {
    const handler = (): void => {
      const alone = process.listenerCount(signal) === 0;
      clear();
      if (alone) process.kill(process.pid, signal);
    };
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/**
 * Whether it is shown: where a person watches, not in CI (`CI`, as build servers set it), and unless `--no-progress` says
 * otherwise.
 */
export function wantsProgress(
  asked: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  const { CI: ci = '', TERM } = env;
  return isTerminal && TERM !== 'dumb' && (asked ?? (ci === '' || ci === 'false'));
}
