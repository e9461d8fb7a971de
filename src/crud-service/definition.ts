/** Collection definitions of Mia-Platform's CRUD Service, in both of its formats, read as that service reads them. */
import { readJson } from '../input/json.ts';
import type { DocumentPath, Problem } from '../policy/problem.ts';
import { parseSource, refusalProblems, type SourceFile } from '../policy/source.ts';
import { type FieldMap, fieldMap } from './field-map.ts';
import { type Node, nodeOf } from './node.ts';

export interface Definition {
  readonly source: SourceFile;
  /** The collection's name; the database is the one that the service is connected to. */
  readonly name: string;
  /** It describes a view, which has no data of its own. */
  readonly view: boolean;
  readonly map: FieldMap;
  readonly indexes: readonly DefinedIndex[];
}

/** An index that the service builds when it starts. */
export interface DefinedIndex {
  readonly name: string;
  readonly fields: readonly string[];
  /** `normal`, `hash`, `geo` or `text`. */
  readonly type: string;
  /** Only where it is greater than 0: the service leaves out what is not. */
  readonly expireAfterSeconds?: number;
  readonly place: DocumentPath;
}

export interface ReadDefinition {
  readonly file: string;
  readonly text: string;
  /** Absent: it can't be read far enough to tell what it defines. */
  readonly definition?: Definition;
  /** What makes it unreadable or impossible. */
  readonly problems: readonly Problem[];
}

/** JSON as that service reads it; a byte order mark is passed over. */
export function readDefinition(file: string, text: string): ReadDefinition {
  const { refusals } = readJson(text);
  if (refusals !== undefined) return { file, text, problems: refusalProblems(file, text, refusals) };
  const parsed = parseSource(file, text, BEGINS);
  if (!('source' in parsed)) return { file, text, problems: parsed.problems };
  const { source } = parsed;
  const data = nodeOf(source.data);
  const unfit = (place: DocumentPath, message: string): ReadDefinition => ({
    file,
    text,
    problems: [{ rule: 'crud-service/definition', severity: 'error', message, ...source.locate(place) }],
  });
  if (data === undefined) return unfit([], `this is no collection definition: ${BEGINS}`);
  const console = consoleForm(data);
  if (console !== undefined) return unfit(console.place, console.message);
  const { name } = data;
  if (typeof name !== 'string' || name === '') {
    return unfit(['name'], 'the definition does not say which collection it is about: add "name"');
  }
  if (!data['fields'] && nodeOf(data['schema']) === undefined && data['type'] !== 'view') {
    return unfit([], `the definition of "${name}" has neither "fields" nor "schema": it describes nothing`);
  }
  const map = fieldMap(source);
  const definition = { source, name, view: data['type'] === 'view', map, indexes: indexesOf(data['indexes']) };
  return { file, text, definition, problems: map.problems };
}

const BEGINS = 'a definition has "name" and "fields" or "schema"';

/**
 * The form in which Mia-Platform's Console keeps collections, each alone or all in `data.collections`. The service never
 * reads it: the Console makes definitions of it when it deploys.
 */
function consoleForm(data: Node): { readonly place: DocumentPath; readonly message: string } | undefined {
  const wrapper = nodeOf(data['data']) ?? data;
  const collections = nodeOf(wrapper['collections']);
  if (collections !== undefined) {
    const place = wrapper === data ? ['collections'] : ['data', 'collections'];
    return { place, message: `this is the Console's form of a folder of collections${DEPLOYED}` };
  }
  const fields = Array.isArray(data['fields']) ? data['fields'].map(nodeOf) : [];
  const at = fields.findIndex((field) => field !== undefined && CONSOLE_KEYS.some((key) => key in field));
  return at < 0
    ? undefined
    : { place: ['fields', at], message: `this is the Console's form of a collection${DEPLOYED}` };
}

const CONSOLE_KEYS = ['encryptionEnabled', 'encryptionSearchable'];

const DEPLOYED =
  ', in which the service seals nothing: give the folder that the Console deploys, COLLECTION_DEFINITION_FOLDER of the service';

/** `field` of geo and hash indexes, `fields` of the others. */
function indexesOf(written: unknown): readonly DefinedIndex[] {
  if (!Array.isArray(written)) return [];
  return written.flatMap((value, position): DefinedIndex[] => {
    const index = nodeOf(value);
    if (index === undefined) return [];
    const { name, type, field, fields, expireAfterSeconds } = index;
    const listed = Array.isArray(fields) ? fields.map((entry) => nodeOf(entry)?.['name']) : [field];
    const expires = typeof expireAfterSeconds === 'number' && expireAfterSeconds > 0;
    return [
      {
        name: typeof name === 'string' ? name : `${position}`,
        type: String(type),
        fields: listed.filter((entry) => typeof entry === 'string'),
        ...(expires && { expireAfterSeconds }),
        place: ['indexes', position],
      },
    ];
  });
}
