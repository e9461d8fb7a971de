/** What there is to list and read: stored collections, and those of `admin` that are made from users and roles. */
import { UUID } from 'bson';
import type { Namespace } from '../model/names.ts';
import { compareText, sortedBy, sortedSet } from '../model/order.ts';
import { releaseLine } from '../model/version.ts';
import { accountDocument, roleDocument } from './accounts.ts';
import type { CollectionSettings } from './collection.ts';
import type { Sandboxed } from './command-definition.ts';
import { commandError, notSimulated } from './errors.ts';
import { ID_INDEX, type IndexSpec } from './indexes.ts';
import type { Document } from './values.ts';

interface ListedCollection {
  readonly name: string;
  readonly options: Document;
  readonly indexes: readonly IndexSpec[];
  readonly uuid: UUID;
}

/** A collection of the server's own, whose documents are the accounts. */
interface SystemCollection {
  readonly indexes: readonly IndexSpec[];
  readonly uuid: UUID;
  documents(sandbox: Sandboxed): readonly Document[];
}

const SYSTEM_COLLECTIONS: ReadonlyMap<string, SystemCollection> = new Map([
  [
    'system.roles',
    {
      indexes: [ID_INDEX, { v: 2, key: { role: 1, db: 1 }, name: 'role_1_db_1', unique: true }],
      uuid: new UUID(),
      documents: ({ accounts }: Sandboxed) => accounts.customRoles().map(roleDocument),
    },
  ],
  [
    'system.users',
    {
      indexes: [ID_INDEX, { v: 2, key: { user: 1, db: 1 }, name: 'user_1_db_1', unique: true }],
      uuid: new UUID(),
      documents: ({ accounts }: Sandboxed) => sortedBy(accounts.users().map(accountDocument), ({ _id }) => String(_id)),
    },
  ],
  [
    'system.version',
    {
      indexes: [ID_INDEX],
      uuid: new UUID(),
      documents: ({ version }: Sandboxed) => [
        { _id: 'featureCompatibilityVersion', version: releaseLine(version) },
        { _id: 'authSchema', currentVersion: 5 },
      ],
    },
  ],
]);

function systemCollection({ db, collection }: Namespace): SystemCollection | undefined {
  return db === 'admin' ? SYSTEM_COLLECTIONS.get(collection) : undefined;
}

export function databaseNames({ databases }: Sandboxed): readonly string[] {
  return sortedSet([...databases.names(), 'admin']);
}

export function collectionsOf(sandbox: Sandboxed, db: string): readonly ListedCollection[] {
  const stored = sandbox.databases.collections(db).map(({ name, collection }) => ({
    name,
    options: shownOptions(collection.settings),
    indexes: collection.indexes(),
    uuid: collection.uuid,
  }));
  if (db !== 'admin') return stored;
  const own = [...SYSTEM_COLLECTIONS]
    .filter(([, { documents }]) => documents(sandbox).length > 0)
    .map(([name, { indexes, uuid }]) => ({ name, options: {}, indexes, uuid }));
  return [...stored, ...own].sort((a, b) => compareText(a.name, b.name));
}

export function collectionNamed(sandbox: Sandboxed, ns: Namespace): ListedCollection {
  const found = collectionsOf(sandbox, ns.db).find(({ name }) => name === ns.collection);
  if (found === undefined) throw commandError('NamespaceNotFound', `ns does not exist: ${ns.db}.${ns.collection}`);
  return found;
}

/** Every document of a collection; none if it does not exist. */
export function documentsOf(sandbox: Sandboxed, ns: Namespace): readonly Document[] {
  return systemCollection(ns)?.documents(sandbox) ?? sandbox.databases.collection(ns)?.documents() ?? [];
}

/** Users and roles are changed by their commands only. */
export function refuseSystemWrite(ns: Namespace): void {
  if (systemCollection(ns) !== undefined) throw notSimulated(`writing to ${ns.db}.${ns.collection}`);
}

/** The options of a collection as `listCollections` shows them. */
function shownOptions({ options, validator, validationLevel, validationAction }: CollectionSettings): Document {
  return {
    ...options,
    ...(validator === undefined ? {} : { validator: validator.document }),
    ...(validationLevel === undefined ? {} : { validationLevel }),
    ...(validationAction === undefined ? {} : { validationAction }),
  };
}
