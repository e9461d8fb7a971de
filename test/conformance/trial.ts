/**
 * One generated cluster, restricted by the product itself and tried before and after: what is denied must be refused by
 * every command and way, what the plan does not list as lost must go on, and nobody may gain anything.
 */
import { type MongoClient, MongoServerError } from 'mongodb';
import { circumstancesOf } from '../../src/access/circumstances.ts';
import { techniquesOn } from '../../src/access/techniques.ts';
import { adopt } from '../../src/adopt/adopt.ts';
import { Failure } from '../../src/failure.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { formatUser } from '../../src/model/names.ts';
import { collectionTarget } from '../../src/model/resource.ts';
import type { User } from '../../src/model/role.ts';
import { makePlan, type Plan } from '../../src/plan/plan.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { ESCALATING } from '../live/attacks/escalating.ts';
import { READING } from '../live/attacks/reading.ts';
import type { Attack } from '../live/attacks/scene.ts';
import { SILENCING } from '../live/attacks/silencing.ts';
import { WRITING } from '../live/attacks/writing.ts';
import { type LiveServer, yes } from '../live/server.ts';
import { type Attempt, dropDatabase, onCluster, onCollection, onDatabase, onSystemCollection } from './attempts.ts';
import { type Brownfield, breakGlass, brownfieldOf, type Policy } from './brownfield.ts';
import { type Answer, denialsOf, judgeAccount, type Sides } from './judging.ts';
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
  ({ technique, needs, unanswered }) => needs === undefined && unanswered === undefined && !LEFT_OUT.has(technique),
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
    const attempts = attemptsOf(stage.field).filter(
      (each) => actual.server.topology !== 'sharded' || isForRouters(each),
    );
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

/** What a mongos refuses everybody by another error than that of authorization: `local`, and the state of a replica set. */
function isForRouters({ db, command }: Attempt): boolean {
  return db !== 'local' && !('replSetGetStatus' in command);
}

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
    const techniques = techniquesOn(subject, circumstancesOf(sides.actual, subject)).filter(
      ({ kind, outcomes }) => kind !== 'server' && here.some(({ outcome }) => outcomes.includes(outcome)),
    );
    for (const attack of ATTACKS) {
      if (!techniques.some(({ id }) => id === attack.technique) || client === undefined) continue;
      tried += 1;
      if (await comesAbout(stage, attack, client, user, db)) {
        wrong.push(`denied, and carried out: ${attack.technique} on ${db}.logs by ${formatUser(user)}`);
      }
    }
  }
  return { tried, wrong };
}

async function comesAbout(stage: Stage, attack: Attack, client: MongoClient, user: User, db: string): Promise<boolean> {
  const scene = stage.scene(user, db);
  if (attack.technique === 'view') await stage.root.db(db).collection('recent').drop();
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
