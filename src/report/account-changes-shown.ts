/**
 * What a change means for accounts, as people are shown it in every form: what they gain first and in full, what they lose
 * folded.
 */
import { groupBy } from '../model/keyed.ts';
import { formatRole, type RoleRef, roleKey } from '../model/names.ts';
import type { Resource } from '../model/resource.ts';
import { roleSetKey } from '../model/role.ts';
import {
  type AccountChange,
  changedNames,
  givenName,
  isGain,
  loginsText,
  movedRoles,
  opensLogins,
} from '../plan/account-changes.ts';
import type { AccessAt } from '../plan/role-set-changes.ts';
import { OWN_DATABASE } from '../state/state.ts';
import { count } from './layout.ts';

export interface ChangesOptions {
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
const WIDEST_GAINS = 10;

/** Accounts of which the same is told, and all that is told of them. */
export interface ChangeBlock {
  readonly kind: AccountChange['kind'];
  /** `4 accounts: jo@admin, kim@admin, …` */
  readonly title: string;
  /** `gains`, `find on audit.logs` */
  readonly lines: readonly (readonly [label: string, text: string])[];
  readonly why: readonly string[];
}

interface ChangesSection {
  /** `Who gains access: 1 account` */
  readonly title: string;
  readonly blocks: readonly ChangeBlock[];
  /** Accounts that are not shown. */
  readonly rest: number;
}

/** Those that gain, then those that don't. What is gained is never folded; what is lost is, unless `full`. */
export function changesShown(
  changes: readonly AccountChange[],
  options: ChangesOptions = {},
): readonly ChangesSection[] {
  const gaining = changes.filter(isGain);
  const losing = changes.filter((change) => !isGain(change));
  const { full = false } = options;
  const each = (list: readonly AccountChange[]): readonly Alike[] => list.map((change) => [change]);
  const gains = full || gaining.length <= MOST_IN_ALL ? each(gaining) : alike(gaining, options);
  if (!full && gains.length > MOST_IN_ALL) return [widestGains(gains, losing, options)];
  const groups = full ? each(losing) : alike(losing, options);
  const shown = full ? groups : groups.slice(0, MOST_WITHOUT_GAIN);
  const sections = [
    {
      title: `Who gains access: ${whoText(gaining)}`,
      blocks: gains.map((group) => alikeBlock(group, options)),
      rest: 0,
    },
    {
      title: `Who gains none: ${countText(losing)}`,
      blocks: shown.map((group) => alikeBlock(group, options)),
      rest: accountsOf(groups.slice(shown.length).flat()),
    },
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}

/** What is gained, in full: `find on a.b; c.d`, `logins from anywhere; until now …`. */
export function gainTexts({ gains, logins }: AccountChange): readonly string[] {
  return [...grouped(gains), ...(logins !== undefined && opensLogins(logins) ? [`logins ${loginsText(logins)}`] : [])];
}

type Alike = readonly [AccountChange, ...AccountChange[]];

/** Accounts that gain and lose the same for the same reason, whatever else they hold. */
function alike(changes: readonly AccountChange[], { reach }: ChangesOptions): readonly Alike[] {
  const key = (change: AccountChange): string => {
    const { accounts, kind, gains, loses, logins, why } = change;
    const { given, taken } = movedRoles(change);
    return JSON.stringify([kind, given, taken, gains, loses, logins, why, reach?.get(accounts[0] ?? '')]);
  };
  return [...groupBy(changes, key).values()];
}

/** Several that change alike: which roles change; that the others stay is said, and `--full` names them. */
function alikeBlock(group: Alike, options: ChangesOptions): ChangeBlock {
  const [first, ...others] = group;
  if (others.length === 0) return changeBlock(first, options);
  const accounts = group.flatMap((change) => change.accounts).sort();
  return blockOf({ ...first, accounts }, movedLines(first), options);
}

/** The roles that change of several accounts, of which each holds others besides. */
function movedLines(change: AccountChange): [label: string, text: string][] {
  if (change.kind === 'assignable') return [];
  const { given, taken } = movedRoles(change);
  if (given.length + taken.length === 0) return [['keeps', 'the roles that each has. --full names them']];
  const stay = 'The others stay, and --full names them';
  return [
    ['holds', taken.length === 0 ? 'other roles' : `${rolesText(taken)} and others`],
    ['then', given.length === 0 ? stay : `${rolesText(given)}. ${stay}`],
  ];
}

/** Where even those that gain the same are too many: what reaches furthest, whoever and however few gain it. */
function widestGains(
  gaining: readonly Alike[],
  losing: readonly AccountChange[],
  options: ChangesOptions,
): ChangesSection {
  const widest = [...gaining].sort((a, b) => width(b) - width(a)).slice(0, WIDEST_GAINS);
  return {
    title: `${count(accountsOf(gaining.flat()), 'account')} gain access, ${accountsOf(losing)} gain none. The ${WIDEST_GAINS} widest gains follow. --full shows all.`,
    blocks: widest.map((group) => alikeBlock(group, options)),
    rest: 0,
  };
}

/** `3 accounts and 1 role for groups` */
function countText(changes: readonly AccountChange[]): string {
  const roles = accountsOf(changes.filter(({ kind }) => kind === 'assignable'));
  const accounts = accountsOf(changes) - roles;
  return [
    ...(accounts === 0 ? [] : [count(accounts, 'account')]),
    ...(roles === 0 ? [] : [`${count(roles, 'role')} for groups`]),
  ].join(' and ');
}

/** How many, and from two on their names: a reader of the first screen sees all of them. */
function whoText(gaining: readonly AccountChange[]): string {
  const names = gaining.flatMap(changedNames);
  if (gaining.length === 1) return countText(gaining);
  const rest = names.length - MOST_GAINING_NAMES;
  return `${countText(gaining)}: ${names.slice(0, MOST_GAINING_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** More than any release has. */
const EVERY_ACTION = 1000;

/** How much of the cluster is gained; among gains of the same width those of more accounts are the wider ones. */
function width(group: Alike): number {
  const [{ gains }] = group;
  const reached = gains.map(
    ({ resource, actions }) => reachOf(resource) * (actions.includes('anyAction') ? EVERY_ACTION : actions.length),
  );
  const accounts = accountsOf(group);
  return reached.reduce((sum, each) => sum + each, 0) + accounts / (accounts + 1);
}

/** What is everywhere counts for more than the cluster's own affairs, and these for more than one database. */
function reachOf(resource: Resource): number {
  if ('anyResource' in resource) return EVERY_ACTION ** 3;
  if ('cluster' in resource || ['', 'admin', 'config', 'local', OWN_DATABASE].includes(resource.db)) {
    return EVERY_ACTION;
  }
  return 1;
}

function accountsOf(changes: readonly AccountChange[]): number {
  return changes.reduce((sum, { accounts }) => sum + accounts.length, 0);
}

function changeBlock(change: AccountChange, options: ChangesOptions): ChangeBlock {
  return blockOf(change, rolesLines(change), options);
}

function blockOf(
  change: AccountChange,
  roles: readonly [label: string, text: string][],
  { full = false, reach }: ChangesOptions,
): ChangeBlock {
  const { accounts, kind, gains, loses, logins, why } = change;
  const most = isGain(change) ? MOST_GAINING_NAMES : MOST_NAMES;
  const named = full ? accounts : accounts.slice(0, most);
  const more = accounts.length > named.length ? ` and ${accounts.length - named.length} more` : '';
  const many = accounts.length > 1 ? `${count(accounts.length, 'account')}: ` : '';
  const title =
    kind === 'assignable'
      ? `${givenName(named.join(', '))} (an LDAP or OIDC group)`
      : `${many}${named.join(', ')}${more}`;
  const lines: [label: string, text: string][] = [
    ...roles,
    ...grouped(gains).map((text): [string, string] => ['gains', text]),
    ...loginLines(logins),
    ...(reach?.get(accounts[0] ?? '') ?? []),
    ...losesLines(loses, full).map((text): [string, string] => ['loses', text]),
  ];
  return { kind, title, lines, why: reasonLines(why) };
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
