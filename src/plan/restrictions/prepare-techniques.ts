/** The techniques of demands, their requirements numbered: what somebody meets, and what a revocation takes, are bits. */
import { RequirementBits } from '../../access/requirement-bits.ts';
import { type Requirement, requirementKey } from '../../access/techniques.ts';
import type { Demand } from '../../access/violations/demand.ts';
import { getOrMake } from '../../model/keyed.ts';
import type { OpenTechnique, Revocation } from './revocation.ts';
import { splitRequirement } from './split-requirement.ts';

export interface PreparedTechnique {
  readonly open: OpenTechnique;
  /** The bits of all that it requires. */
  readonly met: bigint;
  readonly requires: readonly PreparedRequirement[];
}

export interface PreparedRequirement {
  readonly requirement: Requirement;
  /** Whether it is still met when everything at the protected database is gone. */
  readonly metElsewhere: bigint;
  readonly revocation: Revocation;
}

export interface PreparedTechniques {
  readonly bits: RequirementBits;
  of(demand: Demand): readonly PreparedTechnique[];
}

/** `besides`: requirements that are no part of a demand, and are asked about all the same. */
export function prepareTechniques(
  demands: readonly Demand[],
  besides: readonly Requirement[] = [],
): PreparedTechniques {
  const required = demands.flatMap(({ techniques, db }) =>
    techniques.flatMap(({ requires }) =>
      requires.flatMap((requirement) => {
        const { at, beyond } = splitRequirement(requirement, db);
        return [requirement, at, beyond];
      }),
    ),
  );
  const bits = new RequirementBits([...required, ...besides]);
  const revocations = new Map<string, Revocation>();
  const prepare = ({ db, on, all }: Demand, requirement: Requirement): PreparedRequirement => {
    const { at, beyond } = splitRequirement(requirement, db);
    const key = `${requirementKey(at)}${all === undefined ? '' : `, and everything on ${on}`}`;
    const revocation = getOrMake(revocations, key, () => {
      const id = 1n << BigInt(revocations.size);
      return { requirement: at, on, key, bit: bits.maskOf([at]), id, ...(all && { all }) };
    });
    return { requirement, metElsewhere: bits.maskOf([beyond]), revocation };
  };
  const byDemand = new Map(
    demands.map((demand) => [
      demand,
      demand.techniques.map(
        (technique): PreparedTechnique => ({
          open: { demand, technique },
          met: bits.maskOf(technique.requires),
          requires: technique.requires.map((requirement) => prepare(demand, requirement)),
        }),
      ),
    ]),
  );
  return { bits, of: (demand) => byDemand.get(demand) ?? [] };
}
