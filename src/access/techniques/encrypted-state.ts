/**
 * What Queryable Encryption needs besides the documents: two collections beside them, `esc` and `ecoc`, with the tags under
 * which values were stored. They take the privileges of any collection. Tried on 8.3, and read in its source (fle_crud.cpp,
 * fle_crypto.cpp).
 */
import type { Outcome } from '../../model/outcomes.ts';
import { collectionTarget } from '../../model/resource.ts';
import { onTarget } from '../scope.ts';
import { direct, onCollection, type Place, since } from './place.ts';
import type { Requirement, Technique } from './technique.ts';

/**
 * Documents whose tags are missing in `esc` are found by no query on an encrypted field any more, though they are there.
 * `ecoc` lists the tags that `compactStructuredEncryptionData` has yet to compact: without it queries find every document.
 * The tags are inserted into both in one transaction with the document: what either refuses, the writer is refused.
 */
export function encryptedState(place: Place): readonly Technique[] {
  const { subject, name, circumstances } = place;
  const state = circumstances.encryptedState;
  if (subject.kind !== 'collection' || state === undefined) return [];
  const { db } = subject;
  const technique = (
    id: string,
    outcomes: readonly Outcome[],
    requires: readonly Requirement[],
    does: string,
  ): Technique => direct(`encrypted-state-${id}`, outcomes, requires, does);
  const tags = `the tags by which queries find documents of ${name}`;
  const onTags = (action: string): Requirement => onCollection(action, db, state.esc);
  const onList = (action: string): Requirement => onCollection(action, db, state.ecoc);
  const onEither = (action: string): Requirement => {
    const scopes = [state.ecoc, state.esc].map((collection) => onTarget(collectionTarget({ db, collection })));
    return { action, on: { kind: 'oneOf', scopes } };
  };
  // 6.0 had it first, as a preview.
  return since('6.0', place, [
    // A tag is the _id, which no update changes. Where values were compacted it is counted on from a document with a value:
    // without that, queries of these values and writes with them fail.
    technique('update', ['destroy', 'suppress'], [onTags('update')], `break ${tags}, once they are compacted`),
    technique('remove', ['destroy'], [onTags('remove')], `delete ${tags}`),
    technique('drop', ['destroy'], [onTags('dropCollection')], `drop the collection of ${tags}`),
    // No transaction writes into a capped collection.
    technique(
      'convert-to-capped',
      ['destroy', 'suppress'],
      [onTags('convertToCapped')],
      `cap the collection of ${tags}`,
    ),
    technique(
      'cap-list',
      ['suppress'],
      [onList('convertToCapped')],
      `cap the collection that lists ${tags}, which refuses new ones then`,
    ),
    // Tags have no dates by themselves.
    technique(
      'ttl-index',
      ['destroy'],
      [onTags('createIndex'), onTags('update')],
      `date ${tags}, and let a TTL index delete them`,
    ),
    // In ecoc, whose ids grow, at any time. In esc, whose ids don't, while it holds one tag at most.
    technique('refusing-index', ['suppress'], [onEither('createIndex')], `make an index that refuses ${tags}`),
    technique('strict-validator', ['suppress'], [onEither('collMod')], `have ${tags} refused by a validator`),
    technique(
      'replace',
      ['suppress'],
      [onTags('dropCollection'), onTags('createCollection')],
      `drop the collection of ${tags} and create it with a validator that refuses new ones`,
    ),
    technique(
      'replace-list',
      ['suppress'],
      [onList('dropCollection'), onList('createCollection')],
      `drop the collection that lists ${tags} and create it with a validator that refuses new ones`,
    ),
  ]);
}
