/** Access gained and lost, for people: what is gained in full, what is lost folded to counts. */
import { compoundKey, groupBy } from '../model/keyed.ts';
import { sortedSet } from '../model/order.ts';
import type { AccessDiff } from '../plan/access-diff.ts';
import type { AccessChange } from '../plan/access-moved.ts';
import type { AccessAt } from '../plan/role-set-changes.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

/** `full`: every loss as it is, too. */
export function accessDiffText(
  { gained, lost, assignable, logins, authorization, passwords, views, keptOut, demands }: AccessDiff,
  evidence: Evidence,
  paint: Paint,
  full = false,
): string {
  const ofLogins = (opens: boolean): string[] =>
    logins
      .filter((each) => each.opens === opens)
      .map(
        ({ accounts, assignable: ofRoles, elsewhere, change }) =>
          `logins ${change}: ${accounts.map(ofRoles ? (role) => givenText(role, elsewhere) : itself).join(', ')}`,
      );
  const ofViews = (opens: boolean): string[] =>
    views
      .filter((each) => each.opens === opens)
      .map(
        ({ on, view, accounts, roles }) =>
          `read ${on} through the view ${view}: ${[...accounts, ...roles.map((role) => givenText(role))].join(', ')}`,
      );
  const ofKeptOut = (opens: boolean): string[] =>
    keptOut
      .filter((each) => each.opens === opens)
      .map(({ on, outcomes, accounts, reported }) => {
        const how = reported ? 'forbidden' : 'kept from';
        const kept = opens ? `no longer ${how}` : how;
        return `${kept} ${on} (${outcomes.join(', ')}): ${accounts.join(', ')} (in neither policy)`;
      });
  const ofAuthorization = (opens: boolean): string[] =>
    authorization?.opens === opens
      ? [`everything, without logging in: everybody, because authorization is ${opens ? 'off' : 'on now'}`]
      : [];
  const ofDemands = (opens: boolean): string[] =>
    demands
      .filter((each) => each.opens === opens)
      .map(({ on, change }) => `${opens ? 'less' : 'more'} demanded of ${on}: ${change}`);
  const ofPasswords = passwords.map(({ account, change }) => `a password ${change}: ${account}`);
  const ofRoles = assignable.flatMap(({ role, gains, elsewhere }) =>
    gains.map(placed).map((one) => heldBy(one, givenText(role, elsewhere))),
  );
  const gains = [
    ...ofAuthorization(true),
    ...gained.map(accessText),
    ...ofRoles,
    ...ofKeptOut(true),
    ...ofViews(true),
    ...ofLogins(true),
    ...ofPasswords,
    ...ofDemands(true),
  ];
  const losers: readonly Losses[] = [
    ...[...groupBy(lost, ({ accounts }) => compoundKey(accounts))].map(([, group]): Losses => {
      const [{ accounts }] = group;
      return { who: namesText(accounts, full), lost: group };
    }),
    ...assignable.map(
      ({ role, loses, elsewhere }): Losses => ({ who: givenText(role, elsewhere), lost: loses.map(placed) }),
    ),
  ].filter((each) => each.lost.length > 0);
  const losses = [
    ...ofAuthorization(false),
    ...losers.flatMap((each) => lossTexts(each, full)),
    ...ofKeptOut(false),
    ...ofViews(false),
    ...ofLogins(false),
    ...ofDemands(false),
  ];
  const lines = [
    ...gains.map((text) => `${paint('red', '+ gained')} ${wrap(text, 9, paint.width)}`),
    ...losses.map((text) => `${paint('green', '- lost')}   ${wrap(text, 9, paint.width)}`),
  ];
  const counted =
    losers.reduce((sum, each) => sum + each.lost.length, 0) +
    ofAuthorization(false).length +
    ofKeptOut(false).length +
    ofViews(false).length +
    ofLogins(false).length +
    ofDemands(false).length;
  const closing =
    lines.length === 0 ? 'Nobody gains or loses access.' : `${count(gains.length, 'gain')}, ${counted} lost.`;
  const isFolded = losses.length < counted || lost.some(({ accounts }) => accounts.length > MOST_NAMES);
  return [
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    ...(isFolded && !full ? [paint('dim', '--full shows everything that is lost.')] : []),
    evidenceText(evidence, paint),
    paint('bold', closing),
  ].join('\n\n');
}

type Placed = Pick<AccessChange, 'resource' | 'actions'>;

/** What the same accounts lose. */
interface Losses {
  readonly who: string;
  readonly lost: readonly Placed[];
}

const MOST_PLACES = 4;
const MOST_ACTIONS = 8;
const MOST_NAMES = 10;

/** `14 actions on a.*; b.*; c.*; d.*; and 3 other places: app@admin`, where it is more than a line or two. */
function lossTexts({ who, lost }: Losses, full: boolean): readonly string[] {
  const actions = sortedSet(lost.flatMap((each) => each.actions));
  const places = sortedSet(lost.map(({ resource }) => resource));
  if (full || (places.length <= MOST_PLACES && actions.length <= MOST_ACTIONS)) {
    return lost.map((each) => heldBy(each, who));
  }
  const rest = places.length - MOST_PLACES;
  const more = rest > 0 ? `; and ${count(rest, 'other place')}` : '';
  const what = actions.length > MOST_ACTIONS ? count(actions.length, 'action') : actions.join(', ');
  return [`${what} on ${places.slice(0, MOST_PLACES).join('; ')}${more}: ${who}`];
}

function namesText(names: readonly string[], full: boolean): string {
  const rest = names.length - MOST_NAMES;
  if (full || rest <= 0) return names.join(', ');
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more`;
}

function placed({ on, actions }: AccessAt): Placed {
  return { resource: on, actions };
}

function itself(name: string): string {
  return name;
}

function givenText(role: string, elsewhere?: true): string {
  return elsewhere
    ? `whoever else holds ${role} (in neither policy)`
    : `whoever is given ${role} (an LDAP or OIDC group)`;
}

function heldBy({ resource, actions }: Placed, who: string): string {
  return `${actions.join(', ')} on ${resource}: ${who}`;
}

/** `find, insert on shop.*: app@admin, job@admin and 3 more`. */
export function accessText({ resource, actions, accounts, accountCount }: AccessChange): string {
  const more = accountCount > accounts.length ? ` and ${accountCount - accounts.length} more` : '';
  return heldBy({ resource, actions }, `${accounts.join(', ')}${more}`);
}
