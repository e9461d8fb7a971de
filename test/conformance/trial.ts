/**
 * One generated cluster, restricted by the product itself and tried before and after: what is denied must be refused by
 * every command and way, what the plan does not list as lost must go on, and nobody may gain anything.
 */
import { type MongoClient, MongoServerError } from 'mongodb';
import { adopt } from '../../src/adopt/adopt.ts';
import { Failure } from '../../src/failure.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { makePlan, type Plan } from '../../src/migrate/plan.ts';
import { type Condition, judge, requirementsOf } from '../../src/model/commands/index.ts';
import { allows } from '../../src/model/decision.ts';
import { roleGraph } from '../../src/model/graph.ts';
import { formatRole, formatUser, userKey } from '../../src/model/names.ts';
import type { Outcome } from '../../src/model/outcomes.ts';
import type { Privilege } from '../../src/model/privilege.ts';
import { CLUSTER, collectionTarget, databaseTarget, formatTarget, type Target } from '../../src/model/resource.ts';
import type { User } from '../../src/model/role.ts';
import { waysAround } from '../../src/model/ways.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';
import type { Loss } from '../../src/restrict/losses.ts';
import { circumstancesOf } from '../../src/state/circumstances.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { type LiveServer, yes } from '../live/server.ts';
import { ESCALATING } from '../live/ways/escalating.ts';
import { READING } from '../live/ways/reading.ts';
import type { Attack } from '../live/ways/scene.ts';
import { SILENCING } from '../live/ways/silencing.ts';
import { WRITING } from '../live/ways/writing.ts';
import { type Attempt, dropDatabase, onCluster, onCollection, onDatabase, onSystemCollection } from './attempts.ts';
import { type Brownfield, breakGlass, brownfieldOf, type Policy } from './brownfield.ts';
import { onBrownfield, type Stage } from './stage.ts';

export interface Trial {
  readonly seed: number;
  /** `refused`: the plan has obstacles that break-glass entries do not remove. */
  readonly outcome: 'applied' | 'refused' | 'nothing to do';
  /** Accounts that hold other roles afterwards, and those that a person has to decide about. */
  readonly rewritten: number;
  readonly undecided: number;
  /** Answers of the server: before and after, by commands and by whole ways. */
  readonly decisions: number;
  /** Rights that an account had, the plan listed as lost, and the server refuses. */
  readonly lost: number;
  readonly attacks: number;
  /** Sentences: what is not as it should be. */
  readonly disagreements: readonly string[];
}

/** Those that need more than one account and one server, or take longer than all others together: single commands stand for them. */
const LEFT_OUT = new Set(['kill-operations', 'kill-sessions', 'grant-role-admin', 'operations', 'lock-writes']);
const ATTACKS: readonly Attack[] = [...WRITING, ...READING, ...SILENCING, ...ESCALATING.slice(0, 2)].filter(
  ({ way, needs, unanswered }) => needs === undefined && unanswered === undefined && !LEFT_OUT.has(way),
);

