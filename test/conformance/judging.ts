/** What an account could do and can do, held against what its policy denies and what its plan lists as lost. */

import { type Condition, judge, requirementsOf } from '../../src/access/commands/index.ts';
import { allows } from '../../src/model/decision.ts';
import { roleGraph } from '../../src/model/graph.ts';
import { formatRole, formatUser, userKey } from '../../src/model/names.ts';
import type { Outcome } from '../../src/model/outcomes.ts';
import type { Privilege } from '../../src/model/privilege.ts';
import {
  bucketsOf,
  CLUSTER,
  collectionTarget,
  databaseTarget,
  formatTarget,
  type Target,
} from '../../src/model/resource.ts';
import type { User } from '../../src/model/role.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Loss } from '../../src/plan/restrictions/losses.ts';
import type { ClusterState } from '../../src/state/state.ts';
import type { Attempt } from './attempts.ts';
import type { Policy } from './brownfield.ts';

/** Refused for want of a right, or not; `unknown`: the server has no such command. */
export type Answer = 'yes' | 'no' | 'unknown';

export interface Sides {
  readonly actual: ClusterState;
  readonly desired: ClusterState;
  readonly plan: Plan;
}

export function judgeAccount(
  { actual, desired, plan }: Sides,
  user: User,
  attempts: readonly Attempt[],
  could: readonly Answer[],
  can: readonly Answer[],
  policy: Policy,
): { readonly lost: number; readonly wrong: string[] } {
  const now = desired.users?.find((each) => userKey(each) === userKey(user));
  const sides: Judged = {
    had: roleGraph(actual.roles ?? [], actual.server.version).privileges(user.roles),
    has: roleGraph(desired.roles ?? [], desired.server.version).privileges(now?.roles ?? []),
    losses: plan.rewrites.find(({ users }) => users.some((each) => userKey(each) === userKey(user)))?.loses ?? [],
    denials: denialsOf(policy, { actual, plan }, user),
  };
  const context = {
    version: actual.server.version,
    sharded: actual.server.topology === 'sharded',
    user,
    roles: user.roles,
  };
  const answers = attempts.map((attempt, n) => {
    const [before = 'unknown', after = 'unknown'] = [could[n], can[n]];
    return { attempt, before, after, condition: requirementsOf(attempt.command, attempt.db, context) };
  });
  const wrong = answers.flatMap((answer) => {
    const { command, db } = answer.attempt;
    return judgeAnswer(sides, answer).map((text) => `${formatUser(user)} ${JSON.stringify(command)} on ${db}: ${text}`);
  });
  const unlost = unreal(sides).map((text) => `${formatUser(user)} listed as lost, and not lost: ${text}`);
  const astray = sides.losses
    .filter(({ on }) => !mayBeLost(on, policy))
    .map(({ on, actions }) => `${formatUser(user)} loses more than it has to: ${actions.join(', ')} on ${on}`);
  const lost = answers.filter(({ before, after }) => before === 'yes' && after === 'no').length;
  return { lost, wrong: [...wrong, ...unlost, ...astray] };
}

/** Only at the protected databases, where nothing is yet, and at our own. */
function mayBeLost(lost: string, { restrictions, collections = {} }: Policy): boolean {
  const on = lost.replace(BUCKETS, '');
  if (on.endsWith(', databases made later') || on === 'any other resource' || on.startsWith('mongoward.')) return true;
  const places = [...restrictions.flatMap((each) => each.on), ...Object.keys(collections)];
  return places.some((place) => splitOnce(place)[0] === splitOnce(on)[0]);
}

interface Judged {
  readonly had: readonly Privilege[];
  readonly has: readonly Privilege[];
  readonly losses: readonly Loss[];
  readonly denials: readonly Denial[];
}

interface Answered {
  readonly attempt: Attempt;
  readonly before: Answer;
  readonly after: Answer;
  readonly condition: Condition;
}

function judgeAnswer(sides: Judged, { attempt, before, after, condition }: Answered): string[] {
  const { had, has, denials } = sides;
  const untold = before === 'yes' && after === 'no' ? untoldLosses(condition, sides) : undefined;
  return [
    ...(before === 'no' && after === 'yes' ? ['gained'] : []),
    ...(untold === undefined ? [] : [`lost and not listed (${untold})`]),
    ...(isOtherwise(condition, had, before) ? [`the model says otherwise than ${before}`] : []),
    ...(isOtherwise(condition, has, after) ? [`the model says otherwise than ${after}`] : []),
    ...(after === 'yes' ? deniedBy(denials, attempt) : []).map(
      ({ outcome, on }) => `denied, and not refused (${outcome} on ${on})`,
    ),
  ];
}

function isOtherwise(condition: Condition, held: readonly Privilege[], answer: Answer): boolean {
  return answer !== 'unknown' && judge(condition, held).allowed !== (answer === 'yes');
}

/** What the command needs of what is lost and not listed; nothing if all of it is listed. */
function untoldLosses(condition: Condition, { had, has, losses }: Judged): string | undefined {
  const gone = lostLeaves(condition, had, has);
  const untold = gone.filter(({ action, target }) => !isListed(losses, action, target));
  if (gone.length > 0 && untold.length === 0) return undefined;
  return untold.map(({ action, target }) => `${action} on ${formatTarget(target)}`).join(', ');
}

