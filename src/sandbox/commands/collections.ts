/** Commands about collections as such. */
import { formatNamespace } from '../../model/names.ts';
import { collectionTarget, databaseTarget, isNormalCollection } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import { mayAnythingIn, mayAnythingOn } from '../authorize.ts';
import type { Collection, CollectionSettings } from '../collection.ts';
import type { Command, Context } from '../command-definition.ts';
import { equalValues } from '../compare.ts';
import { commandError } from '../errors.ts';
import { ID_INDEX } from '../indexes.ts';
import { collectionsOf, refuseSystemWrite } from '../listing.ts';
import { compileQuery } from '../matcher.ts';
import {
  flag,
  onlyKnown,
  optionalDocument,
  optionalInteger,
  optionalText,
  type Request,
  refuseArguments,
} from '../request.ts';
import { compileValidator, parseAction, parseLevel } from '../validator.ts';
import { type Document, field, isTrue } from '../values.ts';
import { batchSizeOf } from './find.ts';
import { changeIndexExpiry } from './indexes.ts';
import { mayOnCollection, namespaceOf, parseFullName } from './namespace.ts';

const NOT_SIMULATED = ['viewOn', 'pipeline', 'timeseries', 'clusteredIndex', 'collation', 'encryptedFields', 'idIndex'];
const VALIDATION = ['validator', 'validationLevel', 'validationAction'];

function mayListCollections({ request, caller }: Context): boolean {
  const own = flag(request, 'authorizedCollections') && flag(request, 'nameOnly');
  return (own && mayAnythingIn(caller, request.db)) || caller.may('listCollections', databaseTarget(request.db));
}

function listCollections({ request, caller, sandbox }: Context): Document {
  onlyKnown(request, ['filter', 'nameOnly', 'authorizedCollections', 'cursor', 'includePendingDrops']);
  const nameOnly = flag(request, 'nameOnly');
  const authorizedOnly = flag(request, 'authorizedCollections');
  const matches = compileQuery(optionalDocument(request, 'filter') ?? {});
  const documents = collectionsOf(sandbox, request.db)
    .filter(
      ({ name }) => !authorizedOnly || mayAnythingOn(caller, collectionTarget({ db: request.db, collection: name })),
    )
    .map(({ name, options, uuid }) => {
      if (nameOnly) return { name, type: 'collection' };
      return { name, type: 'collection', options, info: { readOnly: false, uuid }, idIndex: ID_INDEX };
    })
    .filter(matches);
  const ns = { db: request.db, collection: '$cmd.listCollections' };
  const batchSize = batchSizeOf(optionalDocument(request, 'cursor'));
  return { cursor: sandbox.cursors.open(caller, { ns, documents }, batchSize) };
}

/** Creating a collection needs `createCollection` or `insert`; a capped one `convertToCapped` too. */
function mayCreate(context: Context): boolean {
  if (isTrue(field(context.request.body, 'capped')) && !mayOnCollection(context, 'convertToCapped')) return false;
  if (field(context.request.body, 'viewOn') !== undefined) return mayOnCollection(context, 'createCollection');
  return mayOnCollection(context, 'createCollection') || mayOnCollection(context, 'insert');
}

/** The collection's settings with what the command says about validation. */
function validationIn(request: Request, before: CollectionSettings, fill: boolean): CollectionSettings {
  if (VALIDATION.every((name) => field(request.body, name) === undefined)) return before;
  const level = optionalText(request, 'validationLevel');
  const action = optionalText(request, 'validationAction');
  const validationLevel = level === undefined ? before.validationLevel : parseLevel(level);
  const validationAction = action === undefined ? before.validationAction : parseAction(action);
  const given = optionalDocument(request, 'validator');
  // The server reads a new validator by the level and the action that it finds (`CollectionImpl::parseValidator`).
  if (given !== undefined)
    compileValidator(given, before.validationLevel ?? 'strict', before.validationAction ?? 'error');
  const document = given ?? before.validator?.document ?? {};
  const validator = compileValidator(document, validationLevel ?? 'strict', validationAction ?? 'error');
  // `create` keeps what was given; `collMod` writes all three (`CollectionImpl::setValidator`).
  return {
    options: before.options,
    ...(validator === undefined ? {} : { validator }),
    ...(validationLevel === undefined && !fill ? {} : { validationLevel: validationLevel ?? 'strict' }),
    ...(validationAction === undefined && !fill ? {} : { validationAction: validationAction ?? 'error' }),
  };
}

function create({ request, sandbox }: Context): Document {
  const { databases, version } = sandbox;
  refuseArguments(request, NOT_SIMULATED);
  onlyKnown(request, [
    'capped',
    'size',
    'max',
    'expireAfterSeconds',
    'changeStreamPreAndPostImages',
    ...VALIDATION,
    ...NOT_SIMULATED,
  ]);
  const ns = namespaceOf(request);
  refuseSystemWrite(ns);
  if (field(request.body, 'expireAfterSeconds') !== undefined) {
    throw commandError(
      'InvalidOptions',
      "'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified",
    );
  }
  const settings = validationIn(request, { options: cappedOptions(request) }, false);
  const present = databases.collection(ns);
  if (present !== undefined) return existing(version, present, settings, formatNamespace(ns));
  databases.create(ns, settings);
  return {};
}

