/** Accounts that hold other roles than the cluster says today, described by what they lose and get back. */

import { roleGraph } from '../../model/graph.ts';
import { type RoleRef, roleKey } from '../../model/names.ts';
import { sameRoleSet } from '../../model/role.ts';
import type { Rewrite } from './access-change.ts';
import type { Collected } from './collect.ts';
import { groupRewrites, type Rewritten } from './group-rewrites.ts';
import { lossesBetween, lossFilter, mergeLosses } from './losses.ts';
import type { NamedRoles } from './name-managed-roles.ts';
import type { SolvedAccounts } from './solve-accounts.ts';

export function describeRewrites(
  { graph, universe, recorded, server }: Collected,
  solved: SolvedAccounts,
  { managed, roles }: NamedRoles,
): readonly Rewrite[] {
  const after = roleGraph(roles, server.version);
  const byKey = new Map(managed.map((each) => [roleKey(each.role), each]));
  const recordedKeys = new Set(recorded.map((each) => roleKey(each.managed)));
  /** What is lost with a role: as one of those that come stands for it, or because nothing is left of it. */
  const losesWith = (ref: RoleRef, come: readonly RoleRef[]) => {
    const instead = come.flatMap((each) => byKey.get(roleKey(each)) ?? []);
    const substitute = instead.find(({ replaces }) => roleKey(replaces) === roleKey(ref));
    return substitute?.loses ?? solved.narrower.losesWhenGone(ref);
  };
  return groupRewrites(rewrittenAccounts(solved), {
    between: (gone, come) => {
      const known = gone.map((ref) => losesWith(ref, come));
      // What stands for a role that is managed already is compared as it is.
      return known.every((loses) => loses !== undefined)
        ? mergeLosses(known)
        : lossesBetween(graph.privileges(gone), after.privileges(come), universe);
    },
    filter: lossFilter(after, universe),
    // Only in the place of a role that stands for another can somebody be given more than before.
    regained: (gone, come) =>
      gone.some((ref) => recordedKeys.has(roleKey(ref)))
        ? lossesBetween(after.privileges(come), graph.privileges(gone), universe)
        : [],
    kept: lossFilter(graph, universe),
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
