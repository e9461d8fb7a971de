/** What a benchmark finds: figures, growth, and what could not be measured. */

export interface Figure {
  readonly kind: 'figure';
  /** The suite and a word of its own: `start/lint`. */
  readonly id: string;
  readonly what: string;
  /** The median of the runs, in milliseconds. */
  readonly ms: number;
  /** Peak memory. */
  readonly mib?: number | undefined;
  readonly runs: number;
  /** What it is held against, doing the same work in the same run. */
  readonly base?: { readonly what: string; readonly ms: number; readonly ratio: number } | undefined;
  /** How much is wanted at most. Absent: it is for the reader to judge. */
  readonly most?: { readonly ms?: number; readonly mib?: number; readonly ratio?: number } | undefined;
  /** Where it was measured, and what the other does less. */
  readonly note?: string | undefined;
}

/** How something grows with its input. Each size is twice the one before. */
export interface Growth {
  readonly kind: 'growth';
  readonly id: string;
  readonly what: string;
  /** What the sizes count. */
  readonly unit: string;
  readonly points: readonly { readonly size: number; readonly ms: number; readonly mib: number }[];
}

export interface Unmeasured {
  readonly kind: 'unmeasured';
  readonly id: string;
  readonly what: string;
  readonly why: string;
}

export type Finding = Figure | Growth | Unmeasured;

export interface Suite {
  readonly name: string;
  /** One sentence, for the page. */
  readonly about: string;
  /** About how long it takes on two idle cores. */
  readonly minutes: number;
  run(): AsyncIterable<Finding>;
}

/** What one run found, on what. */
export interface Measurement {
  /** `YYYY-MM-DD` */
  readonly on: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}

/** What is known of every suite: of each what the last run of it found. */
export type Result = readonly Measurement[];

/** Whether a figure is within its bounds. */
export function isMet({ ms, mib, base, most }: Figure): boolean {
  if (most === undefined) return true;
  return (
    ms <= (most.ms ?? Number.POSITIVE_INFINITY) &&
    (mib ?? 0) <= (most.mib ?? Number.POSITIVE_INFINITY) &&
    (base?.ratio ?? 0) <= (most.ratio ?? Number.POSITIVE_INFINITY)
  );
}

/** The largest step of a growth: how many times the time, and the memory, of half the input. Wanted are 2 at most. */
export function steepest({ points }: Growth): { readonly time: number; readonly memory: number } {
  const steps = points.slice(1).map(({ ms, mib }, at) => {
    const before = points[at];
    return { time: ms / (before?.ms ?? ms), memory: mib / (before?.mib ?? mib) };
  });
  return { time: Math.max(...steps.map(({ time }) => time)), memory: Math.max(...steps.map(({ memory }) => memory)) };
}
