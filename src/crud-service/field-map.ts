/**
 * What the CRUD Service seals by a definition: its lib/mongo/mongo-schemaMap-generator.js (read in version 7.2.5), what it
 * overlooks included. Of the two places where `encryption` may stand it asks both whether a field is sealed, and only the
 * one beside `type` whether a document is and by which algorithm.
 */
import { originalTypes, sealable } from '../encryption/bson-type.ts';
import { pathProblem } from '../encryption/sealed-field.ts';
import type { DocumentPath, Problem } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';
import {
  type BsonType,
  bsonTypeOf,
  type DefinedField,
  encryptionOf,
  isLookedAt,
  isSearchable,
  type Note,
  quoted,
  type Seal,
  TYPES,
} from './field.ts';
import { declarations, declaredOf, MIA, type Node, nodeOf, typeOf, writtenType } from './node.ts';
import { tellTraps, tellUnreached } from './traps.ts';

export interface FieldMap {
  readonly fields: readonly DefinedField[];
  /** What MongoDB or the service itself refuses: there is no field map then. */
  readonly problems: readonly Problem[];
  /** What works otherwise than it reads. */
  readonly traps: readonly Problem[];
}

/** What goes through a definition takes along. */
interface Walk {
  readonly fields: DefinedField[];
  readonly problem: Note;
  readonly trap: Note;
}

export function fieldMap(source: SourceFile): FieldMap {
  const problems: Problem[] = [];
  const traps: Problem[] = [];
  const noteIn =
    (list: Problem[]): Note =>
    (rule, place, message, severity = 'error') =>
      void list.push({ rule, severity, message, ...source.locate(place) });
  const problem = noteIn(problems);
  const byName = new Map<string, { readonly fields: readonly DefinedField[]; readonly traps: readonly Problem[] }>();
  for (const { name, node, place } of topLevel(nodeOf(source.data) ?? {}, problem)) {
    const own: Problem[] = [];
    const walk: Walk = { fields: [], problem, trap: noteIn(own) };
    visit(walk, { segments: [name], path: name, place, node });
    // Of two fields of one name the last one counts that the service does not pass over.
    if (!byName.has(name) || isLookedAt(node)) byName.set(name, { fields: walk.fields, traps: own });
  }
  const fields = [...byName.values()].flatMap((found) => found.fields);
  traps.push(...[...byName.values()].flatMap((found) => found.traps));
  tellUnreached(source, fields, problem, noteIn(traps));
  return { fields, problems, traps };
}

function visit(walk: Walk, entry: DefinedField): void {
  const { node, path, place } = entry;
  if (!isLookedAt(node)) {
    walk.fields.push(entry);
    return;
  }
  if (node['encryption'] === null) {
    const message = `"encryption" of ${quoted(path)} is null, and the service does not start with it. Leave it out, or write {"enabled": …}`;
    walk.problem('crud-service/definition', [...place, 'encryption'], message);
  }
  const searched = [declaredOf(nodeOf(node[MIA])), declaredOf(node)].some((each) => each?.searchable === true);
  if (searched && !isSearchable(node)) {
    const message = `${quoted(path)} can't be searchable, because MongoDB's library refuses deterministic encryption of ${typeOf(node)}. The service does not start with it. Set "searchable" to false`;
    walk.problem('encryption/deterministic-type', encryptionOf(node, place), message);
  }
  const bsonType = bsonTypeOf(node);
  if (bsonType === 'object' && declaredOf(node)?.enabled !== true) {
    walk.fields.push(entry);
    visitContained(walk, entry);
  } else if (bsonType === undefined) {
    walk.fields.push(entry);
    const written = writtenType(node);
    const what = written === undefined ? 'has no type' : `is of type ${JSON.stringify(written)}`;
    const message = `${quoted(path)} ${what}, for which the service names no BSON type. Give it one that the service knows`;
    walk.problem('crud-service/no-type', encryptionOf(node, place), message);
  } else {
    visitSealed(walk, entry, bsonType);
  }
}

