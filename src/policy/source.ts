/** One policy or configuration file: its data, and where in the text each part of it stands. */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { isDeep, MAX_DEPTH, mayBeDeep } from './depth.ts';
import { placesOf } from './places.ts';
import { type DocumentPath, jsonPointer, type Position, type Problem } from './problem.ts';

export interface SourceFile {
  /** As it was given, or relative to the working directory. */
  readonly file: string;
  readonly text: string;
  readonly data: unknown;
  /** Where the value at a path begins; for a key of a map that is named by `path`, where the key begins. */
  locate(path: DocumentPath): Position;
}

const POLICY_BEGINS = 'a policy begins with "apiVersion: mongoward/v1"';

function emptyFile(beginsWith: string): string {
  return `the file is empty: ${beginsWith}`;
}

/** The message about a file that says nothing. */
export const EMPTY_FILE = emptyFile(POLICY_BEGINS);

/** Larger than any policy that a person reviews; a larger file is most likely not a policy at all. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * Reads YAML 1.2 or JSON. Every syntax error is a problem with its position; without one there is a source.
 * `beginsWith` is what is said of an empty file.
 */
export function parseSource(file: string, text: string, beginsWith = POLICY_BEGINS): Parsed {
  const conflict = conflictLine(text);
  if (conflict !== undefined) {
    const message =
      'a merge conflict was left here: settle it, and take the lines with <<<<<<<, ======= and >>>>>>> out';
    return { problems: [{ rule: 'document/syntax', severity: 'error', message, file, ...conflict }] };
  }
  return mayBeDeep(text) && isDeep(text) ? { problems: [tooDeep(file)] } : parse(file, text, beginsWith);
}

type Parsed =
  | { readonly source: SourceFile; readonly problems: readonly [] }
  | { readonly problems: readonly Problem[] };

function tooDeep(file: string): Problem {
  const message = `lists and maps are nested more than ${MAX_DEPTH} levels deep: nothing here needs that`;
  return { rule: 'document/syntax', severity: 'error', message, file, line: 1, column: 1, path: '' };
}

const OPTIONS = { prettyErrors: false, stringKeys: true, uniqueKeys: false } as const;

/** The file with the range of every part, for whoever changes the text or reads its comments. Parsed anew: few files need it. */
export function documentOf({ text }: SourceFile): Document {
  return parseDocument(text, OPTIONS);
}

function parse(file: string, text: string, beginsWith: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines });
  const at = (offset: number, path = ''): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path };
  };
  const syntax = (offset: number, message: string): Problem => ({
    rule: 'document/syntax',
    severity: 'error',
    message,
    ...at(offset),
  });
  const places = placesOf(document);
  const broken = document.errors.map((error) => syntax(error.pos[0], syntaxMessage(error.code, error.message)));
  const repeated = places.repeated.map((offset) => syntax(offset, 'this key stands here twice: keep one'));
  if (broken.length + repeated.length > 0) return { problems: [...broken, ...repeated] };
  if (places.dangling.length > 0) {
    return { problems: places.dangling.map(({ offset, name }) => syntax(offset, aliasMessage(name))) };
  }
  if (document.contents === null) {
    return { problems: [syntax(0, emptyFile(beginsWith))] };
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { problems: [syntax(0, 'aliases (*name) expand to too much: write the repeated parts out')] };
  }
  return {
    source: { file, text, data, locate: (path) => at(places.offsetOf(path), jsonPointer(path)) },
    problems: [],
  };
}

/** Where Git, Mercurial or Subversion marked a conflict. */
export function conflictLine(
  text: string,
): { readonly line: number; readonly column: number; readonly path: string } | undefined {
  const marker = /^(?:<{7}|>{7})(?: |\r?$)/m.exec(text);
  if (marker === null) return undefined;
  return { line: text.slice(0, marker.index).split('\n').length, column: 1, path: '' };
}

function syntaxMessage(code: string, message: string): string {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'the file holds several YAML documents: put each into a file of its own';
    case 'NON_STRING_KEY':
      return 'this key is not a text: quote it';
    default:
      if (message.startsWith('Alias cannot be'))
        return 'an asterisk without quotes begins a YAML alias: quote it as "*"';
      return `not valid YAML: ${message}`;
  }
}

function aliasMessage(name: string): string {
  return `"*${name}" without quotes is a YAML alias, and there is no anchor "&${name}": quote it as "*${name}"`;
}
