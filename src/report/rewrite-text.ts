/** What restrictions do to accounts, for people: before and after, what is lost, and what a person has to decide. */

import { compoundKey, groupBy } from '../model/keyed.ts';
import { formatRole, formatUser } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import { type Reach, type Rewrite, reachOf } from '../plan/restrictions/access-change.ts';
import type { Undecided } from '../plan/restrictions/describe-undecided.ts';
import type { Loss } from '../plan/restrictions/losses.ts';
import type { ManagedRole } from '../plan/restrictions/managed-roles.ts';
import { sortedJson } from '../state/sorted-json.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

const MOST_ROWS = 40;
const MOST_LOSSES = 2;
const MOST_PLACES = 4;
const MOST_ACTIONS = 4;
const MOST_STEPS = 3;
const MOST_ACCOUNTS = 3;

/** Above it, logins of the holders become slow enough to be noticed. */
const MANY_DATABASES = 300;

/** Managed roles that make logins slow. */
export function costTexts(managed: readonly ManagedRole[], paint: Paint): readonly string[] {
  return managed
    .filter(({ covers }) => covers.length > MANY_DATABASES)
    .map(({ role, covers }) => {
      const cost = `${formatRole(role)} names ${covers.length} databases, and the server reads it at every login of its holders: on MongoDB 4.4 a login and a find took 363 ms with a role over 2,000 databases, 16 ms with root`;
      return `${paint('yellow', '!')} ${wrap(cost, 2, paint.width)}`;
    });
}

/** What accounts could do of what is denied: none of it any longer, or what they still can. */
export function reachByAccount(
  rewrites: readonly Rewrite[],
): ReadonlyMap<string, readonly [label: string, text: string][]> {
  return new Map(
    rewrites.flatMap(({ users, could, can, released }) => {
      // Why the others change, the policy's line says.
      const lines: [string, string][] =
        released || could.length === 0
          ? []
          : can.length === 0
            ? [['denied', reachText(could)]]
            : [
                ['could', reachText(could)],
                ['can', reachText(can)],
              ];
      return users.map((user) => [formatUser(user), lines] as const);
    }),
  );
}

/** Accounts that a person has to decide about; unless `full`, those that still can the same by the same are told together. */
export function undecidedTexts(undecided: readonly Undecided[], paint: Paint, full = false): string[] {
  if (full) return few(undecided, (one) => undecidedText(one, paint, full), paint);
  const alike = groupBy(undecided, ({ open, unmanaged }) =>
    compoundKey([sortedJson(reachOf(open)), `${unmanaged}`, ...stepsOf(open)]),
  );
  return few(
    [...alike.values()],
    (group) => (group.length === 1 ? undecidedText(group[0], paint, full) : undecidedTogether(group, paint)),
    paint,
  );
}

function few<T>(list: readonly T[], text: (item: T) => string, paint: Paint): string[] {
  const rest = list.length - MOST_ROWS;
  return [...list.slice(0, MOST_ROWS).map(text), ...(rest > 0 ? [paint('dim', `and ${rest} more like these`)] : [])];
}

/** Places where the same is lost are told together. */
function lossLines(loses: readonly Loss[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { on, actions } of loses) {
    const more = actions.length > MOST_ACTIONS ? ` and ${actions.length - MOST_ACTIONS} more` : '';
    const what = `${actions.slice(0, MOST_ACTIONS).join(', ')}${more}`;
    groups.set(what, [...(groups.get(what) ?? []), on]);
  }
  const lines = [...groups].map(([what, places]) => {
    const rest = places.length - MOST_PLACES;
    return `${what} on ${places.slice(0, MOST_PLACES).join('; ')}${rest > 0 ? `; and ${count(rest, 'other place')}` : ''}`;
  });
  const left = lines.length - MOST_LOSSES;
  return left > 0 ? [...lines.slice(0, MOST_LOSSES), `and ${left} more, which the JSON lists`] : lines;
}

function reachText(reach: readonly Reach[]): string {
  return reach.length === 0
    ? 'none of it'
    : [...groupBy(reach, ({ outcomes }) => outcomes.join(', '))]
        .map(([outcomes, places]) => `${outcomes} ${places.map(({ on }) => on).join(' and ')}`)
        .join('; ');
}

function stepsOf(open: Undecided['open']): readonly string[] {
  return sortedSet(open.map(({ technique }) => technique.does));
}

function doesText(open: Undecided['open']): string {
  const steps = stepsOf(open);
  const more = steps.length > MOST_STEPS ? `, and ${count(steps.length - MOST_STEPS, 'thing')} more` : '';
  return `${steps.slice(0, MOST_STEPS).join(', ')}${more}`;
}

function throughText({ user, roles }: Undecided): string {
  return `${formatUser(user)} through ${roles.map(formatRole).join(' and ')}`;
}

function undecidedTogether(group: readonly [Undecided, ...Undecided[]], paint: Paint): string {
  const [{ open, unmanaged }] = group;
  const rest = group.length - MOST_ACCOUNTS;
  const named = `${group.slice(0, MOST_ACCOUNTS).map(throughText).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const head = `${group.length} accounts can still ${reachText(reachOf(open))}: ${named}. Each can ${doesText(open)}.`;
  const advice = unmanaged
    ? 'Others manage them: ask these, or name the accounts under breakGlass.'
    : 'A person decides: give each a role without that, or name it under "except" or breakGlass. --full shows each.';
  return `${paint('yellow', '?')} ${wrap(head, 2, paint.width)}\n    ${wrap(advice, 4, paint.width)}`;
}

function undecidedText({ user, open, roles, alternatives, unmanaged }: Undecided, paint: Paint, full: boolean): string {
  const by = roles.map(formatRole).join(' and ');
  const head = `${formatUser(user)} can still ${reachText(reachOf(open))} through ${by}. It can ${doesText(open)}.`;
  const advice = unmanaged
    ? 'Others manage it: ask them, or name it under breakGlass.'
    : 'A person decides: give it a role without that, or name it under "except" or breakGlass.';
  const useful = (unmanaged ? [] : alternatives).filter(({ loses }) => loses.length > 0);
  const without = useful.map(({ role, loses }) => `${formatRole(role)} without ${lossLines(loses).join('; ')}`);
  return [
    `${paint('yellow', '?')} ${wrap(head, 2, paint.width)}`,
    `    ${wrap(without.length === 0 || full ? advice : `${advice} --full shows what would do.`, 4, paint.width)}`,
    ...(full ? without : []).map(
      (text) => `    ${paint('dim', wrap(`It would do as ${text}. The JSON has the role.`, 4, paint.width))}`,
    ),
  ].join('\n');
}
