/** A field as a definition describes it, and the types by which the service seals. */
import type { EncryptedFieldEntry } from '../generated/policy.ts';
import type { DocumentPath, Severity } from '../policy/problem.ts';
import { declaredOf, MIA, type Node, nodeOf, typeOf, writtenType } from './node.ts';

export type BsonType = EncryptedFieldEntry['bsonType'];

export interface Seal {
  readonly bsonType: BsonType;
  readonly algorithm: EncryptedFieldEntry['algorithm'];
}

/** A field that the service's map reaches, sealed or not. */
export interface DefinedField {
  /** Names of the fields from the document down. */
  readonly segments: readonly string[];
  /** The same with dots, as a policy writes it. */
  readonly path: string;
  /** Where its description stands in the definition. */
  readonly place: DocumentPath;
  readonly node: Node;
  /** What the service seals it as; absent: it stores it in the clear. */
  readonly seal?: Seal;
}

/** Notes what a person should know about a place. */
export type Note = (rule: string, place: DocumentPath, message: string, severity?: Severity) => void;

export const TYPES: ReadonlyMap<string, BsonType> = new Map([
  ['ObjectId', 'objectId'],
  ['Date', 'date'],
  ['Array', 'array'],
  ['GeoPoint', 'array'],
  ['RawObject', 'object'],
  ['object', 'object'],
  ['boolean', 'bool'],
  ['string', 'string'],
  ['number', 'number'],
]);

/** Types that the service has no BSON type for: it leaves it out of the map, which MongoDB takes with random. */
export const UNTYPED: ReadonlyMap<string, BsonType> = new Map([
  ['array', 'array'],
  ['integer', 'number'],
]);

/** What a field of this type is sealed as; nothing for a type that the service does not know. */
export function bsonTypeOf(field: Node): BsonType | undefined {
  const written = writtenType(field);
  // It looks the type up by its text, by which a list of one is that one.
  const type = typeof written === 'string' || Array.isArray(written) ? String(written) : '';
  return TYPES.get(type) ?? UNTYPED.get(type);
}

/** By their type the service refuses them with `searchable`, whatever else is said. */
const UNSEARCHABLE = new Set(['boolean', 'Array', 'GeoPoint', 'RawObject', 'object']);

export function isSearchable(field: Node): boolean {
  return !UNSEARCHABLE.has(typeOf(field) ?? '');
}

/** Whether the service looks at what a field contains, unless it seals the whole. */
export function isContainer(field: Node): boolean {
  const { type } = field;
  return (type === 'object' || type === 'RawObject') && !nodeOf(field[MIA])?.['type'];
}

/** The service asks under `__mia_configuration` first. */
function isDeclared(node: Node): boolean {
  const encryption = nodeOf(node[MIA])?.['encryption'] ?? node['encryption'];
  return Boolean(nodeOf(encryption)?.['enabled']);
}

/** What is neither declared nor may contain something the service passes over, whatever it says. */
export function isLookedAt(node: Node): boolean {
  return isDeclared(node) || isContainer(node);
}

/** The place of the `encryption` that a person wrote. */
export function encryptionOf(node: Node, place: DocumentPath): DocumentPath {
  return declaredOf(nodeOf(node[MIA])) === undefined ? [...place, 'encryption'] : [...place, MIA, 'encryption'];
}

export function quoted(text: string): string {
  return JSON.stringify(text);
}
