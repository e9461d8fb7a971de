/**
 * What the CRUD Service seals by a definition: its lib/mongo/mongo-schemaMap-generator.js (read in version 7.2.5), what it
 * overlooks included. Of the two places where `encryption` may stand it asks both whether a field is sealed, and only the
 * one beside `type` whether a document is and by which algorithm.
 */
import { originalTypes, sealable } from '../encryption/bson-type.ts';
import { pathProblem } from '../encryption/field.ts';
import type { EncryptedFieldEntry } from '../generated/policy.ts';
import type { DocumentPath, Problem, Severity } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';
import { declaredOf, MIA, type Node, nodeOf, typeOf } from './node.ts';

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

export interface FieldMap {
  readonly fields: readonly DefinedField[];
  /** What MongoDB or the service itself refuses: there is no field map then. */
  readonly problems: readonly Problem[];
  /** What works otherwise than it reads. */
  readonly traps: readonly Problem[];
}

const TYPES: ReadonlyMap<string, BsonType> = new Map([
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
const UNTYPED: ReadonlyMap<string, BsonType> = new Map([
  ['array', 'array'],
  ['integer', 'number'],
]);

/** What a field of this type is sealed as; nothing for a type that the service does not know. */
export function bsonTypeOf(field: Node): BsonType | undefined {
  const type = typeOf(field) ?? '';
  return TYPES.get(type) ?? UNTYPED.get(type);
}

/** By their type the service refuses them with `searchable`, whatever else is said. */
const UNSEARCHABLE = new Set(['boolean', 'Array', 'GeoPoint', 'RawObject', 'object']);

export function isSearchable(field: Node): boolean {
  return !UNSEARCHABLE.has(typeOf(field) ?? '');
}

/** Whether the service looks at what a field contains, unless it seals the whole. */
function isContainer(field: Node): boolean {
  const { type } = field;
  return (type === 'object' || type === 'RawObject') && !nodeOf(field[MIA])?.['type'];
}

/** What goes through a definition takes along. */
interface Walk {
  readonly fields: DefinedField[];
  readonly problem: Note;
  readonly trap: Note;
}

type Note = (rule: string, place: DocumentPath, message: string, severity?: Severity) => void;

export function fieldMap(source: SourceFile): FieldMap {
  const problems: Problem[] = [];
  const traps: Problem[] = [];
  const noteIn =
    (list: Problem[]): Note =>
    (rule, place, message, severity = 'error') =>
      void list.push({ rule, severity, message, ...source.locate(place) });
  const walk: Walk = { fields: [], problem: noteIn(problems), trap: noteIn(traps) };
  for (const { name, node, place } of topLevel(nodeOf(source.data) ?? {}, walk.problem)) {
    visit(walk, { segments: [name], path: name, place, node });
  }
  tellUnreached(source, walk);
  return { fields: walk.fields, problems, traps };
}

function visit(walk: Walk, entry: DefinedField): void {
  const { node, path, place } = entry;
  if (!isLookedAt(node)) {
    walk.fields.push(entry);
    return;
  }
  const searched = [declaredOf(nodeOf(node[MIA])), declaredOf(node)].some((each) => each?.searchable === true);
  if (searched && !isSearchable(node)) {
    const message = `${quoted(path)} can't be searchable: MongoDB's library refuses deterministic encryption of ${typeOf(node)}, and the service does not start with it; set "searchable" to false`;
    walk.problem('encryption/deterministic-type', encryptionOf(node, place), message);
  }
  const bsonType = bsonTypeOf(node);
  if (bsonType === 'object' && declaredOf(node)?.enabled !== true) {
    walk.fields.push(entry);
    visitContained(walk, entry);
  } else if (bsonType === undefined) {
    walk.fields.push(entry);
    const type = typeOf(node);
    const what = type === undefined ? 'has no type' : `is of type ${quoted(type)}`;
    const message = `${quoted(path)} ${what}, for which the service names no BSON type: give it one that the service knows`;
    walk.problem('crud-service/no-type', encryptionOf(node, place), message);
  } else {
    visitSealed(walk, entry, bsonType);
  }
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

function visitContained(walk: Walk, { node, segments, place }: DefinedField): void {
  const inside = containedIn(node, place);
  if (inside === undefined) return;
  for (const [name, value] of Object.entries(inside.properties)) {
    const child = nodeOf(value);
    const below = [...segments, name];
    if (child === undefined) continue;
    visit(walk, { segments: below, path: below.join('.'), place: [...inside.place, name], node: child });
  }
}

function visitSealed(walk: Walk, entry: DefinedField, bsonType: BsonType): void {
  const { node, path, segments, place } = entry;
  const seal: Seal = { bsonType, algorithm: declaredOf(node)?.searchable === true ? 'deterministic' : 'random' };
  walk.fields.push({ ...entry, seal });
  const wrong = wrongName(segments, path, seal);
  if (wrong !== undefined) walk.problem(wrong.rule, place, wrong.message);
  if (seal.algorithm === 'deterministic' && isSearchable(node)) judgeDeterministic(entry, seal, walk.problem);
  if (bsonType === 'object') refuseInner(entry, walk.problem);
  tellTraps(entry, seal, walk.trap);
}

interface TopField {
  readonly name: string;
  readonly node: Node;
  readonly place: DocumentPath;
}

/** `fields` counts where a definition has both. */
function topLevel(data: Node, problem: Note): readonly TopField[] {
  const { fields } = data;
  if (!fields) {
    const inside = containedIn(data, []);
    return Object.entries(inside?.properties ?? {}).flatMap(([name, value]) => {
      const node = nodeOf(value);
      return node === undefined ? [] : [{ name, node, place: [...(inside?.place ?? []), name] }];
    });
  }
  if (!Array.isArray(fields)) {
    problem('crud-service/definition', ['fields'], '"fields" is not a list: write [{"name": …, "type": …}, …]');
    return [];
  }
  const named = new Map<string, TopField>();
  for (const [index, value] of fields.entries()) {
    const node = nodeOf(value);
    const name = node?.['name'];
    const place = ['fields', index];
    if (node === undefined || typeof name !== 'string') {
      problem('crud-service/definition', place, 'a field needs a name: write {"name": …, "type": …}');
    } else {
      // Of two fields of one name the last one counts.
      named.set(name, { name, node, place });
    }
  }
  return [...named.values()];
}

/** Where the fields of a document stand: `schema.properties`, else `properties`. */
function containedIn(
  node: Node,
  place: DocumentPath,
): { readonly properties: Node; readonly place: DocumentPath } | undefined {
  const inSchema = nodeOf(nodeOf(node['schema'])?.['properties']);
  if (inSchema !== undefined) return { properties: inSchema, place: [...place, 'schema', 'properties'] };
  const own = nodeOf(node['properties']);
  return own && { properties: own, place: [...place, 'properties'] };
}

/** The place of the `encryption` that a person wrote. */
function encryptionOf(node: Node, place: DocumentPath): DocumentPath {
  return declaredOf(nodeOf(node[MIA])) === undefined ? [...place, 'encryption'] : [...place, MIA, 'encryption'];
}

function wrongName(
  segments: readonly string[],
  path: string,
  seal: Seal,
): { readonly rule: string; readonly message: string } | undefined {
  const dotted = segments.find((segment) => segment.includes('.'));
  if (dotted !== undefined) {
    const message = `${quoted(dotted)} can't be sealed: in MongoDB's paths a dot separates the names of fields; describe the document that contains it`;
    return { rule: 'encryption/field-path', message };
  }
  if (segments.includes('__proto__')) {
    return {
      rule: 'encryption/field-path',
      message: `${quoted(path)} can't be sealed: "__proto__" gets lost in the service`,
    };
  }
  if (path === '_id' && seal.algorithm === 'random') {
    const message =
      '"_id" can\'t be sealed by random: MongoDB\'s library refuses that, because an _id must be comparable';
    return { rule: 'encryption/id', message };
  }
  return pathProblem(path);
}

function judgeDeterministic({ node, path, place }: DefinedField, { bsonType }: Seal, problem: Note): void {
  const type = typeOf(node);
  const untyped = TYPES.get(type ?? '') === undefined;
  if (!untyped && originalTypes(bsonType).every((original) => sealable(original).deterministic)) return;
  const why = untyped
    ? `the service names no BSON type for ${type}, and MongoDB demands one with deterministic`
    : `MongoDB's library refuses deterministic ${bsonType}, and the service lets it pass`;
  const message = `${quoted(path)} can't be searchable: ${why}; set "searchable" to false, or store it as a string`;
  problem('encryption/deterministic-type', [...place, 'encryption', 'searchable'], message);
}

/** The service goes through everything in a sealed document, lists included. */
function refuseInner({ node, path, place }: DefinedField, problem: Note): void {
  for (const { field, at } of declarations(node, place)) {
    if (at.length === place.length + 1) continue;
    const message =
      field.length === place.length
        ? `${quoted(path)} says "encryption" twice, and the service does not start with it: keep the one beside "type"`
        : `what lies in ${quoted(path)} can't be sealed again, because that is sealed as a whole: keep one of the two`;
    problem('encryption/nested', at, message);
  }
}

const DATES = new Set(['date-time', 'time', 'date', 'duration']);
/** Set by the service itself. */
const OWN_DATES = new Set(['createdAt', 'updatedAt']);

function tellTraps({ node, path, place, segments }: DefinedField, seal: Seal, trap: Note): void {
  const at = encryptionOf(node, place);
  if (declaredOf(nodeOf(node[MIA]))?.searchable === true && seal.algorithm === 'random') {
    const message = `${quoted(path)} is not searchable: the service seals it by random, because it reads "searchable" beside "type" only; write "encryption" there`;
    trap('crud-service/searchable-ignored', [...at, 'searchable'], message, 'warning');
  }
  const type = typeOf(node);
  if (UNTYPED.has(type ?? '')) {
    const message = `${quoted(path)} is sealed without a BSON type, because the service has none for ${type}; the policy says ${seal.bsonType}`;
    trap('crud-service/no-type', at, message, 'warning');
  }
  if (node['nullable'] === true) {
    const message = `${quoted(path)} may be null by its definition, and null can't be sealed: MongoDB refuses the write; leave the field out instead`;
    trap('crud-service/nullable', [...place, 'nullable'], message, 'warning');
  }
  const stored = storedAs(node, segments.length === 1 && OWN_DATES.has(path));
  if (stored === undefined) return;
  const message = `${quoted(path)} can't be written: the service stores ${stored} there and seals it as ${seal.bsonType}, and MongoDB refuses what is of another type; leave it in the clear`;
  trap('crud-service/stored-type', at, message);
}

/** What the service stores, where that is not what it says in the map (its lib/QueryParser.js and QueryParser.utils.js). */
function storedAs(node: Node, ownDate: boolean): string | undefined {
  if (typeOf(node) === 'GeoPoint') return 'a document {type, coordinates}';
  if (typeOf(node) !== 'string' || !DATES.has(String(node['format']))) return undefined;
  // With a __mia_configuration the service does not look at the format, and stores the text.
  return ownDate || nodeOf(node[MIA]) === undefined ? 'a date' : undefined;
}

interface Declaration {
  /** The field's place. */
  readonly field: DocumentPath;
  /** The place of its `encryption`. */
  readonly at: DocumentPath;
}

/** Everything under a node that says `encryption: {enabled: true}`, itself included, wherever it stands. */
function declarations(value: unknown, place: DocumentPath): readonly Declaration[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => declarations(item, [...place, index]));
  const node = nodeOf(value);
  if (node === undefined) return [];
  const own = declaredOf(node)?.enabled === true;
  const field = place.at(-1) === MIA ? place.slice(0, -1) : place;
  return [
    ...(own ? [{ field, at: [...place, 'encryption'] }] : []),
    ...Object.entries(node).flatMap(([key, inner]) => declarations(inner, [...place, key])),
  ];
}

/** What says that it is sealed, and what the service overlooks. */
function tellUnreached(source: SourceFile, { fields, problem, trap }: Walk): void {
  const sealed = fields.filter(({ seal }) => seal !== undefined).map(({ place }) => place);
  const known = new Map(fields.map((field) => [textOf(field.place), field]));
  for (const { field, at } of declarations(source.data, [])) {
    // What lies in a sealed document is told there.
    if (sealed.some((place) => place.every((part, index) => part === field[index]))) continue;
    const reached = known.get(textOf(field));
    // What has no type is told there.
    if (reached !== undefined && bsonTypeOf(reached.node) === undefined) continue;
    const what = reached === undefined ? 'this' : quoted(reached.path);
    if (field.some((part, index) => part === 'items' && field[index - 1] !== 'properties')) {
      const message = `${what} can't be sealed: it lies in an array, and MongoDB seals fields of documents only; seal the whole array`;
      problem('encryption/in-array', at, message);
    } else {
      const message = `${what} is stored in the clear, though it says "encryption": ${whyOverlooked(field, reached)}`;
      trap('crud-service/in-the-clear', at, message);
    }
  }
}

function whyOverlooked(place: DocumentPath, reached: DefinedField | undefined): string {
  if (place.length === 0) return 'the service seals fields, not collections; say it of each field';
  if (reached === undefined) return 'the service does not look there';
  return bsonTypeOf(reached.node) === 'object'
    ? 'for a document the service reads it beside "type" only; write it there'
    : `under "${MIA}" it says no, and the service asks there first`;
}

function textOf(place: DocumentPath): string {
  return place.join('\0');
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
