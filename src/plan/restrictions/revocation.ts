/** What the restriction solver speaks of: techniques that are open to somebody, and what is taken away to close them. */
import type { Requirement, Technique } from '../../access/techniques.ts';
import type { Demand } from '../../access/violations/demand.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { Resource } from '../../model/resource.ts';

/** An action that is taken from whoever holds it there. */
export interface Revocation {
  readonly requirement: Requirement;
  readonly on: string;
  /** One text for each, the same in every run. */
  readonly key: string;
  readonly bit: bigint;
  /** A bit of its own among the revocations. */
  readonly id: bigint;
  /** What goes with it, whatever the action: see {@link Demand}. */
  readonly all?: (resource: Resource) => boolean;
}

export interface OpenTechnique {
  readonly demand: Demand;
  readonly technique: Technique;
}

/** What is to be done about whoever holds so much: what to take, for the sake of which outcomes. */
export interface Solution {
  readonly revocations: ReadonlyMap<Revocation, ReadonlySet<Outcome>>;
  /** The techniques that nothing at the protected databases closes. */
  readonly unclosed: readonly OpenTechnique[];
}

/** The outcomes of an open technique that are denied. */
export function deniedOutcomes({ demand, technique }: OpenTechnique): readonly Outcome[] {
  return technique.outcomes.filter((outcome) => demand.deny.includes(outcome));
}
