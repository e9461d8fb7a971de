/** Commands that write documents. */

import { ObjectId } from 'bson';
import type { Namespace } from '../../model/names.ts';
import type { Command, Context } from '../command-definition.ts';
import { equalValues } from '../compare.ts';
import { asCommandError, commandError, notSimulated } from '../errors.ts';
import { documentsOf, refuseSystemWrite } from '../listing.ts';
import { compileQuery } from '../matcher.ts';
import { compileProjection, compileSort } from '../projection.ts';
import { flag, onlyKnown, optionalDocument, refuseArguments, requiredDocuments } from '../request.ts';
import { compileUpdate, seedOf } from '../update.ts';
import { type Document, field, isDocument, isTrue, numberOf } from '../values.ts';
import { mayOnCollection, namespaceOf } from './namespace.ts';

const COMMON = ['ordered', 'bypassDocumentValidation', 'let', 'encryptionInformation', 'isTimeseriesNamespace'];

/** Whether the caller may do that; passing the validator by is an action of its own. */
function mayWrite(context: Context, ...actions: readonly string[]): boolean {
  const bypass = flag(context.request, 'bypassDocumentValidation') ? ['bypassDocumentValidation'] : [];
  return mayOnCollection(context, ...actions, ...bypass);
}

interface Write {
  readonly ns: Namespace;
  readonly validate: boolean;
}

function writeOf({ request }: Context, known: readonly string[]): Write {
  refuseArguments(request, ['let', 'encryptionInformation']);
  onlyKnown(request, [...COMMON, ...known]);
  const ns = namespaceOf(request);
  refuseSystemWrite(ns);
  return { ns, validate: !flag(request, 'bypassDocumentValidation') };
}

