/**
 * What Queryable Encryption needs besides the documents: two collections beside them, `esc` and `ecoc`, with the tags under
 * which values were stored. They take the privileges of any collection. Read in the source of 8.3 (fle_crud.cpp).
 */
import type { Outcome } from '../../model/outcomes.ts';
import { collectionTarget } from '../../model/resource.ts';
import { onTarget } from '../scope.ts';
import { direct, onCollection, type Place } from './place.ts';
import type { Requirement, Technique } from './technique.ts';

/**
 * Documents whose tags are missing in `esc` are found by no query on an encrypted field any more, though they are there.
 * The tags are inserted in one transaction with the document: what either collection refuses, the writer is refused.
 */
export function encryptedState({ subject, name, circumstances }: Place): Technique[] {
  const state = circumstances.encryptedState;
  if (subject.kind !== 'collection' || state === undefined) return [];
  const { db } = subject;
  const technique = (id: string, outcome: Outcome, requirement: Requirement, does: string): Technique =>
    direct(`encrypted-state-${id}`, [outcome], [requirement], does);
  const tags = `the tags by which queries find documents of ${name}`;
  const onTags = (action: string): Requirement => onCollection(action, db, state.esc);
  const onEither = (action: string): Requirement => {
    const scopes = [state.esc, state.ecoc].map((collection) => onTarget(collectionTarget({ db, collection })));
    return { action, on: { kind: 'oneOf', scopes } };
  };
  return [
    technique('update', 'destroy', onTags('update'), `change ${tags}`),
    technique('remove', 'destroy', onTags('remove'), `delete ${tags}`),
    technique('drop', 'destroy', onTags('dropCollection'), `drop the collection of ${tags}`),
    technique('convert-to-capped', 'destroy', onTags('convertToCapped'), `cap the collection of ${tags}`),
    technique('ttl-index', 'destroy', onTags('createIndex'), `let a TTL index delete ${tags}`),
    technique('refusing-index', 'suppress', onEither('createIndex'), `make an index that refuses ${tags}`),
    technique('strict-validator', 'suppress', onEither('collMod'), `have ${tags} refused by a validator`),
  ];
}
