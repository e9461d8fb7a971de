/** Databases and their collections. */
import { databaseNameProblem, formatNamespace, type Namespace } from '../model/names.ts';
import { compareText, sortedBy } from '../model/order.ts';
import { Collection, type CollectionSettings } from './collection.ts';
import { commandError } from './errors.ts';

interface NamedCollection {
  readonly name: string;
  readonly collection: Collection;
}

export class Databases {
  readonly #databases = new Map<string, Map<string, Collection>>();

  /** Databases exist as long as they have a collection. */
  names(): readonly string[] {
    return [...this.#databases.keys()].sort(compareText);
  }

  collections(db: string): readonly NamedCollection[] {
    const entries = [...(this.#databases.get(db) ?? [])].map(([name, collection]) => ({ name, collection }));
    return sortedBy(entries, (entry) => entry.name);
  }

  collection(ns: Namespace): Collection | undefined {
    return this.#databases.get(ns.db)?.get(ns.collection);
  }

  /** The collection, or the server's error for one that does not exist. */
  existing(ns: Namespace): Collection {
    const found = this.collection(ns);
    if (found === undefined) throw commandError('NamespaceNotFound', `ns does not exist: ${formatNamespace(ns)}`);
    return found;
  }

  create(ns: Namespace, settings?: CollectionSettings): Collection {
    checkWritable(ns);
    const collection = new Collection(settings);
    this.#put(ns, collection);
    return collection;
  }

  /** The collection; made if it does not exist yet, as writes do. */
  ensure(ns: Namespace): Collection {
    return this.collection(ns) ?? this.create(ns);
  }

  drop(ns: Namespace): boolean {
    const collections = this.#databases.get(ns.db);
    const dropped = collections?.delete(ns.collection) === true;
    if (collections?.size === 0) this.#databases.delete(ns.db);
    return dropped;
  }

  dropDatabase(db: string): boolean {
    return this.#databases.delete(db);
  }

  rename(from: Namespace, to: Namespace): void {
    checkWritable(to);
    const collection = this.existing(from);
    this.drop(from);
    this.#put(to, collection);
  }

  #put(ns: Namespace, collection: Collection): void {
    const collections = this.#databases.get(ns.db) ?? new Map<string, Collection>();
    collections.set(ns.collection, collection);
    this.#databases.set(ns.db, collections);
  }
}

/** Throws if the namespace's parts are no names. */
export function checkNamespace({ db, collection }: Namespace): void {
  if (databaseNameProblem(db) !== undefined) throw commandError('InvalidNamespace', `Invalid database name: '${db}'`);
  const invalid = collection === '' || collection.startsWith('.') || /[$\0]/.test(collection);
  if (invalid) throw commandError('InvalidNamespace', `Invalid collection name: ${collection}`);
}

/** The server's own collections are not made by clients, but for these. */
const SYSTEM_COLLECTIONS: readonly string[] = ['system.js', 'system.profile', 'system.sessions'];

function checkWritable(ns: Namespace): void {
  checkNamespace(ns);
  if (ns.collection.startsWith('system.') && !SYSTEM_COLLECTIONS.includes(ns.collection)) {
    throw commandError('InvalidNamespace', `Invalid system namespace: ${formatNamespace(ns)}`);
  }
}