/** Runs each statement; what fails is told in `writeErrors`, and ends the command if it is ordered. */
function eachStatement(
  { request }: Context,
  statements: readonly Document[],
  run: (statement: Document, index: number) => void,
): Document {
  const ordered = flag(request, 'ordered', true);
  const writeErrors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (thrown) {
      const { code, message, details } = asCommandError(thrown);
      writeErrors.push({ index, code, errmsg: message, ...details });
      if (ordered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

function insert(context: Context): Document {
  const { ns, validate } = writeOf(context, ['documents']);
  const documents = requiredDocuments(context.request, 'documents');
  if (documents.length === 0)
    throw commandError('InvalidLength', 'Write batch sizes must be between 1 and 100000. Got 0 operations.');
  const collection = context.sandbox.databases.ensure(ns);
  let n = 0;
  const errors = eachStatement(context, documents, (document) => {
    collection.insert(ns, document, validate);
    n += 1;
  });
  return { n, ...errors };
}

interface Change {
  readonly query: Document;
  readonly update: unknown;
  readonly multi: boolean;
  readonly upsert: boolean;
}

function changeOf(statement: Document): Change {
  refuseStatement(statement, ['arrayFilters', 'collation', 'c', 'sort']);
  const query = field(statement, 'q');
  if (!isDocument(query))
    throw commandError('FailedToParse', "BSON field 'update.updates.q' is missing but a required field");
  const multi = isTrue(field(statement, 'multi'));
  return { query, update: field(statement, 'u'), multi, upsert: isTrue(field(statement, 'upsert')) };
}

function refuseStatement(statement: Document, names: readonly string[]): void {
  for (const name of names) {
    if (field(statement, name) === undefined) continue;
    throw notSimulated(`'${name}' of a write`);
  }
}

function update(context: Context): Document {
  const write = writeOf(context, ['updates']);
  const result = { n: 0, nModified: 0 };
  const upserted: Document[] = [];
  const errors = eachStatement(context, requiredDocuments(context.request, 'updates'), (statement, index) => {
    const change = changeOf(statement);
    const apply = compileUpdate(change.update);
    if (change.multi && isReplacement(change.update)) {
      throw commandError('FailedToParse', 'multi update is not supported for replacement-style update');
    }
    const found = documentsOf(context.sandbox, write.ns).filter(compileQuery(change.query));
    for (const before of change.multi ? found : found.slice(0, 1)) {
      result.n += 1;
      if (replaced(context, write, before, apply(before, false))) result.nModified += 1;
    }
    if (found.length > 0 || !change.upsert) return;
    const stored = upsertedDocument(context, write, change.query, apply(seedOf(change.query), true));
    result.n += 1;
    upserted.push({ index, _id: stored._id });
  });
  return { ...result, ...(upserted.length > 0 ? { upserted } : {}), ...errors };
}

function isReplacement(update: unknown): boolean {
  return isDocument(update) && Object.keys(update)[0]?.startsWith('$') !== true;
}

/** Whether anything changed. */
function replaced({ sandbox }: Context, { ns, validate }: Write, before: Document, after: Document): boolean {
  if (equalValues(before, after)) return false;
  sandbox.databases.existing(ns).replace(ns, before, after, validate);
  return true;
}

function upsertedDocument(
  { sandbox }: Context,
  { ns, validate }: Write,
  query: Document,
  document: Document,
): Document {
  const id = field(document, '_id') ?? field(seedOf(query), '_id') ?? new ObjectId();
  return sandbox.databases.ensure(ns).insert(ns, { ...document, _id: id }, validate);
}

function remove(context: Context): Document {
  const { ns } = writeOf(context, ['deletes']);
  let n = 0;
  const errors = eachStatement(context, requiredDocuments(context.request, 'deletes'), (statement) => {
    refuseStatement(statement, ['collation']);
    const query = field(statement, 'q');
    if (!isDocument(query))
      throw commandError('FailedToParse', "BSON field 'delete.deletes.q' is missing but a required field");
    const found = documentsOf(context.sandbox, ns).filter(compileQuery(query));
    const limit = numberOf(field(statement, 'limit'));
    for (const document of limit === 1 ? found.slice(0, 1) : found) {
      context.sandbox.databases.existing(ns).remove(document);
      n += 1;
    }
  });
  return { n, ...errors };
}

function mayUpdate(context: Context): boolean {
  const upserts = requiredDocuments(context.request, 'updates').some((one) => isTrue(field(one, 'upsert')));
  return mayWrite(context, 'update', ...(upserts ? ['insert'] : []));
}

/** `find`, and what the change itself needs (`find_and_modify.cpp`, `addPrivilegesRequiredForFindAndModify`). */
function mayFindAndModify(context: Context): boolean {
  const { request } = context;
  const changes = flag(request, 'remove') ? ['remove'] : flag(request, 'upsert') ? ['update', 'insert'] : ['update'];
  return mayWrite(context, 'find', ...changes);
}

function findAndModify(context: Context): Document {
  const { request, sandbox } = context;
  refuseArguments(request, ['arrayFilters', 'collation']);
  const write = writeOf(context, [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'hint',
    'arrayFilters',
    'collation',
  ]);
  const query = optionalDocument(request, 'query') ?? {};
  const order = optionalDocument(request, 'sort');
  const fields = optionalDocument(request, 'fields');
  const show = (document: Document): Document =>
    fields === undefined || Object.keys(fields).length === 0 ? document : compileProjection(fields)(document);
  const matching = documentsOf(sandbox, write.ns).filter(compileQuery(query));
  const [before] = order === undefined ? matching : matching.sort(compileSort(order));
  if (flag(request, 'remove')) {
    if (field(request.body, 'update') !== undefined)
      throw commandError('FailedToParse', "Cannot specify both an 'update' and 'remove'=true");
    if (before === undefined) return { lastErrorObject: { n: 0 }, value: null };
    sandbox.databases.existing(write.ns).remove(before);
    return { lastErrorObject: { n: 1 }, value: show(before) };
  }
  const apply = compileUpdate(field(request.body, 'update'));
  if (before !== undefined) {
    const after = apply(before, false);
    replaced(context, write, before, after);
    return { lastErrorObject: { n: 1, updatedExisting: true }, value: show(flag(request, 'new') ? after : before) };
  }
  if (!flag(request, 'upsert')) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
  const stored = upsertedDocument(context, write, query, apply(seedOf(query), true));
  return {
    lastErrorObject: { n: 1, updatedExisting: false, upserted: stored._id },
    value: flag(request, 'new') ? show(stored) : null,
  };
}

export const WRITE_COMMANDS: readonly Command[] = [
  { name: 'insert', authorize: (context) => mayWrite(context, 'insert'), run: insert },
  { name: 'update', authorize: mayUpdate, run: update },
  { name: 'delete', authorize: (context) => mayWrite(context, 'remove'), run: remove },
  { name: 'findAndModify', aliases: ['findandmodify'], authorize: mayFindAndModify, run: findAndModify },
];
