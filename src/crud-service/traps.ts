/** What a definition says and the service does otherwise, or can't do at all. */
import type { DocumentPath } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';
import { bsonTypeOf, type DefinedField, encryptionOf, type Note, quoted, type Seal, UNTYPED } from './field.ts';
import { declarations, declaredOf, MIA, type Node, nodeOf, typeOf, unreadDeclarations } from './node.ts';

const DATES = new Set(['date-time', 'time', 'date', 'duration']);
/** Set by the service itself. */
const OWN_DATES = new Set(['createdAt', 'updatedAt']);

export function tellTraps({ node, path, place, segments }: DefinedField, seal: Seal, trap: Note): void {
  const at = encryptionOf(node, place);
  if (declaredOf(nodeOf(node[MIA]))?.searchable === true && seal.algorithm === 'random') {
    const message = `${quoted(path)} is not searchable, because the service reads "searchable" beside "type" only. Write "encryption" there`;
    trap('crud-service/searchable-ignored', [...at, 'searchable'], message, 'warning');
  }
  const type = typeOf(node);
  if (UNTYPED.has(type ?? '')) {
    const message = `${quoted(path)} is sealed without a BSON type, because the service has none for ${type}. The policy says ${seal.bsonType}`;
    trap('crud-service/no-type', at, message, 'warning');
  }
  if (node['nullable'] === true) {
    const message = `${quoted(path)} may be null by its definition, and null can't be sealed. MongoDB refuses the write. Leave the field out instead`;
    trap('crud-service/nullable', [...place, 'nullable'], message, 'warning');
  }
  if (path === '__STATE__' && segments.length === 1 && seal.algorithm === 'random') {
    const message = `"__STATE__" can't be read any more, because the service asks for it in every query. MongoDB's library refuses to compare what is sealed by random. Leave it in the clear`;
    trap('crud-service/state', at, message);
  }
  const stored = storedAs(node, segments.length === 1 && OWN_DATES.has(path));
  if (stored === undefined) return;
  const message = `${quoted(path)} can't be written. The service stores ${stored} there and seals it as ${seal.bsonType}, and MongoDB refuses another type. Leave it in the clear`;
  trap('crud-service/stored-type', at, message);
}

/** What the service stores, where that is not what it says in the map (its lib/QueryParser.js and QueryParser.utils.js). */
function storedAs(node: Node, ownDate: boolean): string | undefined {
  if (typeOf(node) === 'GeoPoint') return 'a document {type, coordinates}';
  if (typeOf(node) !== 'string' || !DATES.has(String(node['format']))) return undefined;
  // With a __mia_configuration the service does not look at the format, and stores the text.
  return ownDate || nodeOf(node[MIA]) === undefined ? 'a date' : undefined;
}

/** What says that it is sealed, and what the service overlooks. */
export function tellUnreached(source: SourceFile, fields: readonly DefinedField[], problem: Note, trap: Note): void {
  const sealed = fields.filter(({ seal }) => seal !== undefined).map(({ place }) => place);
  const known = new Map(fields.map((field) => [textOf(field.place), field]));
  for (const { field, at } of [...declarations(source.data, []), ...unreadDeclarations(source.data)]) {
    // What lies in a sealed document is told there.
    if (sealed.some((place) => place.every((part, index) => part === field[index]))) continue;
    const reached = known.get(textOf(field));
    // What has no type is told there.
    if (reached !== undefined && bsonTypeOf(reached.node) === undefined) continue;
    const what = reached === undefined ? 'this' : quoted(reached.path);
    if (field.some((part, index) => part === 'items' && field[index - 1] !== 'properties')) {
      const message = `${what} can't be sealed, because it lies in an array and MongoDB seals fields of documents only. Seal the whole array`;
      problem('encryption/in-array', at, message);
    } else {
      const message = `${what} is stored in the clear, although it says ${quoted(String(at.at(-1)))}. ${whyOverlooked(at, field, reached)}`;
      trap('crud-service/in-the-clear', at, message);
    }
  }
}

function whyOverlooked(at: DocumentPath, place: DocumentPath, reached: DefinedField | undefined): string {
  if (at.at(-1) === 'encryptionEnabled')
    return 'The service reads "encryption", and the Console this of a field itself';
  if (place.length === 0) return 'The service seals fields, not collections. Say it of each field';
  if (reached === undefined) return 'The service does not look there';
  if (reached.node['encryption'] === true) return 'The service reads {"enabled": true}';
  return bsonTypeOf(reached.node) === 'object'
    ? 'For a document the service reads it beside "type" only. Write it there'
    : `The service looks under "${MIA}" first, which says no`;
}

function textOf(place: DocumentPath): string {
  return place.join('\0');
}
