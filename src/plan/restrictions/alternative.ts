/** A role as it could be kept by an account that must stay out: also without what it is needed for elsewhere. */

import { meets, requirementKey } from '../../access/techniques.ts';
import type { RoleGraph } from '../../model/graph.ts';
import type { RoleRef } from '../../model/names.ts';
import type { Privilege } from '../../model/privilege.ts';
import { type Loss, lossesBetween } from './losses.ts';
import { narrowPrivileges } from './narrow.ts';
import type { OpenTechnique, Revocation } from './revocation.ts';
import type { Universe } from './universe.ts';

export interface Alternative {
  readonly role: RoleRef;
  /** What is left of the role, for a person to look at and put into the policy. */
  readonly privileges: readonly Privilege[];
  /** What it would be without. */
  readonly loses: readonly Loss[];
}

/** Takes from the role the first thing that each of the techniques requires, wherever it is held. */
export function alternativeTo(
  role: RoleRef,
  open: readonly OpenTechnique[],
  graph: RoleGraph,
  universe: Universe,
): Alternative {
  const granted = graph.privileges([role]);
  const revocations = new Map<string, Revocation>();
  for (const { technique, demand } of open) {
    const requirement = technique.requires.find((each) => granted.some((privilege) => meets(privilege, each)));
    if (requirement === undefined) continue;
    const key = requirementKey(requirement);
    revocations.set(key, { requirement, on: demand.on, key, bit: 0n, id: 0n });
  }
  const { privileges } = narrowPrivileges(granted, [...revocations.values()], universe);
  return { role, privileges, loses: lossesBetween(granted, privileges, universe) };
}
