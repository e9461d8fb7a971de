/** Questions about a state: which techniques are asked about, on what. */
import { Failure } from '../failure.ts';
import { isAskedOnDatabases, isKnownAction, knownActions, reachOfAction } from '../model/catalogue.ts';
import { databaseNameProblem, formatNamespace, formatRole, type Namespace, parseNamespace } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { Outcome } from '../model/outcomes.ts';
import {
  bucketsOf,
  CLUSTER,
  collectionTarget,
  databaseTarget,
  formatTarget,
  namesBuckets,
  type Target,
} from '../model/resource.ts';
import type { Role } from '../model/role.ts';
import { didYouMean } from '../policy/nearest.ts';
import { WRITE_OUTCOMES } from '../policy/presets.ts';
import { isLogin } from '../policy/secrets.ts';
import type { ClusterState } from '../state/state.ts';
import { circumstancesOf } from './circumstances.ts';
import { onTarget, type Scope } from './scope.ts';
import { EVERY_OUTCOME, simplestFirst, type Technique, techniqueOfAction, techniquesOn } from './techniques.ts';

/** As a policy's `on` says them: every database with its normal collections, and all that there is. */
const EVERYTHING = '*.*';
const ANY_RESOURCE = 'any';

export interface Question {
  /** A MongoDB action, asked directly, or an outcome, which includes escalation and what the release lets through. */
  readonly action: string;
  readonly subject: Target;
  readonly techniques: readonly Technique[];
  /** What whoever asks should know about the question itself, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads `remove audit.logs`, `alter audit`, `alter audit.*`, `grantRole admin`, `read cluster`. Throws a Failure that names the nearest
 * words if there is no such action or outcome, or if the namespace is none.
 */
export function readQuestion(action: string, namespace: string, state: ClusterState): Question {
  const subject = readSubject(namespace, state);
  const outcomes = outcomesNamed(action);
  if (outcomes.length > 0) {
    return { action, subject, techniques: techniquesTo(outcomes, subject, state), notes: aboutSubject(subject, state) };
  }
  const inState = state.roles?.some((role) => role.privileges.some(({ actions }) => actions.includes(action))) === true;
  if (!isKnownAction(action) && !inState) {
    throw new Failure(
      `"${action}" is neither an action of MongoDB nor an outcome${didYouMean(action, [...OUTCOME_WORDS, ...knownActions()])}`,
      {
        advice: `the outcomes are ${OUTCOME_WORDS.join(', ')}`,
      },
    );
  }
  const on = scopeOfAction(action, namespace, subject);
  const notes = [...aboutAction(action, on), ...aboutSubject(subject, state)];
  return { action, subject, techniques: [techniqueOfAction(action, on)], notes };
}

function outcomesNamed(action: string): readonly Outcome[] {
  return action === 'write' ? WRITE_OUTCOMES : EVERY_OUTCOME.filter((known) => known === action);
}

/** For an outcome both are the cluster with all that it holds; an action is granted on them, or on the cluster itself. */
function scopeOfAction(action: string, namespace: string, subject: Target): Scope {
  if (namespace === ANY_RESOURCE) return { kind: 'anyResource' };
  if (namespace === EVERYTHING && reachOfAction(action) !== 'cluster') return { kind: 'everyDatabase' };
  return onTarget(subject);
}

/** `write` stands for the outcomes that it stands for in a policy's `deny`. */
const OUTCOME_WORDS: readonly string[] = [...EVERY_OUTCOME, 'write'];

export function isOutcomeWord(word: string): boolean {
  return OUTCOME_WORDS.includes(word);
}

/** An action that nobody is ever asked for there: "nobody can" would be true, and misleading. */
export function aboutAction(action: string, on: Scope): readonly string[] {
  const reach = reachOfAction(action);
  const onCluster = on.kind === 'target' && on.target.kind === 'cluster';
  if (reach === 'cluster' && !onCluster) {
    return [`MongoDB asks for ${action} on the cluster, not on a database or collection: ask about "cluster"`];
  }
  if (reach === 'databases' && onCluster) {
    return [`MongoDB asks for ${action} on databases and collections, not on the cluster`];
  }
  if (isAskedOnDatabases(action) && on.kind === 'target' && on.target.kind === 'collection') {
    return [`MongoDB asks for ${action} on the database, not on a collection: ask about "${on.target.db}"`];
  }
  return [];
}

function aboutSubject(subject: Target, { databases, roles = [] }: ClusterState): readonly string[] {
  if (databases === undefined || subject.kind === 'cluster') return [];
  const database = databases.find(({ name }) => name === subject.db);
  if (database === undefined) {
    const near = didYouMean(
      subject.db,
      databases.map(({ name }) => name),
    );
    return [`there is no database ${subject.db} yet${near}; the answer is about one of that name`];
  }
  if (subject.kind === 'database' || database.collections === undefined) return [];
  const found = database.collections.find(({ name }) => name === subject.collection);
  if (found === undefined) {
    const near = didYouMean(
      subject.collection,
      database.collections.map(({ name }) => name),
    );
    return [`there is no collection ${formatTarget(subject)} yet${near}; the answer is about one of that name`];
  }
  if (found.type === 'collection') return aboutBuckets(subject, roles);
  if (found.type !== 'view') return [];
  const { viewOn } = found.options;
  return [
    `${formatTarget(subject)} is a view on ${subject.db}.${String(viewOn)}, where its documents are: ask about that too`,
  ];
}

/** What a policy does not say: whether the collection is a time series. Until it is, a grant on its buckets gives nothing. */
function aboutBuckets(subject: Namespace, roles: readonly Role[]): readonly string[] {
  const naming = roles.filter(({ privileges }) => privileges.some(({ resource }) => namesBuckets(resource, subject)));
  if (naming.length === 0) return [];
  const names = sortedSet(naming.map(formatRole)).join(', ');
  const name = formatNamespace(subject);
  return [
    `${names} grants something on the buckets of ${name}, which is answered as a plain collection: if it is a time series, ask about ${subject.db}.${bucketsOf(subject.collection)} too`,
  ];
}

/** The same question of another state: what an outcome takes depends on the release and the topology. */
export function askedOf(state: ClusterState, question: Question): Question {
  const { action, subject } = question;
  const outcomes = outcomesNamed(action);
  return outcomes.length === 0 ? question : { ...question, techniques: techniquesTo(outcomes, subject, state) };
}

function techniquesTo(outcomes: readonly Outcome[], subject: Target, state: ClusterState): readonly Technique[] {
  return simplestFirst(
    techniquesOn(subject, circumstancesOf(state, subject)).filter((technique) =>
      technique.outcomes.some((outcome) => outcomes.includes(outcome)),
    ),
  );
}

/** `audit.logs`, `audit`, `audit.*`, `cluster`, `*.*` or `any`. Throws a Failure if it is none of these. */
export function readSubject(namespace: string, state: ClusterState): Target {
  if (isLogin(namespace)) {
    throw new Failure('a login stands where a namespace belongs', {
      advice: 'write a collection as db.collection; --cluster and --snapshot say where to ask',
    });
  }
  if (namespace === 'cluster' || namespace === EVERYTHING || namespace === ANY_RESOURCE) return CLUSTER;
  if (namespace.endsWith('.*')) return readSubject(namespace.slice(0, -2), state);
  if (!namespace.includes('.') && databaseNameProblem(namespace) === undefined) return databaseTarget(namespace);
  const ns = parseNamespace(namespace);
  if (ns !== undefined && databaseNameProblem(ns.db) === undefined) return collectionTarget(ns);
  const known = (state.databases ?? []).flatMap(({ name, collections }) => [
    name,
    ...(collections ?? []).map((collection) => `${name}.${collection.name}`),
  ]);
  throw new Failure(`"${namespace}" is no namespace${didYouMean(namespace, known)}`, {
    advice: 'write a collection as db.collection, a database as its name, or "cluster"',
  });
}