export async function tryBrownfield(
  server: LiveServer,
  cluster: Cluster,
  root: MongoClient,
  seed: number,
): Promise<Trial> {
  return onBrownfield(server, root, brownfieldOf(seed), async (stage) => {
    const counts = { rewritten: 0, undecided: 0, decisions: 0, lost: 0, attacks: 0 };
    const actual = await cluster.read();
    const planned = plannedOn(stage.field, actual);
    if (planned === undefined) return { seed, outcome: 'refused', ...counts, disagreements: [] };
    const { intent, plan } = planned;
    if (plan.operations.length === 0) return { seed, outcome: 'nothing to do', ...counts, disagreements: [] };
    counts.rewritten = plan.rewrites.reduce((sum, { users }) => sum + users.length, 0);
    counts.undecided = plan.undecided.length;
    const wrong: string[] = [];
    const attempts = attemptsOf(stage.field);
    const accounts = (actual.users ?? []).filter(
      (user) => user.user.startsWith(stage.field.prefix) && stage.client(user) !== undefined,
    );
    const before = new Map<User, readonly Answer[]>();
    for (const user of accounts) before.set(user, await answersOf(stage, user, attempts));
    try {
      await applyPolicy(cluster, intent, yes);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const why = [error.message, ...error.details].join('; ');
      return { seed, outcome: 'applied', ...counts, disagreements: [`it can't be applied: ${why}`] };
    }
    const desired = await cluster.read();
    const again = makePlan(intent, desired);
    if (again.operations.length + again.obstacles.length > 0) wrong.push('it does not plan to nothing afterwards');
    const sides = { actual, desired, plan };
    for (const user of accounts) {
      const could = before.get(user) ?? [];
      const can = await answersOf(stage, user, attempts);
      counts.decisions += could.length + can.length;
      const judged = judgeAccount(sides, user, attempts, could, can, planned.policy);
      counts.lost += judged.lost;
      wrong.push(...judged.wrong);
      // Of whole ways the sandbox implements few.
      if (server.simulated) continue;
      const attacked = await attackAll(stage, sides, user, planned.policy);
      counts.attacks += attacked.tried;
      wrong.push(...attacked.wrong);
    }
    return { seed, outcome: 'applied', ...counts, disagreements: wrong };
  });
}

/** Whoever can't be kept out is named as break-glass, as the plan asks for, until it can be carried out. */
function plannedOn(
  field: Brownfield,
  actual: ClusterState,
): { readonly intent: Intent; readonly plan: Plan; readonly policy: Policy } | undefined {
  let { policy } = field;
  for (let round = 0; round < 5; round += 1) {
    const intent = intentOf(field, policy, actual);
    const plan = makePlan(intent, actual);
    // On a server that has other accounts too, these are left alone.
    const strangers = plan.rewrites.some(({ users }) => users.some(({ user }) => !user.startsWith(field.prefix)));
    if (strangers) return undefined;
    if (plan.obstacles.length === 0) return { intent, plan, policy };
    const named = new Set(policy.breakGlass.map(({ user }) => user));
    const able = plan.obstacles.filter(
      ({ target }) => !named.has(target) && actual.users?.some((user) => formatUser(user) === target),
    );
    if (able.length === 0) return undefined;
    policy = { ...policy, breakGlass: [...policy.breakGlass, ...able.map(({ target }) => breakGlass(target))] };
  }
  return undefined;
}

