/** Aggregation expressions: the few that updates by pipeline here are made of (manual, "Aggregation Expressions"). */
import { Long } from 'bson';
import { compareValues } from './compare.ts';
import { commandError, notSimulated } from './errors.ts';
import { MISSING, valueAt } from './path.ts';
import { type Document, field, isDocument, isTrue, numberOf, typeOf } from './values.ts';

/** The value for a document; {@link MISSING} where a field that it names is not there. */
export type Expression = (document: Document) => unknown;

/** Makes an expression of what stands in a pipeline. `now` is what `$$NOW` means for the whole command. */
export function compileExpression(source: unknown, now: Date): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return variable(source, now);
  if (Array.isArray(source)) {
    const items = source.map((item: unknown) => compileExpression(item, now));
    return (document) => items.map((item) => item(document) ?? null);
  }
  if (!isDocument(source)) return () => source;
  const [name, ...others] = Object.keys(source);
  if (name?.startsWith('$') !== true) return object(source, now);
  if (others.length > 0) {
    throw commandError('FailedToParse', 'An object representing an expression must have exactly one field');
  }
  return operator(name, field(source, name), now);
}

function variable(source: string, now: Date): Expression {
  if (source === '$$NOW') return () => now;
  if (source.startsWith('$$')) throw notSimulated(`the variable ${source}`);
  const path = source.slice(1).split('.');
  return (document) => valueAt(document, path);
}

function object(source: Document, now: Date): Expression {
  const fields = Object.entries(source).map(([name, value]) => [name, compileExpression(value, now)] as const);
  return (document) =>
    Object.fromEntries(
      fields.map(([name, value]) => [name, value(document)] as const).filter(([, value]) => value !== MISSING),
    );
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  $eq: (order) => order === 0,
  $ne: (order) => order !== 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
};

function operator(name: string, operand: unknown, now: Date): Expression {
  if (name === '$literal') return () => operand;
  const operands = (Array.isArray(operand) ? operand : [operand]).map((item: unknown) => compileExpression(item, now));
  const compares = Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined;
  if (compares !== undefined) {
    const [left, right] = exactly(name, 2, operands);
    return (document) => compares(compareExpressions(left?.(document), right?.(document)));
  }
  switch (name) {
    case '$cond': {
      if (isDocument(operand)) throw notSimulated('$cond with named arguments');
      const [condition, yes, no] = exactly(name, 3, operands);
      return (document) => (holds(condition?.(document)) ? yes?.(document) : no?.(document));
    }
    case '$ifNull':
      return (document) => {
        const values = operands.map((item) => item(document));
        return values.find((value) => !isNullish(value)) ?? values.at(-1);
      };
    case '$and':
      return (document) => operands.every((item) => holds(item(document)));
    case '$or':
      return (document) => operands.some((item) => holds(item(document)));
    case '$add':
      return (document) => operands.map((item) => item(document)).reduce(sum);
    case '$toLong': {
      const [value] = exactly(name, 1, operands);
      return (document) => toLong(value?.(document));
    }
    default:
      throw notSimulated(`the expression ${name}`);
  }
}

function exactly(name: string, count: number, operands: readonly Expression[]): readonly Expression[] {
  if (operands.length === count) return operands;
  throw commandError(
    'FailedToParse',
    `Expression ${name} takes exactly ${count} arguments. ${operands.length} were passed in.`,
  );
}

/** A missing value is less than any other, null included. */
function compareExpressions(a: unknown, b: unknown): number {
  if (a === MISSING || b === MISSING) return Number(b === MISSING) - Number(a === MISSING) || 0;
  return compareValues(a, b);
}

function isNullish(value: unknown): boolean {
  return value === MISSING || value === null;
}

function holds(value: unknown): boolean {
  if (isNullish(value) || value === false) return false;
  return numberOf(value) === undefined || isTrue(value);
}

/** Numbers, and milliseconds to a date. */
function sum(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  const [left, right] = [amount(a), amount(b)];
  if (left === undefined || right === undefined || (a instanceof Date && b instanceof Date)) {
    throw commandError('TypeMismatch', `$add only supports numeric or date types, not ${typeOf(a)} and ${typeOf(b)}`);
  }
  if (a instanceof Date || b instanceof Date) return new Date(left + right);
  return a instanceof Long || b instanceof Long ? Long.fromNumber(left + right) : left + right;
}

function amount(value: unknown): number | undefined {
  return value instanceof Date ? value.getTime() : numberOf(value);
}

function toLong(value: unknown): unknown {
  if (isNullish(value)) return null;
  const number = amount(value);
  if (number === undefined) throw notSimulated(`$toLong of a ${typeOf(value)}`);
  return Long.fromNumber(Math.trunc(number));
}
