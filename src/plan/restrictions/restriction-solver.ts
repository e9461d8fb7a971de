/** Answers for whoever meets so much: which techniques are open, and what closes them. */
import type { Requirement } from '../../access/techniques.ts';
import type { Demand } from '../../access/violations/demand.ts';
import { getOrMake, identityKeys } from '../../model/keyed.ts';
import type { Privilege } from '../../model/privilege.ts';
import { chooseRevocations } from './choose-revocations.ts';
import { type PreparedTechnique, prepareTechniques } from './prepare-techniques.ts';
import type { OpenTechnique, Solution } from './revocation.ts';

/** Answers are shared: whoever gets one must not change it. */
export interface RestrictionSolver {
  /** The requirements that these privileges meet, and the revocations that touch them. */
  metBy(privileges: readonly Privilege[]): bigint;
  /** The techniques of these demands that are open to whoever meets that much. */
  open(met: bigint, demands: readonly Demand[]): readonly OpenTechnique[];
  /** What closes them. */
  solve(met: bigint, demands: readonly Demand[]): Solution;
  /** The bits of one of the requirements that were given besides those of the demands. */
  bitsOf(requirement: Requirement): bigint;
}

/** `besides`: requirements that are no part of a demand, and are asked about all the same. */
export function restrictionSolver(demands: readonly Demand[], besides: readonly Requirement[]): RestrictionSolver {
  const prepared = prepareTechniques(demands, besides);
  const openTo = (met: bigint, asked: readonly Demand[]): readonly PreparedTechnique[] =>
    asked.flatMap((demand) => prepared.of(demand)).filter((technique) => (met & technique.met) === technique.met);
  return {
    metBy: (privileges) => prepared.bits.metBy(privileges),
    bitsOf: (requirement) => prepared.bits.maskOf([requirement]),
    open: onceForEachCase((met, asked) => openTo(met, asked).map(({ open }) => open)),
    solve: onceForEachCase((met, asked) => chooseRevocations(openTo(met, asked), met)),
  };
}

/** Accounts with the same rights and the same demands are one case. */
function onceForEachCase<T>(
  work: (met: bigint, demands: readonly Demand[]) => T,
): (met: bigint, demands: readonly Demand[]) => T {
  const keyOf = identityKeys<Demand>();
  const known = new Map<string, Map<bigint, T>>();
  return (met, demands) => {
    const byMet = getOrMake(known, keyOf(demands), () => new Map<bigint, T>());
    return getOrMake(byMet, met, () => work(met, demands));
  };
}
