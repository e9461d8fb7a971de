/** Commands about indexes. */
import { formatNamespace } from '../../model/names.ts';
import { collectionTarget } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import type { Collection } from '../collection.ts';
import type { Command, Context } from '../command-definition.ts';
import { equalValues } from '../compare.ts';
import { type CodeName, commandError, notSimulated } from '../errors.ts';
import { expirySeconds, ID_INDEX, type IndexSpec, parseIndex, sameIndex } from '../indexes.ts';
import { collectionNamed, refuseSystemWrite } from '../listing.ts';
import { onlyKnown, optionalDocument, refuseArguments, requiredDocuments } from '../request.ts';
import { shown } from '../shown.ts';
import { type Document, field, isDocument } from '../values.ts';
import { batchSizeOf } from './find.ts';
import { mayOnCollection, namespaceOf } from './namespace.ts';

function listIndexes({ request, caller, sandbox }: Context): Document {
  onlyKnown(request, ['cursor']);
  const ns = namespaceOf(request);
  const { indexes } = collectionNamed(sandbox, ns);
  const batchSize = batchSizeOf(optionalDocument(request, 'cursor'));
  const needs = { action: 'listIndexes', target: collectionTarget(ns) };
  return { cursor: sandbox.cursors.open(caller, { ns, documents: indexes, needs }, batchSize) };
}

/** Whether the index is there already; throws if another one is in its way. */
function isPresent(collection: Collection, spec: IndexSpec): boolean {
  const sameName = collection.index(spec.name);
  if (sameName !== undefined) {
    if (sameIndex(sameName, spec)) return true;
    throw equalValues(sameName.key, spec.key)
      ? inTheWay(
          'IndexOptionsConflict',
          'An equivalent index already exists with the same name but different options.',
          spec,
          sameName,
        )
      : inTheWay(
          'IndexKeySpecsConflict',
          'An existing index has the same name as the requested index.',
          spec,
          sameName,
        );
  }
  const sameKey = collection.indexes().find((present) => isEquivalent(present, spec));
  if (sameKey === undefined) return false;
  // The index on `_id` has its name, whatever is asked for.
  if (sameKey.name === ID_INDEX.name) return true;
  throw commandError('IndexOptionsConflict', `Index already exists with a different name: ${sameKey.name}`);
}

/** Several indexes may have the same key, as long as they hold different documents. */
function isEquivalent(a: IndexSpec, b: IndexSpec): boolean {
  return ['key', 'collation', 'partialFilterExpression'].every((part) => equalValues(a[part], b[part]));
}

function inTheWay(code: CodeName, reason: string, spec: IndexSpec, present: IndexSpec) {
  return commandError(code, `${reason} Requested index: ${shown(spec)}, existing index: ${shown(present)}`);
}

function createIndexes({ request, sandbox: { databases } }: Context): Document {
  onlyKnown(request, ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions']);
  refuseArguments(request, ['ignoreUnknownIndexOptions']);
  const ns = namespaceOf(request);
  refuseSystemWrite(ns);
  const specs = requiredDocuments(request, 'indexes').map(parseIndex);
  if (specs.length === 0) throw commandError('BadValue', 'Must specify at least one index to create');
  const createdCollectionAutomatically = databases.collection(ns) === undefined;
  const collection = databases.ensure(ns);
  const numIndexesBefore = collection.indexes().length;
  for (const spec of specs) if (!isPresent(collection, spec)) collection.addIndex(ns, spec);
  const numIndexesAfter = collection.indexes().length;
  return {
    numIndexesBefore,
    numIndexesAfter,
    createdCollectionAutomatically,
    ...(numIndexesAfter === numIndexesBefore ? { note: 'all indexes already exist' } : {}),
  };
}

/** The indexes that `dropIndexes` names: `*` for all but `_id_`, names, or a key. */
function indexesNamed(collection: Collection, named: unknown): readonly IndexSpec[] {
  const present = collection.indexes();
  if (named === '*') return present.filter((spec) => spec.name !== ID_INDEX.name);
  return (Array.isArray(named) ? named : [named]).map((one: unknown) => {
    const found = present.find((spec) => (isDocument(one) ? equalValues(spec.key, one) : spec.name === one));
    if (found !== undefined) return found;
    throw commandError(
      'IndexNotFound',
      isDocument(one) ? "can't find index with key" : `index not found with name [${String(one)}]`,
    );
  });
}

function dropIndexes({ request, sandbox: { databases } }: Context): Document {
  onlyKnown(request, ['index']);
  const ns = namespaceOf(request);
  refuseSystemWrite(ns);
  const collection = databases.collection(ns);
  if (collection === undefined) throw commandError('NamespaceNotFound', `ns not found ${formatNamespace(ns)}`);
  const named = indexesNamed(collection, field(request.body, 'index'));
  if (named.some((spec) => spec.name === ID_INDEX.name)) {
    throw commandError('InvalidOptions', 'cannot drop _id index');
  }
  const nIndexesWas = collection.indexes().length;
  for (const spec of named) collection.dropIndex(spec.name);
  return { nIndexesWas };
}

/** `index` of `collMod`: another expiry. From 5.1 on that also makes a plain index a TTL index. */
export function changeIndexExpiry(version: string, collection: Collection, change: Document): Document {
  const [spec] = indexesNamed(collection, field(change, 'keyPattern') ?? field(change, 'name'));
  const asked = field(change, 'expireAfterSeconds');
  if (spec === undefined || asked === undefined) {
    throw notSimulated("any change of an index by collMod but its 'expireAfterSeconds'");
  }
  if (spec.expireAfterSeconds === undefined && compareVersions(version, '5.1') < 0) {
    throw commandError('InvalidOptions', 'no expireAfterSeconds field to update');
  }
  const expireAfterSeconds = expirySeconds(asked);
  collection.changeIndex({ ...spec, expireAfterSeconds });
  return {
    ...(spec.expireAfterSeconds === undefined ? {} : { expireAfterSeconds_old: spec.expireAfterSeconds }),
    expireAfterSeconds_new: expireAfterSeconds,
  };
}

export const INDEX_COMMANDS: readonly Command[] = [
  { name: 'listIndexes', authorize: (context) => mayOnCollection(context, 'listIndexes'), run: listIndexes },
  { name: 'createIndexes', authorize: (context) => mayOnCollection(context, 'createIndex'), run: createIndexes },
  {
    name: 'dropIndexes',
    aliases: ['deleteIndexes'],
    authorize: (context) => mayOnCollection(context, 'dropIndex'),
    run: dropIndexes,
  },
];
