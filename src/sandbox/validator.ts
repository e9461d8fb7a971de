/** Collection validators (manual, "Schema Validation"): what is taken as one, and what it lets through. */
import { commandError } from './errors.ts';
import { demandsEncryption } from './json-schema.ts';
import { compileQuery, type Matcher } from './matcher.ts';
import type { Document } from './values.ts';

export type ValidationLevel = 'off' | 'moderate' | 'strict';
export type ValidationAction = 'error' | 'warn';

/** A collection's validator with what it was compiled to. */
export interface Validator {
  readonly document: Document;
  readonly matches: Matcher;
}

/** Compiles a validator; nothing for an empty one, which is none. Throws what the server says of an invalid one. */
export function compileValidator(
  document: Document,
  level: ValidationLevel,
  action: ValidationAction,
): Validator | undefined {
  if (Object.keys(document).length === 0) return undefined;
  if ((level === 'moderate' || action === 'warn') && demandsEncryption(document)) {
    throw commandError(
      'QueryFeatureNotAllowed',
      'Encryption-related validator keywords are not allowed in this context',
    );
  }
  return { document, matches: compileQuery(document) };
}

export function parseLevel(value: string): ValidationLevel {
  if (value === 'off' || value === 'moderate' || value === 'strict') return value;
  throw commandError('BadValue', `Enumeration value '${value}' for field 'validationLevel' is not a valid value.`);
}

export function parseAction(value: string): ValidationAction {
  if (value === 'error' || value === 'warn') return value;
  throw commandError('BadValue', `Enumeration value '${value}' for field 'validationAction' is not a valid value.`);
}

interface Rules {
  readonly level: ValidationLevel;
  readonly action: ValidationAction;
  readonly validator?: Validator;
}

/** Whether the document may be stored; `before` is the one that it replaces. */
export function isStorable({ level, action, validator }: Rules, document: Document, before?: Document): boolean {
  if (validator === undefined || level === 'off' || action === 'warn') return true;
  if (validator.matches(document)) return true;
  // Moderate: documents that were invalid before may stay so.
  return level === 'moderate' && before !== undefined && !validator.matches(before);
}

export const NOT_STORABLE = 'Document failed validation';

/** Throws if the document may not be stored; `before` is the one that it replaces. */
export function checkDocument(rules: Rules, document: Document, before?: Document): void {
  if (isStorable(rules, document, before)) return;
  const operatorName = Object.keys(rules.validator?.document ?? {})[0] ?? '';
  throw commandError('DocumentValidationFailure', NOT_STORABLE, {
    errInfo: { failingDocumentId: document._id, details: { operatorName } },
  });
}
