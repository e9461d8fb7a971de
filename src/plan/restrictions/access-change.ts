/** Before and after: which accounts hold other roles than today, what they could do, what they can do, what they lose. */
import { formatUser, type RoleRef, roleKey } from '../../model/names.ts';
import { compareText, sortedSet } from '../../model/order.ts';
import type { Outcome } from '../../model/outcomes.ts';
import { canonicalRoleRefs, subtractRoleRefs, type User } from '../../model/role.ts';
import type { Position } from '../../policy/problem.ts';
import type { Loss, LossFilter } from './losses.ts';
import type { OpenTechnique } from './revocation.ts';

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

export interface Rewritten {
  readonly user: User;
  readonly before: readonly RoleRef[];
  readonly after: readonly RoleRef[];
  readonly could: readonly OpenTechnique[];
  readonly can: readonly OpenTechnique[];
  readonly released: boolean;
}

export interface Losses {
  /** With the roles that go, in whose place others come. The same roles, the same list. */
  between(gone: readonly RoleRef[], come: readonly RoleRef[]): readonly Loss[];
  readonly filter: LossFilter;
  /** What the roles that come grant and those that go did not. */
  regained(gone: readonly RoleRef[], come: readonly RoleRef[]): readonly Loss[];
  /** Without what the account had by other roles. */
  readonly kept: LossFilter;
}

export function groupRewrites(rewritten: readonly Rewritten[], losses: Losses): readonly Rewrite[] {
  const groups = new Map<
    string,
    {
      readonly first: Rewritten;
      readonly users: User[];
      readonly gone: RoleRef[];
      readonly come: RoleRef[];
      readonly loses: readonly Loss[];
      readonly gains: readonly Loss[];
    }
  >();
  const lists = new Map<string, { readonly lost: readonly Loss[]; readonly regained: readonly Loss[] }>();
  // Lists are long, accounts are many, and most share them: a key of numbers, each standing for a text.
  const numbers = new Map<string, number>();
  const numbered = <T extends object>(write: (item: T) => string): ((item: T) => number) => {
    const known = new Map<T, number>();
    return (item) => {
      const before = known.get(item);
      if (before !== undefined) return before;
      const text = write(item);
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      known.set(item, number);
      return number;
    };
  };
  const lossNumber = numbered<readonly Loss[]>((list) => JSON.stringify(list));
  const reachNumber = numbered<readonly OpenTechnique[]>((open) => JSON.stringify(reachOf(open)));
  for (const one of rewritten) {
    const gone = subtractRoleRefs(one.before, one.after);
    const come = subtractRoleRefs(one.after, one.before);
    const change = `${gone.map(roleKey).join('\n')}\n\n${come.map(roleKey).join('\n')}`;
    const list = lists.get(change) ?? { lost: losses.between(gone, come), regained: losses.regained(gone, come) };
    lists.set(change, list);
    const loses = losses.filter(list.lost, one.after);
    const gains = losses.kept(list.regained, one.before);
    const reach = `${one.released} ${reachNumber(one.could)} ${reachNumber(one.can)}`;
    const key = `${change}\n\n${reach} ${lossNumber(loses)} ${lossNumber(gains)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: one, users: [one.user], gone, come, loses, gains });
    else group.users.push(one.user);
  }
  const rows = [...groups.values()].map(
    ({ first, users, gone, come, loses, gains }): Rewrite => ({
      users,
      before: canonicalRoleRefs(gone),
      after: canonicalRoleRefs(come),
      could: reachOf(first.could),
      can: reachOf(first.can),
      loses,
      gains,
      released: first.released,
      at: linesOf(first.could),
    }),
  );
  const name = ({ users: [first] }: Rewrite): string => (first === undefined ? '' : formatUser(first));
  return rows.sort((a, b) => b.users.length - a.users.length || compareText(name(a), name(b)));
}

export function reachOf(open: readonly OpenTechnique[]): readonly Reach[] {
  const byPlace = new Map<string, Outcome[]>();
  for (const { demand, technique } of open) {
    const outcomes = technique.outcomes.filter((outcome) => demand.deny.includes(outcome));
    byPlace.set(demand.on, [...(byPlace.get(demand.on) ?? []), ...outcomes]);
  }
  return [...byPlace]
    .sort(([a], [b]) => compareText(a, b))
    .map(([on, outcomes]) => ({ on, outcomes: sortedSet(outcomes) as Outcome[] }));
}

function linesOf(open: readonly OpenTechnique[]): readonly Position[] {
  const lines = new Map<string, Position>();
  for (const demand of new Set(open.map((each) => each.demand))) {
    const at = demand.origin();
    lines.set(`${at.file}:${at.line}`, at);
  }
  return [...lines.values()];
}
