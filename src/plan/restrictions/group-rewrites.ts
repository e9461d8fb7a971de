/** Accounts whose roles are rewritten, those together that change alike. */
import { compoundKey, getOrMake, groupBy } from '../../model/keyed.ts';
import { formatUser, type RoleRef } from '../../model/names.ts';
import { onceForPair } from '../../model/once.ts';
import { compareText } from '../../model/order.ts';
import { roleSetKey, subtractRoleRefs, type User } from '../../model/role.ts';
import type { Position } from '../../policy/problem.ts';
import { type Rewrite, reachOf } from './access-change.ts';
import type { Loss } from './losses.ts';
import type { OpenTechnique } from './revocation.ts';

/** An account, and which techniques were and are open to it. */
export interface Rewritten {
  readonly user: User;
  readonly before: readonly RoleRef[];
  readonly after: readonly RoleRef[];
  readonly could: readonly OpenTechnique[];
  readonly can: readonly OpenTechnique[];
  readonly released: boolean;
}

/** The largest group first. `moved`: what roles give and take in the place of others. */
export function groupRewrites(
  rewritten: readonly Rewritten[],
  moved: (before: readonly RoleRef[], after: readonly RoleRef[]) => Pick<Rewrite, 'loses' | 'gains'>,
): readonly Rewrite[] {
  const listKey = shortKeys<readonly Loss[]>((list) => JSON.stringify(list));
  const changeOf = onceForPair((before: readonly RoleRef[], after: readonly RoleRef[]) => {
    const gone = subtractRoleRefs(before, after);
    const come = subtractRoleRefs(after, before);
    const { loses, gains } = moved(before, after);
    return {
      gone,
      come,
      loses,
      gains,
      key: compoundKey([roleSetKey(gone), roleSetKey(come), listKey(loses), listKey(gains)]),
    };
  });
  const changes = rewritten.map((one) => ({ one, change: changeOf(one.before, one.after) }));
  const reachKey = shortKeys<readonly OpenTechnique[]>((open) => JSON.stringify(reachOf(open)));
  const groups = groupBy(
    changes,
    ({ one: { released, could, can }, change }) => `${reachKey(could)} ${reachKey(can)} ${released} ${change.key}`,
  );
  return [...groups.values()]
    .map((group): Rewrite => {
      const [first] = group;
      const { could, can, released } = first.one;
      const { gone, come, loses, gains } = first.change;
      return {
        users: group.map(({ one }) => one.user),
        before: gone,
        after: come,
        could: reachOf(could),
        can: reachOf(can),
        loses,
        gains,
        released,
        at: linesOf(could),
      };
    })
    .sort((a, b) => b.users.length - a.users.length || compareText(firstName(a), firstName(b)));
}

function firstName({ users: [first] }: Rewrite): string {
  return first === undefined ? '' : formatUser(first);
}

/** Lists are long, accounts are many, and most share them: each text is made once for a list, and a number stands for it. */
function shortKeys<T extends object>(write: (item: T) => string): (item: T) => string {
  const numbers = new Map<string, string>();
  const known = new Map<T, string>();
  return (item) => getOrMake(known, item, () => getOrMake(numbers, write(item), () => String(numbers.size)));
}

function linesOf(open: readonly OpenTechnique[]): readonly Position[] {
  const lines = new Map<string, Position>();
  for (const demand of new Set(open.map((each) => each.demand))) {
    const at = demand.origin();
    lines.set(`${at.file}:${at.line}`, at);
  }
  return [...lines.values()];
}
