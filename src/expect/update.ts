/** What a file of expectations lacks of what its policy promises. Nothing that stands in it is changed or taken out. */
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import { coverageOf } from './coverage.ts';
import type { ExpectationFile } from './expectation.ts';
import { type Promised, promisesOf } from './promises.ts';
import type { ExpectationResult } from './run.ts';

/** Runs entries as a file of their own, with what is given in the file that they are for. */
export type Rehearse = (promised: readonly Promised[]) => readonly ExpectationResult[];

/**
 * The promises by which something is exercised that is not yet, and those that the policy does not keep and nobody has
 * written down. `results`: of the file as it stands.
 */
export function missingFrom(
  { expectations }: Pick<ExpectationFile, 'expectations'>,
  { intent, state, today }: { readonly intent: Intent; readonly state: ClusterState; readonly today: string },
  results: readonly ExpectationResult[],
  rehearse: Rehearse,
): readonly Promised[] {
  const { promised } = promisesOf(intent, state, today);
  const written = new Set(expectations.map(({ sentence }) => sentence));
  const trials = results.flatMap((result) => result.trials);
  let covered = countCovered(intent, trials);
  return rehearse(promised).flatMap((result, index) => {
    const entry = promised[index];
    if (entry === undefined || result.status === 'invalid' || written.has(result.expectation.sentence)) return [];
    if (result.status === 'failed') return [entry];
    const more = countCovered(intent, [...trials, ...result.trials]);
    if (more <= covered) return [];
    trials.push(...result.trials);
    covered = more;
    return [entry];
  });
}

function countCovered(intent: Intent, trials: ExpectationResult['trials']): number {
  return coverageOf(intent, trials).items.filter((item) => item.covered).length;
}
