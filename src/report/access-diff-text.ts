/** Access gained and lost, for people. */
import type { AccessDiff } from '../plan/access-diff.ts';
import type { AccessChange } from '../plan/access-moved.ts';
import type { AccessAt } from '../plan/account-changes.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export function accessDiffText(
  { gained, lost, assignable, logins, passwords }: AccessDiff,
  evidence: Evidence,
  paint: Paint,
): string {
  const ofRoles = (side: 'gains' | 'loses'): string[] =>
    assignable.flatMap((each) => each[side].map((access) => assignableText(each.role, access)));
  const ofLogins = (opens: boolean): string[] =>
    logins
      .filter((each) => each.opens === opens)
      .map(({ accounts, change }) => `logins ${change}: ${accounts.join(', ')}`);
  const ofPasswords = passwords.map(({ account, change }) => `a password ${change}: ${account}`);
  const gains = [...gained.map(accessText), ...ofRoles('gains'), ...ofLogins(true), ...ofPasswords];
  const losses = [...lost.map(accessText), ...ofRoles('loses'), ...ofLogins(false)];
  const lines = [
    ...gains.map((text) => `${paint('red', '+ gained')} ${wrap(text, 9, paint.width)}`),
    ...losses.map((text) => `${paint('green', '- lost')}   ${wrap(text, 9, paint.width)}`),
  ];
  const closing =
    lines.length === 0 ? 'Nobody gains or loses access.' : `${count(gains.length, 'gain')}, ${losses.length} lost.`;
  return [
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    evidenceText(evidence, paint),
    paint('bold', closing),
  ].join('\n\n');
}

function assignableText(role: string, { on, actions }: AccessAt): string {
  return `${actions.join(', ')} on ${on}: whoever is given ${role} (an LDAP or OIDC group)`;
}

/** `find, insert on shop.*: app@admin, job@admin and 3 more`. */
export function accessText({ resource, actions, accounts, accountCount }: AccessChange): string {
  const more = accountCount > accounts.length ? ` and ${accountCount - accounts.length} more` : '';
  return `${actions.join(', ')} on ${resource}: ${accounts.join(', ')}${more}`;
}
