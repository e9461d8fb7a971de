/**
 * Standard output and standard error. What is no terminal is written to by its number: to load Node.js's streams for it
 * takes 3 ms of a start, and nothing is left to be written when the process ends.
 */
import { fstatSync, writeSync } from 'node:fs';

export interface StandardStream {
  /** Whether a person looks at it. */
  readonly isTTY: boolean;
  /** Of a terminal. */
  readonly columns: number;
  /** Never throws: what went wrong is told by `ended`. */
  write(text: string): void;
  /** Once all of it is written, or can't be: then with the first error. */
  ended(): Promise<Error | undefined>;
}

/** Writes some of the bytes and gives how many, as `writeSync` of `node:fs` does. */
type Write = (fd: number, bytes: Buffer) => number;

/** As much of Node.js's own as is needed here. */
interface NodeStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly destroyed: boolean;
  write(data: Buffer | string, done?: () => void): unknown;
  on(event: 'error', heard: (error: Error) => void): unknown;
}

/** `stream`: Node.js's own, asked for where it is a terminal, or where somebody else wants no waiting on what they share. */
export function standardStream(fd: number, stream: () => NodeStream, write: Write = writeSync): StandardStream {
  let unwritten: Error | undefined;
  let opened: NodeStream | undefined;
  const open = (): NodeStream => {
    if (opened === undefined) {
      opened = stream();
      opened.on('error', (error) => {
        unwritten ??= error;
      });
    }
    return opened;
  };
  const writeAll = (text: string): void => {
    let rest = Buffer.from(text);
    while (rest.length > 0) {
      try {
        rest = rest.subarray(write(fd, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') open().write(rest);
        else unwritten ??= error as Error;
        return;
      }
    }
  };
  const plain = isPlain(fd);
  return {
    get isTTY() {
      return !plain && open().isTTY === true;
    },
    get columns() {
      return open().columns ?? 0;
    },
    write: (text) => {
      if (plain && opened === undefined) writeAll(text);
      else open().write(text);
    },
    ended: async () => {
      const last = opened;
      if (last !== undefined && !last.destroyed) await new Promise<void>((resolve) => last.write('', () => resolve()));
      return unwritten;
    },
  };
}

/** A file or a pipe: whatever else it is, Node.js knows what to do. */
function isPlain(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFile() || stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}
