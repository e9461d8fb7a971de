/** What an update makes of a document (manual, "Update Operators"): the common operators; the rest is refused. */
import { Double, Int32, Long } from 'bson';
import { compareValues, equalValues } from './compare.ts';
import { commandError, notSimulated } from './errors.ts';
import { compileExpression } from './expression.ts';
import { compileQuery } from './matcher.ts';
import { MISSING, valueAt, withoutValueAt, withValueAt } from './path.ts';
import { type Document, field, isDocument, numberOf, typeOf } from './values.ts';

/** Makes the document after from the one before. `inserting`: an upsert found nothing. */
type Update = (document: Document, inserting: boolean) => Document;

type Operator = (before: unknown, operand: unknown, path: string) => unknown;

function numeric(operator: string, before: unknown, operand: unknown, path: string): readonly [number, number] {
  const by = numberOf(operand);
  if (by === undefined)
    throw commandError('TypeMismatch', `Cannot ${operator} with non-numeric argument: {${path}: ${typeOf(operand)}}`);
  const from = before === MISSING ? 0 : numberOf(before);
  if (from === undefined) {
    throw commandError(
      'TypeMismatch',
      `Cannot apply ${operator} to a value of non-numeric type. {${path}: ${typeOf(before)}}`,
    );
  }
  return [from, by];
}

/** The result takes the wider of the two types; ints that grow too large become longs. */
function ofType(result: number, before: unknown, operand: unknown): unknown {
  const types = [typeOf(before), typeOf(operand)];
  if (types.includes('double') || types.includes('decimal') || !Number.isInteger(result)) return new Double(result);
  return types.includes('long') || Math.abs(result) >= 2 ** 31 ? Long.fromNumber(result) : new Int32(result);
}

/** The elements that `$push` and `$addToSet` add. */
function added(operator: string, operand: unknown): readonly unknown[] {
  if (!isDocument(operand) || !Object.hasOwn(operand, '$each')) return [operand];
  const { $each: each, ...modifiers } = operand;
  if (Object.keys(modifiers).length > 0) throw notSimulated(`the modifiers of ${operator} beside $each`);
  if (!Array.isArray(each)) throw commandError('BadValue', `The argument to $each in ${operator} must be an array`);
  return each;
}

function listBefore(operator: string, before: unknown, path: string): readonly unknown[] {
  if (before === MISSING) return [];
  if (Array.isArray(before)) return before;
  throw commandError(
    'BadValue',
    `Cannot apply ${operator} to a non-array field. Field named '${path}' has a non-array type ${typeOf(before)}`,
  );
}

function pulled(operand: unknown): (element: unknown) => boolean {
  if (!isDocument(operand)) return (element) => equalValues(element, operand);
  const onElement = Object.keys(operand)[0]?.startsWith('$') === true;
  const matches = compileQuery(onElement ? { element: operand } : operand);
  return (element) => (onElement ? matches({ element }) : isDocument(element) && matches(element));
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$set', (_before, operand) => operand],
  ['$setOnInsert', (_before, operand) => operand],
  [
    '$inc',
    (before, operand, path) => {
      const [from, by] = numeric('$inc', before, operand, path);
      return ofType(from + by, before ?? operand, operand);
    },
  ],
  [
    '$mul',
    (before, operand, path) => {
      const [from, by] = numeric('$mul', before, operand, path);
      return ofType(from * by, before ?? operand, operand);
    },
  ],
  ['$min', (before, operand) => (before === MISSING || compareValues(operand, before) < 0 ? operand : before)],
  ['$max', (before, operand) => (before === MISSING || compareValues(operand, before) > 0 ? operand : before)],
  ['$push', (before, operand, path) => [...listBefore('$push', before, path), ...added('$push', operand)]],
  [
    '$addToSet',
    (before, operand, path) => {
      const list = [...listBefore('$addToSet', before, path)];
      for (const value of added('$addToSet', operand)) {
        if (!list.some((element) => equalValues(element, value))) list.push(value);
      }
      return list;
    },
  ],
  [
    '$pull',
    (before, operand, path) => {
      if (before === MISSING) return MISSING;
      const goes = pulled(operand);
      return listBefore('$pull', before, path).filter((element) => !goes(element));
    },
  ],
  ['$currentDate', () => new Date()],
]);

const NOT_SIMULATED = ['$bit', '$pop', '$pullAll', '$pushAll', '$rename'];

function fieldsOf(operator: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (!isDocument(value)) {
    throw commandError(
      'FailedToParse',
      `Modifiers operate on fields but we found type ${typeOf(value)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ...}`,
    );
  }
  for (const path of Object.keys(value)) {
    if (path.split('.').some((part) => part.startsWith('$'))) throw notSimulated('positional updates');
  }
  return Object.entries(value);
}

