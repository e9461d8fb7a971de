/** A role as it could be kept by an account that must stay out: also without what it is needed for elsewhere. */
import type { RoleGraph } from '../model/graph.ts';
import type { RoleRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import type { Requirement } from '../model/ways.ts';
import type { Cut, OpenWay } from './cuts.ts';
import { type Loss, lossesBetween } from './losses.ts';
import { narrowPrivileges, type Universe } from './narrow.ts';

export interface Alternative {
  readonly role: RoleRef;
  /** What is left of the role, for a person to look at and put into the policy. */
  readonly privileges: readonly Privilege[];
  /** What it would be without. */
  readonly loses: readonly Loss[];
}

/** Takes from the role the first thing that each of the ways requires, wherever it is held. */
export function alternativeTo(
  role: RoleRef,
  open: readonly OpenWay[],
  graph: RoleGraph,
  universe: Universe,
): Alternative {
  const granted = graph.privileges([role]);
  const cuts = new Map<string, Cut>();
  for (const { way, demand } of open) {
    const requirement = way.requires.find((each) => meets(granted, each));
    if (requirement === undefined) continue;
    const key = `${requirement.action} on ${requirement.on}`;
    cuts.set(key, { requirement, on: demand.on, key, bit: 0n, id: 0n });
  }
  const { privileges } = narrowPrivileges(granted, [...cuts.values()], universe);
  return { role, privileges, loses: lossesBetween(granted, privileges, universe) };
}

function meets(granted: readonly Privilege[], { action, reaches }: Requirement): boolean {
  return granted.some(
    ({ resource, actions }) => (actions.includes(action) || actions.includes('anyAction')) && reaches(resource),
  );
}
