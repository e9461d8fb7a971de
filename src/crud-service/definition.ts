/** Collection definitions of Mia-Platform's CRUD Service, in both of its formats and the Console's, read as that service reads them. */
import { readJson } from '../input/json.ts';
import type { DocumentPath, Problem } from '../policy/problem.ts';
import { parseSource, refusalProblems, type SourceFile } from '../policy/source.ts';
import { type ConsoleCollection, consoleCollections } from './console-form.ts';
import { type FieldMap, fieldMap } from './field-map.ts';
import { nodeOf } from './node.ts';

export interface Definition {
  readonly source: SourceFile;
  /** The collection's name; the database is the one that the service is connected to. */
  readonly name: string;
  /** It describes a view, which has no data of its own. */
  readonly view: boolean;
  readonly map: FieldMap;
  readonly indexes: readonly DefinedIndex[];
  /** Where the file has it in the Console's form. */
  readonly console?: ConsoleCollection;
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

export interface ReadDefinitions {
  readonly file: string;
  readonly text: string;
  /** One; several in the Console's form. None: it can't be read far enough to tell what it defines. */
  readonly definitions: readonly Definition[];
  /** What makes it unreadable or impossible. */
  readonly problems: readonly Problem[];
}

/** JSON as that service reads it; a byte order mark is passed over. */
export function readDefinitions(file: string, text: string): ReadDefinitions {
  const { refusals } = readJson(text);
  if (refusals !== undefined) return { file, text, definitions: [], problems: refusalProblems(file, text, refusals) };
  const parsed = parseSource(file, text, BEGINS);
  if (!('source' in parsed)) return { file, text, definitions: [], problems: parsed.problems };
  const { source } = parsed;
  if (nodeOf(source.data) === undefined) {
    return {
      file,
      text,
      definitions: [],
      problems: [unfit(source, [], `this is no collection definition: ${BEGINS}`)],
    };
  }
  const collections = consoleCollections(source);
  const read = collections?.map(readCollection) ?? [readOne(source)];
  return {
    file,
    text,
    definitions: read.flatMap(({ definition }) => definition ?? []),
    problems: read.flatMap(({ problems }) => problems),
  };
}

interface ReadOne {
  readonly definition?: Definition;
  readonly problems: readonly Problem[];
}

function readCollection(collection: ConsoleCollection): ReadOne {
  const { definition, problems } = readOne(collection.source);
  const twice = collection.contradictory.map((place) =>
    unfit(collection.source, place, 'the field and its schema say different things of "encryption". Say it once'),
  );
  return {
    ...(definition && { definition: { ...definition, console: collection } }),
    problems: [...problems, ...twice],
  };
}

function readOne(source: SourceFile): ReadOne {
  const data = nodeOf(source.data) ?? {};
  const { name } = data;
  if (typeof name !== 'string' || name === '') {
    const message = 'the definition does not say which collection it is about. Add "name"';
    return { problems: [unfit(source, ['name'], message)] };
  }
  if (!data['fields'] && nodeOf(data['schema']) === undefined && data['type'] !== 'view') {
    const message = `the definition of "${name}" describes nothing, because it has neither "fields" nor "schema"`;
    return { problems: [unfit(source, [], message)] };
  }
  const map = fieldMap(source);
  const definition = { source, name, view: data['type'] === 'view', map, indexes: indexesOf(data['indexes']) };
  return { definition, problems: map.problems };
}

function unfit(source: SourceFile, place: DocumentPath, message: string): Problem {
  return { rule: 'crud-service/definition', severity: 'error', message, ...source.locate(place) };
}

const BEGINS = 'a definition has "name" and "fields" or "schema"';

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
