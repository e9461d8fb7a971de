/** Whole processes, timed: wall time, processor time and peak memory, what is compared in turn. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = join(ROOT, 'dist/cli/main.js');

export interface Run {
  readonly ms: number;
  /** Peak memory; nothing if the process did not say. */
  readonly mib: number | undefined;
  /** What the process itself says that its work has taken, in milliseconds. */
  readonly took: number | undefined;
}

/** A command line, and what its exit code may be; 0 unless said. */
export interface Line {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly codes?: readonly number[];
}

/** Prints the peak of its own memory, in KiB, when a process of Node.js ends. */
const TELL_MEMORY = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process._rawDebug("peak", process.resourceUsage().maxRSS))',
)}`;

export function node(args: readonly string[], cwd = ROOT, more: Partial<Line> = {}): Line {
  return { command: process.execPath, args, cwd, ...more };
}

export function mongoward(args: readonly string[], cwd = ROOT, more: Partial<Line> = {}): Line {
  return node([PROGRAM, ...args], cwd, more);
}

/** The same with its peak memory, which costs it a module more. */
export function withMemory(line: Line): Line {
  return { ...line, args: ['--import', TELL_MEMORY, ...line.args] };
}

/** Throws an Error with what the process said where its exit code is another. */
export function run({ command, args, cwd, env, codes = [0] }: Line): Run {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, ...env },
  });
  const ms = performance.now() - started;
  if (error !== undefined) throw error;
  if (status === null || !codes.includes(status)) {
    throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`.slice(0, 2000));
  }
  const said = (word: string): number | undefined => {
    const found = new RegExp(`^${word} ([\\d.]+)$`, 'm').exec(stderr)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const kib = said('peak');
  return { ms, mib: kib && kib / 1024, took: said('took') };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

export interface Timing {
  readonly ms: number;
  readonly mib: number | undefined;
  readonly runs: number;
}

/** Medians. */
export function timed(runs: number, once: () => Run): Timing {
  const all = Array.from({ length: runs }, once);
  const memory = all.flatMap(({ mib }) => mib ?? []);
  return { ms: median(all.map(({ ms }) => ms)), mib: memory.length === 0 ? undefined : median(memory), runs };
}

export interface Comparison extends Timing {
  readonly baseMs: number;
  /** The median of the ratios of pairs: what happens on the machine meanwhile happens to both. */
  readonly ratio: number;
}

/** One after the other, in turn. The first pair warms the disk's cache up and does not count. */
export function compared(runs: number, base: () => Run, subject: () => Run): Comparison {
  base();
  subject();
  const pairs = Array.from({ length: runs }, () => [base(), subject()] as const);
  const memory = pairs.flatMap(([, { mib }]) => mib ?? []);
  return {
    ms: median(pairs.map(([, { ms }]) => ms)),
    mib: memory.length === 0 ? undefined : median(memory),
    runs,
    baseMs: median(pairs.map(([{ ms }]) => ms)),
    ratio: median(pairs.map(([left, right]) => right.ms / left.ms)),
  };
}

/** The same of work that is no process. */
export async function comparedWork(
  runs: number,
  base: () => Promise<number>,
  subject: () => Promise<number>,
): Promise<Comparison> {
  const pairs: [number, number][] = [];
  for (let at = 0; at < runs; at += 1) pairs.push([await base(), await subject()]);
  return {
    ms: median(pairs.map(([, ms]) => ms)),
    mib: undefined,
    runs,
    baseMs: median(pairs.map(([ms]) => ms)),
    ratio: median(pairs.map(([left, right]) => right / left)),
  };
}

export async function stopwatch(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Files in a folder of their own, for as long as the work takes. */
export async function inFolder<T>(
  files: ReadonlyMap<string, string>,
  work: (folder: string) => Promise<T> | T,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-bench-'));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