/** The sandbox keeps the options of a capped collection, and evicts nothing. */
function cappedOptions(request: Request): Document {
  const capped = flag(request, 'capped');
  const size = optionalInteger(request, 'size');
  const max = optionalInteger(request, 'max');
  if (!capped) {
    if (size === undefined && max === undefined) return {};
    throw commandError('InvalidOptions', "the 'size' and 'max' fields are only for capped collections");
  }
  if (size === undefined) throw commandError('InvalidOptions', "the 'size' field is required when 'capped' is true");
  return { capped, size, ...(max === undefined ? {} : { max }) };
}

/** To create what is there already, with the same options, is no error from 7.0 on; with others it is. */
function existing(version: string, present: Collection, settings: CollectionSettings, name: string): Document {
  if (compareVersions(version, '7.0') < 0) {
    throw commandError('NamespaceExists', `Collection already exists. NS: ${name}`);
  }
  const same = equalValues(comparableSettings(present.settings), comparableSettings(settings));
  if (same) return {};
  throw commandError('NamespaceExists', `namespace ${name} already exists, but with different options`);
}

function comparableSettings({ options, validator, validationLevel, validationAction }: CollectionSettings): Document {
  return {
    options,
    validator: validator?.document ?? null,
    level: validationLevel ?? null,
    action: validationAction ?? null,
  };
}

function collMod(context: Context): Document {
  const { request, sandbox } = context;
  refuseArguments(request, NOT_SIMULATED);
  onlyKnown(request, ['index', ...VALIDATION, ...NOT_SIMULATED]);
  const ns = namespaceOf(request);
  refuseSystemWrite(ns);
  const collection = sandbox.databases.existing(ns);
  const index = optionalDocument(request, 'index');
  const changed = index === undefined ? {} : changeIndexExpiry(sandbox.version, collection, index);
  collection.settings = validationIn(request, collection.settings, true);
  return changed;
}

function drop({ request, sandbox: { databases, version } }: Context): Document {
  const ns = namespaceOf(request);
  refuseSystemWrite(ns);
  const indexes = databases.collection(ns)?.indexes() ?? [];
  if (databases.drop(ns)) return { nIndexesWas: indexes.length, ns: formatNamespace(ns) };
  // From 7.0 on it is no error to drop what does not exist.
  if (compareVersions(version, '7.0') >= 0) return {};
  throw commandError('NamespaceNotFound', 'ns not found');
}

function renameArguments({ body }: Request) {
  return {
    from: parseFullName(field(body, 'renameCollection'), 'renameCollection'),
    to: parseFullName(field(body, 'to'), 'to'),
    dropTarget: isTrue(field(body, 'dropTarget')),
  };
}

/** `checkAuthForRenameCollectionCommand`: within a database one action suffices, if nothing becomes readable by it. */
function mayRename({ request, caller }: Context): boolean {
  const { from, to, dropTarget } = renameArguments(request);
  const source = collectionTarget(from);
  const target = collectionTarget(to);
  const mayAll = (on: typeof source, actions: readonly string[]): boolean =>
    actions.every((action) => caller.may(action, on));
  const mayDropTarget = !dropTarget || caller.may('dropCollection', target);
  if (from.db === to.db && isNormalCollection(from) && isNormalCollection(to)) {
    const mayRenameHere = caller.may('renameCollectionSameDB', databaseTarget(from.db));
    const nothingRevealed = caller.may('find', source) || !caller.may('find', target);
    if (mayRenameHere && mayDropTarget && nothingRevealed) return true;
  }
  return mayAll(source, ['find', 'dropCollection']) && mayAll(target, ['insert', 'createIndex']) && mayDropTarget;
}

function renameCollection({ request, sandbox: { databases } }: Context): Document {
  const { from, to, dropTarget } = renameArguments(request);
  refuseSystemWrite(from);
  refuseSystemWrite(to);
  if (databases.collection(from) === undefined) {
    throw commandError('NamespaceNotFound', `Source collection ${formatNamespace(from)} does not exist`);
  }
  if (formatNamespace(from) === formatNamespace(to)) {
    throw commandError('IllegalOperation', "Can't rename a collection to itself");
  }
  if (databases.collection(to) !== undefined && !dropTarget) {
    throw commandError('NamespaceExists', 'target namespace exists');
  }
  databases.drop(to);
  databases.rename(from, to);
  return {};
}

export const COLLECTION_COMMANDS: readonly Command[] = [
  { name: 'listCollections', authorize: mayListCollections, run: listCollections },
  { name: 'create', authorize: mayCreate, run: create },
  { name: 'collMod', authorize: (context) => mayOnCollection(context, 'collMod'), run: collMod },
  { name: 'drop', authorize: (context) => mayOnCollection(context, 'dropCollection'), run: drop },
  { name: 'renameCollection', adminOnly: true, authorize: mayRename, run: renameCollection },
];
