/**
 * The form in which Mia-Platform's Console keeps collections, read as the definitions that it makes of them. The service
 * never reads it. Its fields stand in mia-platform/console-sdk, packages/console-types/src/types/collections.ts (0.39.4).
 */
import type { DocumentPath } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';
import type { MemberEdit } from './json-edit.ts';
import { declaredOf, type Node, nodeOf } from './node.ts';

export interface ConsoleCollection {
  /** Where it stands in the file. */
  readonly at: DocumentPath;
  /** As a definition of the service: its data, and places of the file. */
  readonly source: SourceFile;
  /** Its fields as they are written. */
  readonly written: readonly unknown[];
  /** Fields whose schema says something else of "encryption" than the field itself. */
  readonly contradictory: readonly DocumentPath[];
}

/**
 * The collections of a file in the Console's form: one alone, or all in `collections`, which may stand in `data`. Nothing
 * if it is not in that form.
 */
export function consoleCollections(source: SourceFile): readonly ConsoleCollection[] | undefined {
  const data = nodeOf(source.data) ?? {};
  const wrapper = nodeOf(data['data']);
  const [holder, prefix] = wrapper?.['collections'] === undefined ? [data, []] : [wrapper, ['data']];
  const collections = nodeOf(holder['collections']);
  if (collections === undefined) return isOne(data) ? [readOne(source, data, [])] : undefined;
  return Object.entries(collections).map(([id, value]) => {
    return readOne(source, { name: id, ...nodeOf(value) }, [...prefix, 'collections', id]);
  });
}

const ENABLED = 'encryptionEnabled';
const SEARCHABLE = 'encryptionSearchable';

/** A definition of the service has none of these. */
function isOne(data: Node): boolean {
  if ('internalEndpoints' in data || (data['name'] === undefined && data['type'] === 'collection')) return true;
  return fieldsOf(data).some((field) => ENABLED in field || SEARCHABLE in field || arrayOf(field) !== undefined);
}

function fieldsOf({ fields }: Node): readonly Node[] {
  const list: readonly unknown[] = Array.isArray(fields) ? fields : [];
  return list.flatMap((field): readonly Node[] => [nodeOf(field) ?? {}]);
}

/** `string` of a field of type `Array_string`. */
function arrayOf({ type }: Node): string | undefined {
  return typeof type === 'string' && type.startsWith('Array_') ? type.slice('Array_'.length) : undefined;
}

function readOne(source: SourceFile, data: Node, at: DocumentPath): ConsoleCollection {
  const { fields } = data;
  const list: readonly unknown[] = Array.isArray(fields) ? fields : [];
  return {
    at,
    written: list,
    source: {
      ...source,
      data: {
        ...data,
        name: data['name'] ?? data['defaultName'] ?? data['id'],
        fields: Array.isArray(fields) ? list.map(definedField) : fields,
      },
      locate: (path) => source.locate([...at, ...placeInConsole(path)]),
    },
    contradictory: list.flatMap((field, index) => (contradicts(nodeOf(field)) ? [['fields', index, 'schema']] : [])),
  };
}

/** The field as the service's own format has it. What is no field is left as it is. */
function definedField(value: unknown): unknown {
  const field = nodeOf(value);
  if (field === undefined) return value;
  const { [ENABLED]: enabled, [SEARCHABLE]: searchable, schema, ...rest } = field;
  const { encryption: _, ...inner } = nodeOf(schema) ?? {};
  const own = schema === undefined ? {} : { schema: inner };
  const of = arrayOf(field);
  const seal = saysSeal(field) ?? { enabled: Boolean(enabled), searchable: Boolean(searchable) };
  return {
    ...rest,
    ...(of === undefined ? own : { type: 'Array', items: { type: of, ...own } }),
    ...((seal.enabled || ENABLED in field) && { encryption: seal }),
  };
}

/** A document may say it in its schema alone. */
function saysSeal(field: Node): ReturnType<typeof declaredOf> {
  return ENABLED in field ? undefined : declaredOf(nodeOf(field['schema']));
}

function contradicts(field: Node | undefined): boolean {
  if (field === undefined || !(ENABLED in field)) return false;
  const inner = declaredOf(nodeOf(field['schema']));
  if (inner === undefined) return false;
  return inner.enabled !== Boolean(field[ENABLED]) || inner.searchable !== Boolean(field[SEARCHABLE]);
}

/** A place of the definition as a place of the Console's collection. */
function placeInConsole(path: DocumentPath): DocumentPath {
  const [first, index, key, ...below] = path;
  if (first !== 'fields' || index === undefined || key === undefined) return path;
  if (key === 'encryption') return [first, index, below[0] === 'searchable' ? SEARCHABLE : ENABLED];
  // What a list holds stands at the field itself.
  return [first, index, ...(key === 'items' ? below : [key, ...below])];
}

/** Edits of a definition's `encryption` as edits of the collection in the file. */
export function consoleEdits({ at, written }: ConsoleCollection, edits: readonly MemberEdit[]): readonly MemberEdit[] {
  return edits.flatMap(({ object, members }): readonly MemberEdit[] => {
    const [first, index, , ...below] = object;
    if (first !== 'fields' || typeof index !== 'number' || below.length > 0)
      return [{ object: [...at, ...object], members }];
    const said = members.flatMap(([name, value]) =>
      name === 'encryption' ? Object.entries(Object(value)) : [[name, value] as const],
    );
    const place = [...at, first, index];
    const inSchema = declaredOf(nodeOf(nodeOf(written[index])?.['schema'])) !== undefined;
    return [
      {
        object: place,
        members: said.map(([name, value]) => [name === 'enabled' ? ENABLED : SEARCHABLE, value] as const),
      },
      ...(inSchema ? [{ object: [...place, 'schema', 'encryption'], members: said }] : []),
    ];
  });
}
