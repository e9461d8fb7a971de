/** A policy that grants what it denies: said with both lines, and never mended by a rewrite. */

import { meets, type Technique } from '../../access/techniques.ts';
import { placeText } from '../../access/violations/demand.ts';
import type { RoleGraph } from '../../model/graph.ts';
import { groupBy } from '../../model/keyed.ts';
import { formatUser, roleKey } from '../../model/names.ts';
import { sortedSet } from '../../model/order.ts';
import type { Privilege } from '../../model/privilege.ts';
import type { Intent, IntentGrant, IntentUser } from '../../policy/intent.ts';
import type { Position } from '../../policy/problem.ts';
import type { Refusal } from './restriction-refusal.ts';
import { deniedOutcomes, type OpenTechnique } from './revocation.ts';

/** One refusal for each restriction that the user goes against. */
export function contradictions(
  intent: Intent,
  entry: IntentUser,
  open: readonly OpenTechnique[],
  graph: RoleGraph,
): readonly Refusal[] {
  const told = new Map<string, Refusal>();
  for (const [demand, against] of groupBy(open, (each) => each.demand)) {
    const techniques = against.map(({ technique }) => technique);
    const at = grantOf(intent, entry, techniques, graph) ?? entry.origin();
    const { file, line } = demand.origin();
    const outcomes = sortedSet(against.flatMap(deniedOutcomes));
    const target = formatUser(entry.user);
    const message = `${target} can ${outcomes.join(', ')} ${placeText(demand)} through this grant, although the restriction in ${file}:${line} denies it. It can ${techniques[0]?.does ?? ''}. Take the grant away, or name the account under "except" or in the collection's "access"`;
    told.set(`${file}:${line} ${demand.on}`, { target, message, at });
  }
  return [...told.values()];
}

/** The line that grants it: of the user, and from there of the role, as long as the policy defines it. */
function grantOf(
  intent: Intent,
  entry: IntentUser,
  techniques: readonly Technique[],
  graph: RoleGraph,
): Position | undefined {
  const needed = techniques.flatMap((technique) => technique.requires);
  const serves = (privilege: Privilege): boolean => needed.some((requirement) => meets(privilege, requirement));
  const roles = new Map(intent.roles.map((role) => [roleKey(role.role), role]));
  const seen = new Set<string>();
  const follow = (grants: readonly IntentGrant[]): Position | undefined => {
    for (const grant of grants) {
      if (grant.kind === 'privilege') {
        if (serves(grant.privilege)) return grant.origin();
        continue;
      }
      const key = roleKey(grant.role);
      if (seen.has(key)) continue;
      seen.add(key);
      if (!graph.privileges([grant.role]).some(serves)) continue;
      const defined = roles.get(key);
      return (defined === undefined ? undefined : follow(defined.grants)) ?? grant.origin();
    }
    return undefined;
  };
  return follow(entry.grants);
}
