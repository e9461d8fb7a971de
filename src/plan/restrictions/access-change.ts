/** Before and after: which accounts hold other roles than today, what they could do, what they can do, what they lose. */
import { groupBy } from '../../model/keyed.ts';
import type { RoleRef } from '../../model/names.ts';
import { compareText, sortedSet } from '../../model/order.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { User } from '../../model/role.ts';
import type { Position } from '../../policy/problem.ts';
import type { Loss } from './losses.ts';
import { deniedOutcomes, type OpenTechnique } from './revocation.ts';

/** Accounts that change alike. */
export interface Rewrite {
  /** In the order of the state. */
  readonly users: readonly User[];
  readonly before: readonly RoleRef[];
  readonly after: readonly RoleRef[];
  readonly could: readonly Reach[];
  /** What a person has to decide about. */
  readonly can: readonly Reach[];
  readonly loses: readonly Loss[];
  /** What it gets back of the role in whose place it held another, where less is denied than before, or nothing. */
  readonly gains: readonly Loss[];
  /** Whether nothing keeps them out any longer. */
  readonly released: boolean;
  /** The restrictions and collections for whose sake. */
  readonly at: readonly Position[];
}

/** What somebody can bring about, and where. */
export interface Reach {
  readonly on: string;
  readonly outcomes: readonly Outcome[];
}

/** Of these techniques the outcomes that are denied, place by place. */
export function reachOf(open: readonly OpenTechnique[]): readonly Reach[] {
  return [...groupBy(open, ({ demand }) => demand.on)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([on, there]) => ({ on, outcomes: sortedSet(there.flatMap(deniedOutcomes)) }));
}
