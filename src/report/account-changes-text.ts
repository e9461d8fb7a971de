/** What a change means for accounts, for people: what they gain first and in full, what they lose folded. */
import { groupBy } from '../model/keyed.ts';
import { formatRole, type RoleRef, roleKey } from '../model/names.ts';
import { roleSetKey } from '../model/role.ts';
import { type AccessAt, type AccountChange, loginsText, movedRoles, opensLogins } from '../plan/account-changes.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export interface ChangesTextOptions {
  /** Everything that is lost, too. */
  readonly full?: boolean;
  /** By account: what it could do of what is denied it, and what it still can. */
  readonly reach?: ReadonlyMap<string, readonly [label: string, text: string][]>;
}

const MOST_NAMES = 10;
/** Of those that gain: who they are is what a reader has to know. */
const MOST_GAINING_NAMES = 100;
const MOST_WITHOUT_GAIN = 40;
const MOST_IN_ALL = 200;
const LARGEST_GAINS = 10;

/** A block for each. What is gained is never folded; what is lost is, unless `full`. */
export function accountChangesText(
  changes: readonly AccountChange[],
  paint: Paint,
  options: ChangesTextOptions = {},
): readonly string[] {
  const gaining = gainingChanges(changes);
  const losing = changes.filter((change) => !gaining.includes(change));
  const { full = false } = options;
  if (!full && gaining.length > MOST_IN_ALL) return summary(gaining, losing, paint, options);
  const groups = full ? losing.map((change): Alike => [change]) : alike(losing, options);
  const shown = full ? groups : groups.slice(0, MOST_WITHOUT_GAIN);
  const rest = accountsOf(groups.slice(shown.length).flat());
  return [
    ...(gaining.length === 0 ? [] : [paint('bold', `Who gains access: ${count(accountsOf(gaining), 'account')}`)]),
    ...gaining.map((change) => changeText(change, paint, options)),
    ...(losing.length === 0 ? [] : [paint('bold', `Who gains none: ${count(accountsOf(losing), 'account')}`)]),
    ...shown.map((group) => alikeText(group, paint, options)),
    ...(rest === 0 ? [] : [paint('dim', `and ${rest} more like these; --full shows all`)]),
  ];
}

/** Those that may do, or log in from, more than before. */
export function gainingChanges(changes: readonly AccountChange[]): readonly AccountChange[] {
  return changes.filter(({ gains, logins }) => gains.length > 0 || opensLogins(logins));
}

/** What is gained, in full: `find on a.b; c.d`, `logins from anywhere; until now …`. */
export function gainTexts({ gains, logins }: AccountChange): readonly string[] {
  return [...grouped(gains), ...(logins !== undefined && opensLogins(logins) ? [`logins ${loginsText(logins)}`] : [])];
}

type Alike = readonly [AccountChange, ...AccountChange[]];

/** Accounts that lose the same for the same reason, whatever else they hold. */
function alike(losing: readonly AccountChange[], { reach }: ChangesTextOptions): readonly Alike[] {
  const key = (change: AccountChange): string => {
    const { accounts, kind, loses, logins, why } = change;
    const { given, taken } = movedRoles(change);
    return JSON.stringify([kind, given, taken, loses, logins, why, reach?.get(accounts[0] ?? '')]);
  };
  return [...groupBy(losing, key).values()];
}

/** Several that lose the same: which roles change; that the others stay is said, and `--full` names them. */
function alikeText(group: Alike, paint: Paint, options: ChangesTextOptions): string {
  const [first, ...others] = group;
  if (others.length === 0) return changeText(first, paint, options);
  const accounts = group.flatMap((change) => change.accounts).sort();
  const { given, taken } = movedRoles(first);
  const roles: [label: string, text: string][] = [
    ['holds', `${rolesText(taken)} and others`],
    ['then', `${rolesText(given)}; the others stay, --full names them`],
  ];
  return blockText({ ...first, accounts }, roles, paint, options);
}

function summary(
  gaining: readonly AccountChange[],
  losing: readonly AccountChange[],
  paint: Paint,
  options: ChangesTextOptions,
): readonly string[] {
  const largest = [...gaining].sort((a, b) => weight(b) - weight(a)).slice(0, LARGEST_GAINS);
  return [
    wrap(
      `${count(accountsOf(gaining), 'account')} gain access, ${accountsOf(losing)} gain none. The ${LARGEST_GAINS} largest gains follow; --full shows all.`,
      0,
      paint.width,
    ),
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

function changeText(change: AccountChange, paint: Paint, options: ChangesTextOptions): string {
  return blockText(change, rolesLines(change), paint, options);
}

function blockText(
  change: AccountChange,
  roles: readonly [label: string, text: string][],
  paint: Paint,
  { full = false, reach }: ChangesTextOptions,
): string {
  const { accounts, kind, gains, loses, logins, why } = change;
  const [sign, style] = SIGNS[kind];
  const line = (label: string, text: string): string =>
    `    ${paint('cyan', label.padEnd(6))} ${wrap(text, 11, paint.width)}`;
  const most = gains.length > 0 || opensLogins(logins) ? MOST_GAINING_NAMES : MOST_NAMES;
  const named = full ? accounts : accounts.slice(0, most);
  const more = accounts.length > named.length ? ` and ${accounts.length - named.length} more` : '';
  const many = accounts.length > 1 ? `${count(accounts.length, 'account')}: ` : '';
  const title =
    kind === 'assignable'
      ? `whoever is given ${named.join(', ')} (an LDAP or OIDC group)`
      : `${many}${named.join(', ')}${more}`;
  return [
    `${paint(style, sign)} ${paint('bold', wrap(title, 2, paint.width))}`,
    ...roles.map(([label, text]) => line(label, text)),
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
  return [[opensLogins(logins) ? 'gains' : 'only', text]];
}

function reasonLines(why: AccountChange['why']): string[] {
  return why.map(({ text, at }) => (at === undefined ? text : `${text} (${at.file}:${at.line})`));
}
