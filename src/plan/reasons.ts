/** Why things change, told each once. */
import type { Reason } from './operations/operation.ts';

/** By what they say and from where; the last of each, where the first was. */
export function eachOnce(reasons: readonly Reason[]): readonly Reason[] {
  if (reasons.length < 2) return reasons;
  return [...new Map(reasons.map((reason) => [reasonsKey([reason]), reason])).values()];
}

/** One text for reasons that say the same. */
export function reasonsKey(reasons: readonly Reason[]): string {
  return JSON.stringify(reasons.map(({ text, at }) => [text, at?.file ?? '', at?.line ?? 0]));
}
