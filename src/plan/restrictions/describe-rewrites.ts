/** Accounts that hold other roles than the cluster says today, described by what they lose and get back. */

import { roleGraph } from '../../model/graph.ts';
import { roleKey } from '../../model/names.ts';
import { sameRoleSet } from '../../model/role.ts';
import { roleSetMoves } from '../role-set-moves.ts';
import type { Rewrite } from './access-change.ts';
import type { Collected } from './collect.ts';
import { groupRewrites, type Rewritten } from './group-rewrites.ts';
import type { NamedRoles } from './name-managed-roles.ts';
import type { SolvedAccounts } from './solve-accounts.ts';

export function describeRewrites(
  { graph, universe, recorded, server }: Collected,
  solved: SolvedAccounts,
  { roles }: NamedRoles,
): readonly Rewrite[] {
  const after = roleGraph(roles, server.version);
  const recordedKeys = new Set(recorded.map((each) => roleKey(each.managed)));
  const moved = roleSetMoves({ before: graph, after, universe, isAnother: () => false });
  return groupRewrites(rewrittenAccounts(solved), (before, now) => {
    const { gains, loses } = moved(before, now);
    // Only in the place of a role that stands for another can somebody be given more than before.
    return { loses: loses(), gains: before.some((ref) => recordedKeys.has(roleKey(ref))) ? gains() : [] };
  });
}

function rewrittenAccounts({ resolutions, solver, bits }: SolvedAccounts): readonly Rewritten[] {
  return resolutions.flatMap((resolution): readonly Rewritten[] => {
    if (resolution.kind !== 'restricted' && resolution.kind !== 'released') return [];
    const { today } = resolution.account;
    if (today === undefined || sameRoleSet(today.roles, resolution.user.roles)) return [];
    const released = resolution.kind === 'released';
    const could = solver.open(bits.ofAll(today.roles), resolution.covering);
    const can = released ? [] : resolution.open;
    return [{ user: today, before: today.roles, after: resolution.user.roles, could, can, released }];
  });
}
