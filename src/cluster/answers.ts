/** What a server answers is input like any other: whatever is connected to may be no MongoDB, or not a faithful one. */
import type { Document } from 'mongodb';
import { Failure } from '../failure.ts';
import { toExtendedJson } from '../state/extended-json.ts';
import { shapeProblem } from '../state/shape.ts';

/** The list of documents below `key` in the answer to a command. Throws a Failure if there is none. */
export function documentsIn(answer: Document, key: string, command: string): readonly Document[] {
  const list: unknown = answer[key];
  if (Array.isArray(list) && list.every(isDocument)) return list;
  throw strange(command, `${key} is no list of documents`);
}

/** The same of an answer that was asked for with `fieldsAsRaw`: each document as its bytes. */
export function rawDocumentsIn(answer: Document, key: string, command: string): readonly Uint8Array[] {
  const list: unknown = answer[key];
  if (Array.isArray(list) && list.every((each) => each instanceof Uint8Array)) return list;
  throw strange(command, `${key} is no list of documents`);
}

/** The text below `key`. Throws a Failure if there is none, or an empty one. */
export function textIn(answer: Document, key: string, command: string): string {
  const text: unknown = answer[key];
  if (typeof text === 'string' && text !== '') return text;
  throw strange(command, `${key} is no text`);
}

export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What should be a text, as one: whatever else stands there is written out, for it may have no text of its own. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(toExtendedJson(value));
}

/** The documents below the keys, one in the other; an empty one where there is none. */
export function documentAt(document: unknown, ...keys: readonly string[]): Document {
  const [key, ...rest] = keys;
  if (!isDocument(document)) return {};
  return key === undefined ? document : documentAt(document[key], ...rest);
}

/** How many are held against the schema at once: what is wrong with all of a long list need not be told. */
const AT_ONCE = 1000;

/** The documents, if they have the shape of roles, users and so on. Throws a Failure that names the first that has not. */
export function shaped(
  part: 'roles' | 'users' | 'databases' | 'keyVaults',
  documents: readonly Document[],
  command: string,
): readonly Document[] {
  for (let at = 0; at < documents.length; at += AT_ONCE) {
    const some = documents.slice(at, at + AT_ONCE);
    const problem = shapeProblem({ mongowardSnapshot: 1, server: { version: '0.0' }, [part]: some });
    if (problem !== undefined) throw strange(command, placed(problem, part, at));
  }
  return documents;
}

/** By the document's place in the whole list. */
function placed(problem: string, part: string, offset: number): string {
  const [start, index = ''] = new RegExp(`^${part}\\[(\\d+)\\]`).exec(problem) ?? [];
  return start === undefined ? problem : `${part}[${offset + Number(index)}]${problem.slice(start.length)}`;
}

/** The version that the server says it is of: `major.minor.patch`. */
export function versionIn(build: Document): string {
  const version = textIn(build, 'version', 'buildInfo');
  if (/^\d{1,4}\.\d{1,4}/.test(version)) return version;
  throw strange('buildInfo', 'version is no version');
}

function strange(command: string, what: string): Failure {
  return new Failure(`the server answers ${command} as no MongoDB does: ${what}`, {
    advice: 'see whether this is the right server',
  });
}
