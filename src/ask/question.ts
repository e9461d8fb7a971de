/** Questions about a state: which ways are asked about, on what. */
import { Failure } from '../failure.ts';
import { isKnownAction, knownActions } from '../model/catalogue.ts';
import { databaseNameProblem, parseNamespace } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { CLUSTER, collectionTarget, databaseTarget, type Target } from '../model/resource.ts';
import { EVERY_OUTCOME, type Way, wayOfAction, waysAround } from '../model/ways.ts';
import { didYouMean } from '../policy/nearest.ts';
import { circumstancesOf } from '../state/circumstances.ts';
import type { ClusterState } from '../state/state.ts';

export interface Question {
  /** A MongoDB action, asked directly, or an outcome, which includes escalation and what the release lets through. */
  readonly action: string;
  readonly subject: Target;
  readonly ways: readonly Way[];
}

/**
 * Reads `remove audit.logs`, `alter audit`, `grantRole admin`, `read cluster`. Throws a Failure that names the nearest
 * words if there is no such action or outcome, or if the namespace is none.
 */
export function readQuestion(action: string, namespace: string, state: ClusterState): Question {
  const subject = readSubject(namespace, state);
  const outcome = EVERY_OUTCOME.find((known) => known === action);
  if (outcome !== undefined) return { action, subject, ways: waysTo(outcome, subject, state) };
  const inState = state.roles?.some((role) => role.privileges.some(({ actions }) => actions.includes(action))) === true;
  if (!isKnownAction(action) && !inState) {
    throw new Failure(
      `"${action}" is neither an action of MongoDB nor an outcome${didYouMean(action, [...EVERY_OUTCOME, ...knownActions()])}`,
      {
        advice: `the outcomes are ${EVERY_OUTCOME.join(', ')}`,
      },
    );
  }
  return { action, subject, ways: [wayOfAction(action, subject)] };
}

function waysTo(outcome: Outcome, subject: Target, state: ClusterState): readonly Way[] {
  const circumstances = circumstancesOf(state, subject.kind === 'collection' ? subject : undefined);
  return waysAround(subject, circumstances).filter((way) => way.outcomes.includes(outcome));
}

function readSubject(namespace: string, state: ClusterState): Target {
  if (namespace === 'cluster') return CLUSTER;
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
