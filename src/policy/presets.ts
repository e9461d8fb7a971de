/** The short words of the policy language and what they stand for. */
import type { Outcome } from '../model/outcomes.ts';
import type { Protection } from './intent.ts';

/** What `allow` may say instead of a list of privilege actions. */
export const PRESETS: ReadonlyMap<string, readonly string[]> = new Map([
  ['insert-only', ['insert']],
  ['read-only', ['collStats', 'find', 'listIndexes']],
  ['insert-and-read', ['collStats', 'find', 'insert', 'listIndexes']],
]);

/** `deny: write`. */
export const WRITE_OUTCOMES: readonly Outcome[] = ['insert', 'alter', 'destroy', 'unseal', 'suppress'];

/** What a protection rules out for everybody. */
export const RULED_OUT: Readonly<Record<Protection, readonly Outcome[]>> = {
  none: [],
  'append-only': ['alter', 'destroy'],
  'read-only': ['insert', 'alter', 'destroy'],
};

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** A duration such as `365d` in seconds. The schema has made sure of its form. */
export function durationSeconds(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? Number.NaN);
}
