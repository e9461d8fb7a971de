/** Commands that read documents and lists. Read in the public source of 4.4, where each rule names its function. */

import type { Namespace } from '../../model/names.ts';
import { CLUSTER, collectionTarget, databaseTarget } from '../../model/resource.ts';
import {
  argument,
  type Call,
  collectionIn,
  documentAt,
  has,
  malformed,
  type Rule,
  textAt,
  truthy,
  uuidOf,
} from './call.ts';
import { all, always, any, need, needOn } from './condition.ts';
import { COLLECTIONLESS, pipelineDemands } from './pipeline.ts';

/**
 * An action on the collection that is the command's value, by name or by UUID; the latter demands `useUUID` besides
 * (`isAuthorizedToParseNamespaceElement`).
 */
function onNameOrUuid(action: string): Rule {
  return (call) => {
    const uuid = uuidOf(argument(call));
    if (uuid === undefined) return needOn(collectionIn(call), action);
    const ns = call.context.collectionOf?.(uuid);
    if (ns === undefined) throw malformed(call, `which collection has the UUID ${uuid} is not known`);
    return all([needOn(ns, action), need(CLUSTER, 'useUUID')]);
  };
}

/** `term` is for the members of a replica set (`checkAuthForFind`, `checkAuthForGetMore`). */
function withTerm(rule: Rule): Rule {
  return (call) => all([rule(call), ...(has(call.body, 'term') ? [need(CLUSTER, 'internal')] : [])]);
}

const aggregate: Rule = (call) => {
  const { db, body } = call;
  const value = argument(call);
  const ns: Namespace = value === 1 ? { db, collection: COLLECTIONLESS } : collectionIn(call);
  return pipelineDemands(call, ns, body.pipeline, truthy(body.bypassDocumentValidation));
};

/** `checkAuthorizedToListCollections`: names only, of the collections on which one has some privilege, need no more. */
const listCollections: Rule = ({ db, body }) => {
  const own = truthy(body.authorizedCollections) && truthy(body.nameOnly);
  return any([need(databaseTarget(db), 'listCollections'), ...(own ? [{ kind: 'inside', db } as const] : [])]);
};

/** Nothing is checked beforehand (list_databases.cpp): without `listDatabases` the answer is a shorter list. */
const listDatabases: Rule = ({ body }) =>
  has(body, 'authorizedDatabases') && !truthy(body.authorizedDatabases)
    ? need(CLUSTER, 'listDatabases')
    : always('without listDatabases on the cluster it lists the databases inside which there is some privilege');

/** `checkAuthForKillCursors`, for each cursor. */
const killCursors: Rule = (call) => {
  const ns = collectionIn(call);
  const ofList = ns.collection === '$cmd.listCollections';
  return any([
    need(CLUSTER, 'killAnyCursor'),
    need(ofList ? databaseTarget(ns.db) : collectionTarget(ns), 'killAnyCursor'),
    { kind: 'unknown', when: 'the cursors are its own' },
  ]);
};

/** `addPrivilegesRequiredForMapReduce` (mr_common.cpp). */
const mapReduce: Rule = (call) => {
  const input = needOn(collectionIn(call), 'find');
  const out = outputOf(call, call.body.out);
  if (out === undefined) return input;
  const bypass = truthy(call.body.bypassDocumentValidation) ? ['bypassDocumentValidation'] : [];
  return all([input, needOn(out.ns, 'insert', out.action, ...bypass)]);
};

const OUTPUT_MODES = { normal: 'remove', replace: 'remove', merge: 'update', reduce: 'update' } as const;

/** Where the result goes; nothing for a result that is only returned. */
function outputOf(call: Call, out: unknown): { readonly ns: Namespace; readonly action: string } | undefined {
  const spec = typeof out === 'string' ? { replace: out } : documentAt(call, out, 'out');
  for (const [mode, action] of Object.entries(OUTPUT_MODES)) {
    if (!has(spec, mode)) continue;
    const db = spec.db === undefined ? call.db : textAt(call, spec.db, 'the database of out');
    return { ns: { db, collection: textAt(call, spec[mode], `out.${mode}`) }, action };
  }
  if (has(spec, 'inline')) return undefined;
  throw malformed(call, 'out must say one of replace, merge, reduce or inline');
}

/** The chunks of a file: `root` is `fs` unless it says otherwise. */
const filemd5: Rule = ({ db, body }) => needOn({ db, collection: `${body.root || 'fs'}.chunks` }, 'find');

export const READING: Readonly<Record<string, Rule>> = {
  find: withTerm(onNameOrUuid('find')),
  count: onNameOrUuid('find'),
  distinct: onNameOrUuid('find'),
  listIndexes: onNameOrUuid('listIndexes'),
  aggregate,
  getMore: withTerm(() => always('a cursor answers only the user that opened it')),
  killCursors,
  listCollections,
  filemd5,
  'mapReduce mapreduce': mapReduce,
  // The explained command's own check (explain_cmd.cpp).
  explain: (call) => call.nested(documentAt(call, argument(call), 'what to explain'), call.db),
};

/** On `admin` only. */
export const READING_ADMIN: Readonly<Record<string, Rule>> = { 'listDatabases listdatabases': listDatabases };
