/** One collection: its documents in order of insertion, its indexes, its validator. */
import { randomUUID } from 'node:crypto';
import { calculateObjectSize, ObjectId, UUID } from 'bson';
import { formatNamespace, type Namespace } from '../model/names.ts';
import { keyText } from './compare.ts';
import { commandError } from './errors.ts';
import { ID_INDEX, type Index, type IndexSpec, indexKeys, isEnforced, makeIndex } from './indexes.ts';
import { valuesAt } from './path.ts';
import { shown } from './shown.ts';
import { checkDocument, type ValidationAction, type ValidationLevel, type Validator } from './validator.ts';
import { type Document, field, typeOf } from './values.ts';
import { MAX_DOCUMENT_SIZE } from './wire.ts';

/** What `listCollections` shows as options, and what the sandbox goes by. */
export interface CollectionSettings {
  /** As they were given, the validation ones excepted. */
  readonly options: Document;
  readonly validator?: Validator;
  /** Absent: not given; `strict` and `error` hold. */
  readonly validationLevel?: ValidationLevel;
  readonly validationAction?: ValidationAction;
}

export class Collection {
  readonly uuid = new UUID(randomUUID());
  settings: CollectionSettings;
  readonly #documents = new Map<string, Document>();
  readonly #indexes = new Map<string, Index>([[ID_INDEX.name, makeIndex(ID_INDEX)]]);

  constructor(settings: CollectionSettings = { options: {} }) {
    this.settings = settings;
  }

  /** A snapshot: changes made while walking through it do not show. */
  documents(): readonly Document[] {
    return [...this.#documents.values()];
  }

  get count(): number {
    return this.#documents.size;
  }

  indexes(): readonly IndexSpec[] {
    return [...this.#indexes.values()].map((index) => index.spec);
  }

  index(name: string): IndexSpec | undefined {
    return this.#indexes.get(name)?.spec;
  }

  /** Adds an index; existing documents must not have a unique one's key twice. */
  addIndex(ns: Namespace, spec: IndexSpec): void {
    const index = makeIndex(spec);
    if (isEnforced(spec)) {
      for (const [id, document] of this.#documents) enter(ns, index, id, document);
    }
    this.#indexes.set(spec.name, index);
  }

  /** Puts another specification in the place of an index of the same name and key. */
  changeIndex(spec: IndexSpec): void {
    const index = this.#indexes.get(spec.name);
    if (index !== undefined) this.#indexes.set(spec.name, { ...index, spec });
  }

  dropIndex(name: string): boolean {
    return name !== ID_INDEX.name && this.#indexes.delete(name);
  }

  /** Stores a new document; one without `_id` gets one. Gives it as it is stored. */
  insert(ns: Namespace, document: Document, validate: boolean): Document {
    const stored = Object.hasOwn(document, '_id')
      ? { _id: document._id, ...document }
      : { _id: new ObjectId(), ...document };
    checkStorable(stored);
    if (validate) this.#check(stored);
    const id = keyText(stored._id);
    this.#enterAll(ns, id, stored);
    this.#documents.set(id, stored);
    return stored;
  }

  /** Puts a document in the place of another with the same `_id`. */
  replace(ns: Namespace, before: Document, after: Document, validate: boolean): void {
    checkStorable(after);
    if (validate) this.#check(after, before);
    const id = keyText(before._id);
    this.#leaveAll(id, before);
    try {
      this.#enterAll(ns, id, after);
    } catch (error) {
      this.#enterAll(ns, id, before);
      throw error;
    }
    this.#documents.set(id, after);
  }

  remove(document: Document): void {
    const id = keyText(document._id);
    this.#leaveAll(id, document);
    this.#documents.delete(id);
  }

  #check(document: Document, before?: Document): void {
    const { validator, validationLevel: level = 'strict', validationAction: action = 'error' } = this.settings;
    checkDocument({ level, action, ...(validator === undefined ? {} : { validator }) }, document, before);
  }

  #enforced(): readonly Index[] {
    return [...this.#indexes.values()].filter((index) => isEnforced(index.spec));
  }

  #enterAll(ns: Namespace, id: string, document: Document): void {
    const entered: Index[] = [];
    try {
      for (const index of this.#enforced()) {
        enter(ns, index, id, document);
        entered.push(index);
      }
    } catch (error) {
      for (const index of entered) leave(index, id, document);
      throw error;
    }
  }

  #leaveAll(id: string, document: Document): void {
    for (const index of this.#enforced()) leave(index, id, document);
  }
}

function enter(ns: Namespace, index: Index, id: string, document: Document): void {
  const keys = indexKeys(index, document);
  for (const key of keys) {
    if (index.entries.has(key)) throw duplicate(ns, index.spec, document);
  }
  for (const key of keys) index.entries.set(key, id);
}

function leave(index: Index, id: string, document: Document): void {
  for (const key of indexKeys(index, document)) {
    if (index.entries.get(key) === id) index.entries.delete(key);
  }
}

function duplicate(ns: Namespace, { key, name }: IndexSpec, document: Document) {
  const keyValue = Object.fromEntries(
    Object.keys(key).map((path) => [path, valuesAt(document, path.split('.'))[0] ?? null]),
  );
  return commandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${formatNamespace(ns)} index: ${name} dup key: ${shown(keyValue)}`,
    { keyPattern: key, keyValue },
  );
}

function checkStorable(document: Document): void {
  const id = field(document, '_id');
  const type = typeOf(id);
  if (type === 'array' || type === 'regex' || type === 'undefined') {
    throw commandError('InvalidIdField', `The '_id' value cannot be of type ${type}`);
  }
  const size = calculateObjectSize(document);
  if (size > MAX_DOCUMENT_SIZE) {
    throw commandError(
      'BSONObjectTooLarge',
      `object to insert too large. size in bytes: ${size}, max size: ${MAX_DOCUMENT_SIZE}`,
    );
  }
}
