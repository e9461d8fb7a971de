/** Commands that make, change and move collections and views. Read in the public source of 4.4. */

import type { Namespace } from '../../model/names.ts';
import { databaseTarget, isNormalCollection } from '../../model/resource.ts';
import { argument, type Call, collectionIn, has, malformed, namespaceAt, type Rule, textAt, truthy } from './call.ts';
import { all, any, type Condition, lacks, need, needOn } from './condition.ts';
import { pipelineDemands } from './pipeline.ts';

/**
 * `checkAuthForCreateOrModifyView`: whoever can read the view must be allowed to run its pipeline; whoever can't may let
 * it show anything, to those who can.
 */
function overView(call: Call, view: Namespace): Condition {
  const { viewOn, pipeline = [] } = call.body;
  const source = { db: view.db, collection: textAt(call, viewOn, 'viewOn') };
  return any([lacks(view, 'find'), pipelineDemands(call, source, pipeline, false)]);
}

/** `checkAuthForCreate`. A time series collection (5.0) is checked like any other, by its own name. */
const create: Rule = (call) => {
  const ns = collectionIn(call);
  const capped = truthy(call.body.capped) ? [needOn(ns, 'convertToCapped')] : [];
  if (has(call.body, 'viewOn')) return all([...capped, needOn(ns, 'createCollection'), overView(call, ns)]);
  return all([...capped, any([needOn(ns, 'createCollection'), needOn(ns, 'insert')])]);
};

/** `checkAuthForCollMod`: a view's parts are changed together or not at all (InvalidOptions). */
const collMod: Rule = (call) => {
  const ns = collectionIn(call);
  const ofView = has(call.body, 'viewOn');
  if (ofView !== has(call.body, 'pipeline')) throw malformed(call, 'viewOn and pipeline are changed together only');
  return all([needOn(ns, 'collMod'), ...(ofView ? [overView(call, ns)] : [])]);
};

/** `checkAuthForRenameCollectionCommand` (rename_collection_common.cpp). The action on the database only adds an alternative. */
const renameCollection: Rule = (call) => {
  const from = namespaceAt(call, argument(call), 'the collection');
  const to = namespaceAt(call, call.body.to, 'to');
  const drop = truthy(call.body.dropTarget) ? ['dropCollection'] : [];
  const byCopying = all([needOn(from, 'find', 'dropCollection'), needOn(to, 'insert', 'createIndex', ...drop)]);
  if (from.db !== to.db || !isNormalCollection(from) || !isNormalCollection(to)) return byCopying;
  return any([
    all([
      need(databaseTarget(from.db), 'renameCollectionSameDB'),
      needOn(to, ...drop),
      any([needOn(from, 'find'), lacks(to, 'find')]),
    ]),
    byCopying,
  ]);
};

/** collection_to_capped.cpp. */
const cloneCollectionAsCapped: Rule = (call) => {
  const to = { db: call.db, collection: textAt(call, call.body.toCollection, 'toCollection') };
  return all([needOn(collectionIn(call), 'find'), needOn(to, 'insert', 'createIndex', 'convertToCapped')]);
};

export const COLLECTIONS: Readonly<Record<string, Rule>> = { create, collMod };

/** On `admin` only. */
export const COLLECTIONS_ADMIN: Readonly<Record<string, Rule>> = { renameCollection };

/** Which `mongos` does not have. */
export const COLLECTIONS_MONGOD: Readonly<Record<string, Rule>> = { cloneCollectionAsCapped };
