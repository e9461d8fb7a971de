/** What a plan leaves as it is and the policy wants otherwise, for last sentences that must not say that all is well. */
import { sortedSet } from '../model/order.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanWarning } from '../plan/warnings.ts';
import { count } from './layout.ts';

type Left = Pick<Plan, 'undecided' | 'warnings'>;

/** Whether accounts can still do what the policy denies them, or keys are in danger. */
export function isLeftOpen({ undecided = [], warnings = [] }: Partial<Left>): boolean {
  return undecided.length > 0 || warnings.some(isAboutKeys);
}

function isAboutKeys({ kind }: PlanWarning): boolean {
  return kind === 'keys';
}

/** Sentences, `command` the one that shows more; nothing where nothing is left. */
export function leftOpenText(plan: Left, command: string): string | undefined {
  if (!isLeftOpen(plan)) return undefined;
  const { undecided, warnings } = plan;
  const vaults = sortedSet(warnings.filter(isAboutKeys).map(({ target }) => target));
  const it = undecided.length === 1 ? 'it' : 'them';
  return [
    ...(undecided.length === 0
      ? []
      : [`${count(undecided.length, 'account')} can still do what the policy denies ${it}.`]),
    ...(vaults.length === 0 ? [] : [`The keys in ${vaults.join(', ')} are in danger.`]),
    `See ${command}`,
  ].join(' ');
}
