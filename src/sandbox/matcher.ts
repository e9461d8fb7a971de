/** Queries: a small part of the query language (manual, "Query and Projection Operators"). The rest is refused. */
import { BSONRegExp } from 'bson';
import { comparable, compareValues, equalValues } from './compare.ts';
import { commandError, notSimulated } from './errors.ts';
import { compileSchema } from './json-schema.ts';
import { MISSING, valuesAt } from './path.ts';
import { compilePattern } from './regular-expression.ts';
import {
  type Document,
  isDocument,
  isTrue,
  isTypeName,
  NUMBER_TYPES,
  numberOf,
  TYPE_CODES,
  type TypeName,
  typeOf,
} from './values.ts';

export type Matcher = (document: Document) => boolean;
/** Says whether the values that a path reached satisfy a condition. */
type Condition = (values: readonly unknown[]) => boolean;

/** Makes the matcher of a query, or throws what the server says of one that it does not understand. */
export function compileQuery(query: Document): Matcher {
  const matchers = Object.entries(query).map(([name, value]) =>
    name.startsWith('$') ? compileTopLevel(name, value) : compilePath(name, value),
  );
  return (document) => matchers.every((matches) => matches(document));
}

function queries(operator: string, value: unknown): readonly Matcher[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw commandError('BadValue', `${operator} argument must be a non-empty array`);
  }
  return value.map((query: unknown) => {
    if (!isDocument(query)) throw commandError('BadValue', `${operator} argument's entries must be objects`);
    return compileQuery(query);
  });
}

function compileTopLevel(operator: string, value: unknown): Matcher {
  switch (operator) {
    case '$and': {
      const all = queries(operator, value);
      return (document) => all.every((matches) => matches(document));
    }
    case '$or': {
      const any = queries(operator, value);
      return (document) => any.some((matches) => matches(document));
    }
    case '$nor': {
      const none = queries(operator, value);
      return (document) => !none.some((matches) => matches(document));
    }
    case '$jsonSchema': {
      if (!isDocument(value)) throw commandError('TypeMismatch', '$jsonSchema must be an object');
      return compileSchema(value);
    }
    case '$comment':
      return () => true;
    case '$expr':
    case '$where':
    case '$text':
    case '$alwaysFalse':
    case '$alwaysTrue':
    case '$sampleRate':
      throw notSimulated(`the query operator ${operator}`);
    default:
      throw commandError(
        'BadValue',
        `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function compilePath(path: string, value: unknown): Matcher {
  const parts = path.split('.');
  const conditions = conditionsOf(value);
  return (document) => {
    const values = valuesAt(document, parts);
    return conditions.every((condition) => condition(values));
  };
}

function isOperators(value: unknown): value is Document {
  return isDocument(value) && Object.keys(value)[0]?.startsWith('$') === true;
}

function conditionsOf(value: unknown): readonly Condition[] {
  if (!isOperators(value)) return [equality(value)];
  return Object.entries(value).map(([operator, operand]) => compileOperator(operator, operand, value));
}

/** The values themselves and the elements of those that are arrays: a condition on a field holds if it does for one. */
function candidates(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value) => (Array.isArray(value) ? [value, ...value] : [value]));
}

const some =
  (test: (value: unknown) => boolean): Condition =>
  (values) =>
    candidates(values).some((value) => value !== MISSING && test(value));

const not =
  (condition: Condition): Condition =>
  (values) =>
    !condition(values);

function equality(operand: unknown): Condition {
  if (operand instanceof BSONRegExp) return regularExpression(operand.pattern, operand.options);
  const type = typeOf(operand);
  if (type === 'null') return (values) => candidates(values).some((value) => value === null || value === MISSING);
  return some((value) => equalValues(value, operand));
}

function comparison(operand: unknown, holds: (order: number) => boolean): Condition {
  return some((value) => comparable(value, operand) && holds(compareValues(value, operand)));
}

function membership(operator: string, operand: unknown): Condition {
  if (!Array.isArray(operand)) throw commandError('BadValue', `${operator} needs an array`);
  const conditions = operand.map(equality);
  return (values) => conditions.some((condition) => condition(values));
}

function ofType(operand: unknown): Condition {
  const types = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(typesNamed));
  return (values) => candidates(values).some((value) => value !== MISSING && types.has(typeOf(value)));
}

function typesNamed(operand: unknown): readonly TypeName[] {
  if (operand === 'number') return NUMBER_TYPES;
  if (typeof operand === 'string' && isTypeName(operand)) return [operand];
  const code = numberOf(operand);
  const name = Object.entries(TYPE_CODES).find(([, one]) => one === (code === -1 ? 255 : code))?.[0];
  if (name !== undefined && isTypeName(name)) return [name];
  throw commandError('BadValue', `Unknown type name alias: ${String(operand)}`);
}

function regularExpression(pattern: string, options: string): Condition {
  const expression = compilePattern(pattern, options);
  return some((value) => typeof value === 'string' && expression.test(value));
}

function compileOperator(operator: string, operand: unknown, siblings: Document): Condition {
  switch (operator) {
    case '$eq':
      return equality(operand);
    case '$ne':
      return not(equality(operand));
    case '$gt':
      return comparison(operand, (order) => order > 0);
    case '$gte':
      return comparison(operand, (order) => order >= 0);
    case '$lt':
      return comparison(operand, (order) => order < 0);
    case '$lte':
      return comparison(operand, (order) => order <= 0);
    case '$in':
      return membership(operator, operand);
    case '$nin':
      return not(membership(operator, operand));
    case '$exists': {
      const wanted = isTrue(operand);
      return (values) => values.some((value) => value !== MISSING) === wanted;
    }
    case '$type':
      return ofType(operand);
    case '$regex':
      return regexOperator(operand, siblings);
    case '$options':
      if (!Object.hasOwn(siblings, '$regex')) throw commandError('BadValue', '$options needs a $regex');
      return () => true;
    case '$not': {
      if (operand instanceof BSONRegExp) return not(equality(operand));
      if (!isOperators(operand)) throw commandError('BadValue', '$not needs a regex or a document');
      const conditions = conditionsOf(operand);
      return (values) => !conditions.every((condition) => condition(values));
    }
    case '$elemMatch':
      return elementMatch(operand);
    case '$size': {
      const size = numberOf(operand);
      return (values) => values.some((value) => Array.isArray(value) && value.length === size);
    }
    case '$all':
    case '$mod':
    case '$geoWithin':
    case '$geoIntersects':
    case '$near':
    case '$nearSphere':
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      throw notSimulated(`the query operator ${operator}`);
    default:
      throw commandError('BadValue', `unknown operator: ${operator}`);
  }
}

function regexOperator(operand: unknown, siblings: Document): Condition {
  const given = siblings.$options;
  const options = typeof given === 'string' ? given : undefined;
  if (operand instanceof BSONRegExp) return regularExpression(operand.pattern, options ?? operand.options);
  if (typeof operand !== 'string') throw commandError('BadValue', '$regex has to be a string');
  return regularExpression(operand, options ?? '');
}

function elementMatch(operand: unknown): Condition {
  if (!isDocument(operand)) throw commandError('BadValue', '$elemMatch needs an Object');
  if (isOperators(operand) && !['$and', '$or', '$nor'].includes(Object.keys(operand)[0] ?? '')) {
    const conditions = conditionsOf(operand);
    return (values) =>
      values.some((value) => Array.isArray(value) && value.some((one) => conditions.every((holds) => holds([one]))));
  }
  const matches = compileQuery(operand);
  return (values) =>
    values.some((value) => Array.isArray(value) && value.some((one) => isDocument(one) && matches(one)));
}
