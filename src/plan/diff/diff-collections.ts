/** Collections: what a policy owns of them, their validation and the indexes that must not be. */
import type { Namespace } from '../../model/names.ts';
import { documentKey } from '../../state/document.ts';
import { findCollection } from '../../state/lookup.ts';
import type { ClusterState, Collection, Index } from '../../state/state.ts';
import { makeOperation } from '../operations/make-operation.ts';
import type { Operation, Reason, ValidationState } from '../operations/operation.ts';
import { effective, validationState } from '../operations/targets/validation-target.ts';
import type { PolicyLines } from '../policy-lines.ts';
import { secondsUntilExpiry } from '../retention.ts';

export function diffCollections(actual: ClusterState, desired: ClusterState, lines: PolicyLines): Operation[] {
  const operations: Operation[] = [];
  const present = new Map(actual.databases?.map((database) => [database.name, database]));
  for (const database of desired.databases ?? []) {
    if (present.get(database.name) === database) continue;
    for (const collection of database.collections ?? []) {
      const ns = { db: database.name, collection: collection.name };
      const before = findCollection(actual, ns);
      if (before !== collection) operations.push(...diffCollection(ns, before, collection, lines));
    }
  }
  return operations;
}

function diffCollection(
  ns: Namespace,
  before: Collection | undefined,
  after: Collection,
  lines: PolicyLines,
): Operation[] {
  const reason = lines.collection(ns);
  if (before === undefined) {
    const created = makeOperation({ kind: 'createCollection', after: validationState(ns, after) }, reason);
    return [created, ...createIndexes(ns, [], after.indexes ?? [], reason)];
  }
  const operations: Operation[] = [];
  let present = validationState(ns, before);
  for (const step of validationSteps(present, validationState(ns, after))) {
    operations.push(makeOperation({ kind: 'collMod', before: present, after: step }, reason));
    present = step;
  }
  const kept = new Set(after.indexes?.map((index) => index.name));
  for (const index of before.indexes ?? []) {
    if (kept.has(index.name)) continue;
    const text = `the index deletes documents after ${secondsUntilExpiry(index.expireAfterSeconds)} s, and the policy keeps them longer`;
    operations.push(makeOperation({ kind: 'dropIndex', before: { ns, index } }, { ...reason, text }));
  }
  return [...operations, ...createIndexes(ns, before.indexes ?? [], after.indexes ?? [], reason)];
}

/**
 * The forms that validation goes through. The server judges a new validator by the level and action that the collection
 * still has, and refuses `encrypt` with `moderate` and `warn` (QueryFeatureNotAllowed, tried on 4.4.4): these change first.
 */
function validationSteps(before: ValidationState, after: ValidationState): readonly ValidationState[] {
  const [from, to] = [effective(before), effective(after)];
  if (documentKey(from) === documentKey(to)) return [];
  const weak = from.validationLevel === 'moderate' || from.validationAction === 'warn';
  return weak && demandsCiphertext(after.validator) ? [{ ...to, validator: from.validator ?? {} }, after] : [after];
}

function demandsCiphertext(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key === 'encrypt' || demandsCiphertext(inner));
}

/** The index on `_id` comes with the collection. */
function createIndexes(ns: Namespace, before: readonly Index[], after: readonly Index[], reason: Reason): Operation[] {
  const present = new Set(before.map((index) => index.name));
  return after
    .filter(({ name }) => name !== '_id_' && !present.has(name))
    .map((index) => makeOperation({ kind: 'createIndex', after: { ns, index } }, reason));
}
