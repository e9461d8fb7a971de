/** Access gained and lost, for people. */
import type { AccessChange, Effect } from '../plan/access-moved.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export function accessDiffText({ gained, lost }: Effect, paint: Paint): string {
  const lines = [
    ...gained.map((change) => `${paint('red', '+ gained')} ${wrap(accessText(change), 9)}`),
    ...lost.map((change) => `${paint('green', '- lost')}   ${wrap(accessText(change), 9)}`),
  ];
  const closing =
    lines.length === 0 ? 'Nobody gains or loses access.' : `${count(gained.length, 'gain')}, ${lost.length} lost.`;
  return [...lines, paint('bold', closing)].join('\n');
}

/** `find, insert on shop.*: app@admin, job@admin and 3 more`. */
export function accessText({ resource, actions, accounts, accountCount }: AccessChange): string {
  const more = accountCount > accounts.length ? ` and ${accountCount - accounts.length} more` : '';
  return `${actions.join(', ')} on ${resource}: ${accounts.join(', ')}${more}`;
}
