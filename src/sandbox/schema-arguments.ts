/** What the keywords of `$jsonSchema` take, and what the server says of anything else. */
import { commandError } from './errors.ts';
import { type Document, isDocument, isTypeName, NUMBER_TYPES, numberOf, type TypeName } from './values.ts';

const JSON_TYPES: ReadonlyMap<string, readonly TypeName[]> = new Map([
  ['array', ['array']],
  ['boolean', ['bool']],
  ['null', ['null']],
  ['number', NUMBER_TYPES],
  ['object', ['object']],
  ['string', ['string']],
]);

/** A schema that can't be parsed. */
export function bad(message: string) {
  return commandError('FailedToParse', message);
}

/** A keyword with a value of the wrong type. */
export function wrong(keyword: string, wanted: string) {
  return commandError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be ${wanted}`);
}

export function listOf(keyword: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong(keyword, 'a non-empty array');
  return value;
}

export function namesOf(keyword: string, value: unknown): readonly string[] {
  const names = typeof value === 'string' ? [value] : listOf(keyword, value);
  return names.map((name) => {
    if (typeof name !== 'string') throw wrong(keyword, 'a string or an array of strings');
    return name;
  });
}

export function documentOf(keyword: string, value: unknown): Document {
  if (!isDocument(value)) throw wrong(keyword, 'an object');
  return value;
}

export function boundOf(keyword: string, value: unknown): number {
  const number = numberOf(value);
  if (number === undefined) throw wrong(keyword, 'a number');
  return number;
}

export function countOf(keyword: string, value: unknown): number {
  const count = boundOf(keyword, value);
  if (!Number.isInteger(count) || count < 0)
    throw bad(`$jsonSchema keyword '${keyword}' must be a non-negative integer`);
  return count;
}

/** The BSON types that `bsonType` names; `number` stands for every numeric one. */
export function bsonTypes(keyword: string, value: unknown): ReadonlySet<TypeName> {
  return new Set(
    namesOf(keyword, value).flatMap((name): readonly TypeName[] => {
      if (name === 'number') return NUMBER_TYPES;
      if (isTypeName(name)) return [name];
      throw commandError('BadValue', `Unknown type name alias: ${name}`);
    }),
  );
}

export function jsonTypes(keyword: string, value: unknown): ReadonlySet<TypeName> {
  return new Set(
    namesOf(keyword, value).flatMap((name) => {
      if (name === 'integer') throw bad(`$jsonSchema type 'integer' is not currently supported.`);
      const types = JSON_TYPES.get(name);
      if (types === undefined) throw commandError('BadValue', `Unknown type name alias: ${name}`);
      return types;
    }),
  );
}
