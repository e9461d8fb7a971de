/** A report of before, as `drift report --format json` wrote it: what is new since, what is gone, what was accepted. */
import { readJson } from '../input/json.ts';
import type { DriftFinding } from './finding.ts';
import { fingerprintOf } from './finding-fingerprint.ts';

/** A finding of an earlier report. */
export interface PastFinding {
  readonly rule: string;
  readonly target: string;
  readonly message: string;
  /** Absent in a report that an older version wrote: then it is known by what it says. */
  readonly fingerprint?: string;
}

/** The findings of an earlier report by cluster; of a report about one cluster they count for any. */
export interface PastReport {
  findingsOf(cluster: string): readonly PastFinding[] | undefined;
}

export interface Changes {
  readonly added: readonly DriftFinding[];
  readonly gone: readonly PastFinding[];
  readonly kept: readonly DriftFinding[];
}

/** Throws an Error that says what the text is not. */
export function parsePastReport(text: string): PastReport {
  const { read } = readJson(text);
  if (read === undefined) throw new Error('it is not JSON');
  const { data } = read;
  if (!isObject(data)) throw new Error(NO_REPORT);
  if (!Array.isArray(data['clusters'])) {
    const findings = pastFindings(data);
    return { findingsOf: () => findings };
  }
  const byCluster = new Map(
    data['clusters'].flatMap((entry: unknown): [string, readonly PastFinding[]][] => {
      if (!isObject(entry) || typeof entry['cluster'] !== 'string') throw new Error(NO_REPORT);
      // A cluster that could not be read then has no findings to compare with.
      return isObject(entry['report']) ? [[entry['cluster'], pastFindings(entry['report'])]] : [];
    }),
  );
  return { findingsOf: (cluster) => byCluster.get(cluster) };
}

export function changesSince(before: readonly (PastFinding | DriftFinding)[], after: readonly DriftFinding[]): Changes {
  const known = new Set(before.map(keyOf));
  const present = new Set(after.map(keyOf));
  return {
    added: after.filter((finding) => !known.has(keyOf(finding))),
    kept: after.filter((finding) => known.has(keyOf(finding))),
    gone: before.filter((finding) => !present.has(keyOf(finding))),
  };
}

const NO_REPORT = 'it is no report that drift report --format json wrote';

function pastFindings({ findings }: Readonly<Record<string, unknown>>): readonly PastFinding[] {
  if (!Array.isArray(findings)) throw new Error(NO_REPORT);
  return findings.map((entry: unknown): PastFinding => {
    if (!isObject(entry)) throw new Error(NO_REPORT);
    const { rule, target, message, fingerprint } = entry;
    if (typeof rule !== 'string' || typeof target !== 'string' || typeof message !== 'string')
      throw new Error(NO_REPORT);
    return { rule, target, message, ...(typeof fingerprint === 'string' && { fingerprint }) };
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyOf(finding: PastFinding | DriftFinding): string {
  return ('fingerprint' in finding ? finding.fingerprint : undefined) ?? fingerprintOf(finding);
}
