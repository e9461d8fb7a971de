/** What a plan leaves as it is and the policy wants otherwise, for last sentences that must not say that all is well. */
import { sortedSet } from '../model/order.ts';
import type { Plan } from '../plan/plan.ts';
import { count } from './layout.ts';

/** Sentences, `command` the one that shows more; nothing where nothing is left. */
export function leftOpenText(
  { undecided, warnings }: Pick<Plan, 'undecided' | 'warnings'>,
  command: string,
): string | undefined {
  const vaults = sortedSet(warnings.filter(({ kind }) => kind === 'keys').map(({ target }) => target));
  if (undecided.length + vaults.length === 0) return undefined;
  const it = undecided.length === 1 ? 'it' : 'them';
  return [
    ...(undecided.length === 0
      ? []
      : [`${count(undecided.length, 'account')} can still do what the policy denies ${it}.`]),
    ...(vaults.length === 0 ? [] : [`The keys in ${vaults.join(', ')} are in danger.`]),
    `See ${command}`,
  ].join(' ');
}