function intentOf(field: Brownfield, policy: Policy, actual: ClusterState): Intent {
  const head = { apiVersion: 'mongoward/v1', metadata: { name: field.prefix } };
  const only = [`${field.prefix}_*`, ...field.databases.map((db) => `*@${db}`)];
  const adopted = field.adopted ? adopt(actual, { name: field.prefix, only, ignore: [] }).files : [];
  const files = [...adopted, ['restrictions.yaml', JSON.stringify({ ...head, ...policy })] as const];
  const { intent, problems } = compilePolicy(files.map(([file, text]) => parsePolicyFile({ file, text })));
  if (intent === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return intent;
}

function attemptsOf({ databases, prefix, storage }: Brownfield): readonly Attempt[] {
  const there = databases.flatMap((db) => [
    ...['logs', 'other'].flatMap((collection) => onCollection({ db, collection })),
    ...onSystemCollection({ db, collection: 'system.js' }, ['alter']),
    ...onSystemCollection({ db, collection: 'system.profile' }),
    ...onSystemCollection({ db, collection: 'system.views' }),
    ...onDatabase(db),
    dropDatabase(db),
  ]);
  const view = databases
    .slice(0, storage.view ? 1 : 0)
    .flatMap((db): Attempt[] => [
      { db, command: { find: 'recent' }, outcomes: ['read'], at: { db, collection: 'recent' } },
    ]);
  const later = onSystemCollection({ db: `${prefix}_later`, collection: 'logs' });
  return [...there, ...view, ...later, ...onCluster()];
}

/** Refused for want of a right, or not; `unknown`: the server has no such command. */
type Answer = 'yes' | 'no' | 'unknown';

async function answersOf(stage: Stage, user: User, attempts: readonly Attempt[]): Promise<readonly Answer[]> {
  const client = stage.client(user);
  const answers: Answer[] = [];
  for (const attempt of client === undefined ? [] : attempts) {
    const answer = await ask(client, attempt);
    if (answer === 'yes' && attempt.spoils && attempt.at) await stage.restore(attempt.at.db);
    answers.push(answer);
  }
  return answers;
}

const UNAUTHORIZED = 13;
/** CommandNotFound, and CommandNotSupported: what the sandbox says of what it does not implement. */
const NO_SUCH_COMMAND: readonly unknown[] = [59, 115];

async function ask(client: MongoClient | undefined, { db, command }: Attempt): Promise<Answer> {
  try {
    await client?.db(db).command({ ...command });
    return 'yes';
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    return error.code === UNAUTHORIZED ? 'no' : NO_SUCH_COMMAND.includes(error.code) ? 'unknown' : 'yes';
  }
}

interface Sides {
  readonly actual: ClusterState;
  readonly desired: ClusterState;
  readonly plan: Plan;
}

function judgeAccount(
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
  const on = lost.replace(/^system_buckets /, '');
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
function denialsOf(
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
        open.flatMap(({ demand, way }) => way.outcomes.map((outcome) => `${outcome} ${demand.on}`)),
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

function targetsOf(on: string): readonly Target[] {
  if (on === 'cluster') return [CLUSTER];
  const place = on.replace(/, (as a whole|databases made later)$/, '').replace(/^\*\./, 'made-later.');
  const [db, collection] = splitOnce(place);
  if (collection !== '*') return [collectionTarget({ db, collection })];
  return [
    databaseTarget(db),
    collectionTarget({ db, collection: 'any' }),
    collectionTarget({ db, collection: 'logs' }),
  ];
}

/** Every way to what is denied, carried out. */
async function attackAll(
  stage: Stage,
  sides: Sides,
  user: User,
  policy: Policy,
): Promise<{ readonly tried: number; readonly wrong: readonly string[] }> {
  const client = stage.client(user);
  const wrong: string[] = [];
  let tried = 0;
  const denials = denialsOf(policy, sides, user);
  for (const db of client === undefined ? [] : stage.field.databases) {
    const here = denials.filter(({ on }) => on === `${db}.*` || on === `${db}.logs`);
    const subject = collectionTarget({ db, collection: 'logs' });
    const ways = waysAround(subject, circumstancesOf(sides.actual, subject)).filter(
      ({ kind, outcomes }) => kind !== 'server' && here.some(({ outcome }) => outcomes.includes(outcome)),
    );
    for (const attack of ATTACKS) {
      if (!ways.some(({ id }) => id === attack.way) || client === undefined) continue;
      tried += 1;
      if (await comesAbout(stage, attack, client, user, db)) {
        wrong.push(`denied, and carried out: ${attack.way} on ${db}.logs by ${formatUser(user)}`);
      }
    }
  }
  return { tried, wrong };
}

async function comesAbout(stage: Stage, attack: Attack, client: MongoClient, user: User, db: string): Promise<boolean> {
  const scene = stage.scene(user, db);
  if (attack.way === 'view') await stage.root.db(db).collection('recent').drop();
  await attack.prepare?.(scene);
  let refused = false;
  let answer: unknown;
  try {
    answer = await attack.attack(client, scene);
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    refused = error.code === UNAUTHORIZED;
  }
  const happened = !refused && (await attack.happened(scene, answer));
  await attack.undo?.(scene);
  if (attack.prepare !== undefined || !refused) await stage.restore(db);
  return happened;
}