/** What the attempt would bring about although it is denied. */
function deniedBy(denials: readonly Denial[], { outcomes, at }: Attempt): readonly Denial[] {
  return denials.filter(({ outcome, on }) => {
    if (!outcomes.includes(outcome)) return false;
    if (at === undefined) return true;
    const [db = '', collection = ''] = splitOnce(on);
    if (at.db !== db) return false;
    if (!('collection' in at) || collection === '*' || at.collection === collection) return true;
    return at.collection === 'recent' && collection === 'logs';
  });
}

interface Denial {
  readonly outcome: Outcome;
  readonly on: string;
}

/** What is denied to the account, by the rules of the language and nothing of the code under test, but for what it said is undecided. */
export function denialsOf(
  { restrictions, collections = {}, breakGlass: exempt }: Policy,
  sides: Omit<Sides, 'desired'>,
  user: User,
): readonly Denial[] {
  const { actual, plan } = sides;
  const name = formatUser(user);
  if (exempt.some((entry) => entry.user === name)) return [];
  const graph = roleGraph(actual.roles ?? [], actual.server.version);
  const isNamed = (on: string, outcome: Outcome): boolean =>
    Object.entries(collections).some(
      ([ns, { access }]) => (on === ns || on === `${splitOnce(ns)[0]}.*`) && access[outcome]?.includes(name) === true,
    );
  const told = new Set(
    plan.undecided
      .filter((each) => userKey(each.user) === userKey(user))
      .flatMap(({ open }) =>
        open.flatMap(({ demand, technique }) => technique.outcomes.map((outcome) => `${outcome} ${demand.on}`)),
      ),
  );
  const denied = restrictions.flatMap(({ users, except, on, deny }): Denial[] => {
    const about =
      typeof users === 'object'
        ? graph.closure(user.roles).some((role) => formatRole(role) === users.holding)
        : users.endsWith('*')
          ? name.startsWith(users.slice(0, -1))
          : name.startsWith(users.slice(0, users.indexOf('*'))) && name.endsWith(users.slice(users.indexOf('*') + 1));
    if (!about || except.includes(name)) return [];
    return [on].flat().flatMap((place) => outcomesOf(deny).map((outcome) => ({ outcome, on: place })));
  });
  const exclusive = Object.entries(collections).flatMap(([ns, { access }]) =>
    Object.entries(access).flatMap(([outcome, users]): Denial[] =>
      users.includes(name) ? [] : outcomesOf([outcome]).map((one) => ({ outcome: one, on: ns })),
    ),
  );
  return [...denied, ...exclusive].filter(({ on, outcome }) => !isNamed(on, outcome) && !told.has(`${outcome} ${on}`));
}

function outcomesOf(words: readonly string[]): readonly Outcome[] {
  const known: readonly Outcome[] = ['read', 'insert', 'alter', 'destroy', 'unseal', 'suppress', 'administer'];
  return known.filter(
    (outcome) => words.includes(outcome) || (words.includes('write') && outcome !== 'read' && outcome !== 'administer'),
  );
}

function splitOnce(text: string): readonly [string, string] {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}

interface Leaf {
  readonly action: string;
  readonly target: Target;
}

function lostLeaves(condition: Condition, had: readonly Privilege[], has: readonly Privilege[]): readonly Leaf[] {
  if (condition.kind === 'all' || condition.kind === 'any')
    return condition.of.flatMap((part) => lostLeaves(part, had, has));
  if (condition.kind !== 'privilege') return [];
  const { action, target } = condition;
  return allows(had, action, target) && !allows(has, action, target) ? [condition] : [];
}

function isListed(losses: readonly Loss[], action: string, target: Target): boolean {
  return losses.some(({ on, actions }) => {
    if (!actions.includes(action) && !actions.includes('anyAction')) return false;
    if (on === formatTarget(target)) return true;
    if (target.kind === 'cluster') return false;
    const later = on.endsWith(', databases made later') && target.db.endsWith('_later');
    return later || on === `${target.db}.*` || on === `${target.db}.*, as a whole`;
  });
}

/** Listed places where nothing was held, or still is. */
function unreal({ losses, had, has }: Judged): readonly string[] {
  return losses.flatMap(({ on, actions }) =>
    actions
      .filter((action) => !targetsOf(on).some((target) => allows(had, action, target) && !allows(has, action, target)))
      .map((action) => `${action} on ${on}`),
  );
}

/** Before the time series of which the places are the buckets. */
const BUCKETS = 'system_buckets ';

function targetsOf(on: string): readonly Target[] {
  if (on === 'cluster') return [CLUSTER];
  const buckets = on.startsWith(BUCKETS);
  const place = on
    .replace(BUCKETS, '')
    .replace(/, (as a whole|databases made later)$/, '')
    .replace(/^\*\./, 'made-later.');
  const [db, collection] = splitOnce(place);
  if (buckets) return [collectionTarget({ db, collection: bucketsOf(collection === '*' ? 'any' : collection) })];
  if (collection !== '*') return [collectionTarget({ db, collection })];
  return [
    databaseTarget(db),
    collectionTarget({ db, collection: 'any' }),
    collectionTarget({ db, collection: 'logs' }),
  ];
}