function visitContained(walk: Walk, { node, segments, place }: DefinedField): void {
  for (const child of containedIn(node, place, walk.problem)) {
    const below = [...segments, child.name];
    visit(walk, { segments: below, path: below.join('.'), place: child.place, node: child.node });
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

interface NamedField {
  readonly name: string;
  readonly node: Node;
  readonly place: DocumentPath;
}

/** `fields` counts where a definition has both. */
function topLevel(data: Node, problem: Note): readonly NamedField[] {
  const { fields } = data;
  if (!fields) return containedIn(data, [], problem);
  if (!Array.isArray(fields)) {
    problem('crud-service/definition', ['fields'], '"fields" is not a list. Write [{"name": …, "type": …}, …]');
    return [];
  }
  return fields.flatMap((value, index): readonly NamedField[] => {
    const node = nodeOf(value);
    const name = node?.['name'];
    const place = ['fields', index];
    if (node !== undefined && typeof name === 'string') return [{ name, node, place }];
    problem('crud-service/definition', place, 'a field needs a name. Write {"name": …, "type": …}');
    return [];
  });
}

/** The fields of a document: `schema.properties`, else `properties`. */
function containedIn(node: Node, place: DocumentPath, problem: Note): readonly NamedField[] {
  const inSchema = nodeOf(node['schema'])?.['properties'] ?? undefined;
  const written = inSchema === undefined ? node['properties'] : inSchema;
  const at = [...place, ...(inSchema === undefined ? [] : ['schema']), 'properties'];
  const refuse = (where: DocumentPath, message: string): void => problem('crud-service/definition', where, message);
  if (written === null) {
    refuse(at, '"properties" is null, and the service does not start with it. Leave it out, or write {}');
  } else if (Array.isArray(written) && written.length > 0) {
    refuse(at, '"properties" is a list, and the service takes positions for names. Write {"name": {"type": …}, …}');
  }
  return Object.entries(nodeOf(written) ?? {}).flatMap(([name, value]): readonly NamedField[] => {
    const field = nodeOf(value);
    if (field !== undefined) return [{ name, node: field, place: [...at, name] }];
    if (value === null) {
      refuse(
        [...at, name],
        `${quoted(name)} is null, and the service does not start with it. Take it out, or give it a type`,
      );
    }
    return [];
  });
}

function wrongName(
  segments: readonly string[],
  path: string,
  seal: Seal,
): { readonly rule: string; readonly message: string } | undefined {
  const dotted = segments.find((segment) => segment.includes('.'));
  if (dotted !== undefined) {
    const message = `${quoted(dotted)} can't be sealed, because a dot separates the names of fields in MongoDB's paths. Describe the document that contains it`;
    return { rule: 'encryption/field-path', message };
  }
  if (segments.includes('__proto__')) {
    return {
      rule: 'encryption/field-path',
      message: `${quoted(path)} can't be sealed, because "__proto__" gets lost in the service`,
    };
  }
  if (path === '_id' && seal.algorithm === 'random') {
    const message = '"_id" can\'t be sealed by random, because an _id must be comparable';
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
  const message = `${quoted(path)} can't be searchable, because ${why}. Set "searchable" to false, or store it as a string`;
  problem('encryption/deterministic-type', [...place, 'encryption', 'searchable'], message);
}

/** The service goes through everything in a sealed document, lists included. */
function refuseInner({ node, path, place }: DefinedField, problem: Note): void {
  for (const { field, at } of declarations(node, place)) {
    if (at.length === place.length + 1) continue;
    const message =
      field.length === place.length
        ? `${quoted(path)} says "encryption" twice, and the service does not start with it. Keep the one beside "type"`
        : `what lies in ${quoted(path)} can't be sealed again, because that is sealed as a whole. Keep one of the two`;
    problem('encryption/nested', at, message);
  }
}