/** Makes an update of the second argument of `update`: operators, or the whole document. */
export function compileUpdate(update: unknown): Update {
  if (Array.isArray(update)) return pipeline(update);
  if (!isDocument(update)) throw commandError('FailedToParse', 'Update argument must be either an object or an array');
  const names = Object.keys(update);
  if (names[0]?.startsWith('$') !== true) return replacement(update);
  refuseConflicts(update);
  const steps = Object.entries(update).map(([operator, value]) => compileOperator(operator, value));
  return (document, inserting) => {
    const after = steps.reduce<Document>((current, step) => step(current, inserting), document);
    return keepId(document, after);
  };
}

/** An update by pipeline: `$set`, also called `$addFields`, and `$unset` of whole fields. */
function pipeline(stages: readonly unknown[]): Update {
  const now = new Date();
  const steps = stages.map((stage) => compileStage(stage, now));
  return (document) =>
    keepId(
      document,
      steps.reduce<Document>((current, step) => step(current), document),
    );
}

function compileStage(stage: unknown, now: Date): (document: Document) => Document {
  const [[name = '', value] = [], ...others] = isDocument(stage) ? Object.entries(stage) : [];
  if (others.length > 0 || name === '') {
    throw commandError('FailedToParse', 'A pipeline stage specification object must contain exactly one field.');
  }
  switch (name) {
    case '$set':
    case '$addFields':
      return setStage(name, value, now);
    case '$unset': {
      const names = Array.isArray(value) ? value.map(String) : [String(value)];
      if (names.some((path) => path.includes('.'))) throw notSimulated('$unset of a path in a pipeline');
      return (document) => Object.fromEntries(Object.entries(document).filter(([path]) => !names.includes(path)));
    }
    default:
      throw notSimulated(`the stage ${name} in an update`);
  }
}

function setStage(name: string, value: unknown, now: Date): (document: Document) => Document {
  const fields = fieldsOf(name, value).map(([path, source]) => {
    const embedded = isDocument(source) && Object.keys(source)[0]?.startsWith('$') !== true;
    if (path.includes('.') || embedded) throw notSimulated(`${name} of fields of an embedded document in a pipeline`);
    return [path, compileExpression(source, now)] as const;
  });
  return (document) => {
    const after = new Map(Object.entries(document));
    for (const [path, expression] of fields) {
      const computed = expression(document);
      // A value that is missing leaves a field that is there without it (manual, "$set (aggregation)").
      if (computed === MISSING) after.delete(path);
      else after.set(path, computed);
    }
    return Object.fromEntries(after);
  };
}

function replacement(update: Document): Update {
  for (const name of Object.keys(update)) {
    if (name.startsWith('$'))
      throw commandError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document.`,
      );
  }
  return (document) => keepId(document, Object.hasOwn(document, '_id') ? { _id: document._id, ...update } : update);
}

function keepId(before: Document, after: Document): Document {
  if (Object.hasOwn(before, '_id') && !equalValues(before._id, after._id)) {
    throw commandError(
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  return after;
}

function refuseConflicts(update: Document): void {
  const paths = Object.values(update).flatMap((value) => (isDocument(value) ? Object.keys(value) : []));
  for (const [at, path] of paths.entries()) {
    const clash = paths.some((other, index) => index !== at && (other === path || other.startsWith(`${path}.`)));
    if (clash) {
      throw commandError(
        'ConflictingUpdateOperators',
        `Updating the path '${path}' would create a conflict at '${path}'`,
      );
    }
  }
}

function compileOperator(operator: string, value: unknown): Update {
  if (NOT_SIMULATED.includes(operator)) throw notSimulated(`the update operator ${operator}`);
  const fields = fieldsOf(operator, value);
  const changed = (
    document: Document,
    change: (current: unknown, name: string, operand: unknown) => unknown,
  ): Document => {
    const after = fields.reduce((current: unknown, [name, operand]) => change(current, name, operand), document);
    return isDocument(after) ? after : document;
  };
  if (operator === '$unset')
    return (document) => changed(document, (current, name) => withoutValueAt(current, name.split('.')));
  const apply = OPERATORS.get(operator);
  if (apply === undefined) {
    throw commandError(
      'FailedToParse',
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  return (document, inserting) => {
    if (operator === '$setOnInsert' && !inserting) return document;
    return changed(document, (current, name, operand) => {
      const path = name.split('.');
      const before = valueAt(current, path);
      const after = apply(before, operand, name);
      return after === MISSING ? current : withValueAt(current, path, after);
    });
  };
}

/** The document that an upsert starts from: what the query demands by equality, also within `$and`. */
export function seedOf(query: Document): Document {
  const seed = demands(query).reduce<unknown>((document, [path, value]) => withValueAt(document, path, value), {});
  return isDocument(seed) ? seed : {};
}

function demands(query: Document): readonly (readonly [readonly string[], unknown])[] {
  return Object.entries(query).flatMap(([path, value]) => {
    if (path === '$and' && Array.isArray(value)) return value.filter(isDocument).flatMap(demands);
    if (path.startsWith('$')) return [];
    const operators = isDocument(value) && Object.keys(value)[0]?.startsWith('$') === true;
    const demanded = operators ? field(value, '$eq') : value;
    return demanded === MISSING ? [] : [[path.split('.'), demanded] as const];
  });
}
