/** What a change means for accounts, for people: what they gain first and in full, what they lose folded. */
import { formatRole, type RoleRef, roleKey } from '../model/names.ts';
import { roleSetKey } from '../model/role.ts';
import { type AccessAt, type AccountChange, loginsText, opensLogins } from '../plan/account-changes.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export interface ChangesTextOptions {
  /** Everything that is lost, too. */
  readonly full?: boolean;
  /** By account: what it could do of what is denied it, and what it still can. */
  readonly reach?: ReadonlyMap<string, readonly [label: string, text: string][]>;
}

const MOST_NAMES = 10;
const MOST_WITHOUT_GAIN = 40;
const MOST_IN_ALL = 200;
const LARGEST_GAINS = 10;

/** A block for each. What is gained is never folded; what is lost is, unless `full`. */
export function accountChangesText(
  changes: readonly AccountChange[],
  paint: Paint,
  options: ChangesTextOptions = {},
): readonly string[] {
  const gaining = changes.filter(({ gains, logins }) => gains.length > 0 || opensLogins(logins));
  const losing = changes.filter((change) => !gaining.includes(change));
  const { full = false } = options;
  if (!full && gaining.length > MOST_IN_ALL) return summary(gaining, losing, paint, options);
  const shown = full ? losing : losing.slice(0, MOST_WITHOUT_GAIN);
  const rest = accountsOf(losing.slice(shown.length));
  return [
    ...(gaining.length === 0 ? [] : [paint('bold', `Who gains access: ${count(accountsOf(gaining), 'account')}`)]),
    ...gaining.map((change) => changeText(change, paint, options)),
    ...(losing.length === 0 ? [] : [paint('bold', `Who gains none: ${count(accountsOf(losing), 'account')}`)]),
    ...shown.map((change) => changeText(change, paint, options)),
    ...(rest === 0 ? [] : [paint('dim', `and ${rest} more like these; --full shows all`)]),
  ];
}

function summary(
  gaining: readonly AccountChange[],
  losing: readonly AccountChange[],
  paint: Paint,
  options: ChangesTextOptions,
): readonly string[] {
  const largest = [...gaining].sort((a, b) => weight(b) - weight(a)).slice(0, LARGEST_GAINS);
  return [
    `${count(accountsOf(gaining), 'account')} gain access, ${accountsOf(losing)} gain none. The ${LARGEST_GAINS} largest gains follow; --full shows all.`,
    ...largest.map((change) => changeText(change, paint, options)),
  ];
}

function weight({ gains, accounts }: AccountChange): number {
  return accounts.length * gains.reduce((sum, { actions }) => sum + actions.length, 0);
}

function accountsOf(changes: readonly AccountChange[]): number {
  return changes.reduce((sum, { accounts }) => sum + accounts.length, 0);
}

const SIGNS = {
  made: ['+', 'green'],
  dropped: ['-', 'red'],
  changed: ['~', 'yellow'],
  assignable: ['+', 'yellow'],
} as const;

function changeText(change: AccountChange, paint: Paint, { full = false, reach }: ChangesTextOptions): string {
  const { accounts, kind, gains, loses, logins, why } = change;
  const [sign, style] = SIGNS[kind];
  const line = (label: string, text: string): string =>
    `    ${paint('cyan', label.padEnd(6))} ${wrap(text, 11, paint.width)}`;
  const named = full ? accounts : accounts.slice(0, MOST_NAMES);
  const more = accounts.length > named.length ? ` and ${accounts.length - named.length} more` : '';
  const many = accounts.length > 1 ? `${count(accounts.length, 'account')}: ` : '';
  const title =
    kind === 'assignable'
      ? `whoever is given ${named.join(', ')} (an LDAP or OIDC group)`
      : `${many}${named.join(', ')}${more}`;
  return [
    `${paint(style, sign)} ${paint('bold', wrap(title, 2, paint.width))}`,
    ...rolesLines(change).map(([label, text]) => line(label, text)),
    ...grouped(gains).map((text) => line('gains', text)),
    ...loginLines(logins).map(([label, text]) => line(label, text)),
    ...(reach?.get(accounts[0] ?? '') ?? []).map(([label, text]) => line(label, text)),
    ...losesLines(loses, full).map((text) => line('loses', text)),
    ...reasonLines(why).map((text) => `    ${paint('dim', wrap(text, 4, paint.width))}`),
  ].join('\n');
}

/** What stays is said to stay. */
function rolesLines({ kind, holds, willHold }: AccountChange): [label: string, text: string][] {
  if (kind === 'assignable') return [];
  if (kind === 'dropped') return [['holds', rolesText(holds)]];
  const before = new Set(holds.map(roleKey));
  const after = willHold.map(
    (role) => `${formatRole(role)}${before.has(roleKey(role)) && holds.length > 0 ? ' (stays)' : ''}`,
  );
  if (roleSetKey(holds) === roleSetKey(willHold) && kind === 'changed') {
    return [['keeps', rolesText(holds)]];
  }
  const text = after.length === 0 ? 'no role' : after.join(', ');
  return kind === 'made'
    ? [['holds', text]]
    : [
        ['holds', rolesText(holds)],
        ['then', text],
      ];
}

function rolesText(roles: readonly RoleRef[]): string {
  return roles.length === 0 ? 'no role' : roles.map(formatRole).join(', ');
}

/** Places where the same is gained are told together. */
function grouped(access: readonly AccessAt[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { on, actions } of access) {
    const what = actions.join(', ');
    groups.set(what, [...(groups.get(what) ?? []), on]);
  }
  return [...groups].map(([what, places]) => `${what} on ${places.join('; ')}`);
}

const MOST_PLACES = 4;
const MOST_ACTIONS = 8;

function losesLines(loses: readonly AccessAt[], full: boolean): string[] {
  if (full) return grouped(loses);
  const actions = new Set(loses.flatMap((loss) => loss.actions));
  if (actions.size <= MOST_ACTIONS && loses.length <= MOST_PLACES) return grouped(loses);
  const places = loses.slice(0, MOST_PLACES).map(({ on }) => on);
  const more = loses.length > places.length ? `; and ${count(loses.length - places.length, 'other place')}` : '';
  return [`${count(actions.size, 'action')} on ${places.join('; ')}${more}`];
}

function loginLines(logins: AccountChange['logins']): [label: string, text: string][] {
  if (logins === undefined) return [];
  const text = `logins ${loginsText(logins)}`;
  return [
    opensLogins(logins) ? ['gains', text] : ['only', `${text}: whoever logs in from elsewhere is refused from then on`],
  ];
}

function reasonLines(why: AccountChange['why']): string[] {
  return why.map(({ text, at }) => (at === undefined ? text : `${text} (${at.file}:${at.line})`));
}
