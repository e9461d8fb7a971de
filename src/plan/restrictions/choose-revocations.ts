/**
 * What has to be taken from an account so that no technique is left to it. A technique takes everything that it requires,
 * so that one requirement less closes it. Only what is held at the protected database can be taken: what a technique
 * requires elsewhere (the oplog, `currentOp`, grants in `admin`) is needed for other things, and a person has to decide
 * about it.
 */
import type { Requirement } from '../../access/techniques.ts';
import { getOrMake } from '../../model/keyed.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { PreparedTechnique } from './prepare-techniques.ts';
import { deniedOutcomes, type OpenTechnique, type Revocation, type Solution } from './revocation.ts';

/**
 * The fewest revocations, as far as can be told technique by technique. Those that leave the least choice come first, so
 * that what must go anyway closes others too.
 */
export function chooseRevocations(techniques: readonly PreparedTechnique[], met: bigint): Solution {
  const unclosed: OpenTechnique[] = [];
  const revocations = new Map<Revocation, Set<Outcome>>();
  const choices = techniques
    .map((technique) => ({
      technique,
      candidates: technique.requires.filter(({ metElsewhere }) => (met & metElsewhere) === 0n),
    }))
    .sort((a, b) => a.candidates.length - b.candidates.length);
  for (const { technique, candidates } of choices) {
    const already = candidates.find(({ revocation }) => revocations.has(revocation));
    const cheapest = already ?? candidates.toSorted((a, b) => rank(a.requirement) - rank(b.requirement))[0];
    if (cheapest === undefined) {
      unclosed.push(technique.open);
      continue;
    }
    const outcomes = getOrMake(revocations, cheapest.revocation, () => new Set());
    for (const outcome of deniedOutcomes(technique.open)) outcomes.add(outcome);
  }
  return { revocations, unclosed };
}

/** What everyday work needs goes last. */
function rank({ action }: Requirement): number {
  return action === 'insert' ? 2 : action === 'find' || action === 'update' ? 1 : 0;
}
