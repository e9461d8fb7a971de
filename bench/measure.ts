/** Whole processes, timed: wall time, processor time and peak memory, what is compared in turn. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = join(ROOT, 'dist/cli/main.js');

/** What one run took. */
export interface Taken {
  readonly ms: number;
  /** Peak memory; nothing if nobody has looked. */
  readonly mib?: number | undefined;
}

export interface Run extends Taken {
  /** What the process itself says that its work has taken, in milliseconds. */
  readonly took: number | undefined;
  /** What it has written to its standard output. */
  readonly out: string;
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

/**
 * Throws an Error with what the process said where its exit code is another. This process goes on meanwhile: a server that
 * it has started stands still as soon as nobody reads what it logs.
 */
export async function run({ command, args, cwd, env, codes = [0] }: Line): Promise<Run> {
  const started = performance.now();
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const [out, err, { status, ms }] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<{ readonly status: number | null; readonly ms: number }>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve({ status: code, ms: performance.now() - started }));
    }),
  ]);
  if (status === null || !codes.includes(status)) {
    throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${err}${out}`.slice(0, 2000));
  }
  const said = (word: string): number | undefined => {
    const found = new RegExp(`^${word} ([\\d.]+)$`, 'm').exec(err)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const kib = said('peak');
  return { ms, mib: kib && kib / 1024, took: said('took'), out };
}

async function each<T>(runs: number, once: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let at = 0; at < runs; at += 1) all.push(await once());
  return all;
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
export async function timed(runs: number, once: () => Promise<Taken>): Promise<Timing> {
  return medians(await each(runs, once));
}

function medians(all: readonly Taken[]): Timing {
  const memory = all.flatMap(({ mib }) => mib ?? []);
  return {
    ms: median(all.map(({ ms }) => ms)),
    mib: memory.length === 0 ? undefined : median(memory),
    runs: all.length,
  };
}

export interface Comparison extends Timing {
  readonly baseMs: number;
  /** The median of the ratios of pairs: what happens on the machine meanwhile happens to both. */
  readonly ratio: number;
}

/** One after the other, in turn. The first pair warms the disk's cache up and does not count. */
export async function compared(
  runs: number,
  base: () => Promise<Taken>,
  subject: () => Promise<Taken>,
): Promise<Comparison> {
  const [, ...pairs] = await each(runs + 1, async () => [await base(), await subject()] as const);
  return comparison(pairs);
}

export function comparison(pairs: readonly (readonly [base: Taken, subject: Taken])[]): Comparison {
  return {
    ...medians(pairs.map(([, subject]) => subject)),
    baseMs: median(pairs.map(([{ ms }]) => ms)),
    ratio: median(pairs.map(([base, subject]) => subject.ms / base.ms)),
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
