/** Sealed fields: their paths, and what is impossible about them before any schema is looked at. */
import type { EncryptedFieldEntry } from '../generated/policy.ts';
import { originalTypes, sealable } from './bson-type.ts';

/** A sealed field by its dotted path. */
export interface SealedField extends EncryptedFieldEntry {
  readonly path: string;
}

/** Sorted by path, so that what is made of them does not depend on the order in a file. */
export function sealedFields(fields: Readonly<Record<string, EncryptedFieldEntry>>): readonly SealedField[] {
  return Object.entries(fields)
    .map(([path, entry]) => ({ path, ...entry }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function segmentsOf(path: string): readonly string[] {
  return path.split('.');
}

/** What is wrong with a field, under the name of the rule that it breaks. */
export interface FieldProblem {
  readonly rule: string;
  readonly message: string;
}

/** Why no field can be sealed under this path, or nothing. Whether a number is a position only the schema can tell. */
export function pathProblem(path: string): FieldProblem | undefined {
  const segments = segmentsOf(path);
  if (segments.some((segment) => /[[\]]/.test(segment) || segment === '$' || segment === '*')) {
    const message = `${quoted(path)} crosses an array, and MongoDB seals fields of documents only. Seal the whole array with "algorithm: random"`;
    return { rule: 'encryption/in-array', message };
  }
  const why = segments.some((segment) => segment.trim() === '')
    ? 'a part of it is empty'
    : segments.some((segment) => segment.startsWith('$'))
      ? 'a part of it begins with $'
      : path.includes('\0')
        ? 'no name has a null character'
        : undefined;
  if (why === undefined) return undefined;
  const message = `${quoted(path)} is not the path of a field, because ${why}. Write the names of the fields, with a dot between them`;
  return { rule: 'encryption/field-path', message };
}

/** Why the field can't be sealed as it is written, or nothing (manual, "CSFLE Encryption Schemas"). */
export function fieldProblem({ path, bsonType, algorithm, keyAltName, keyId }: SealedField): FieldProblem | undefined {
  if (algorithm === 'deterministic' && originalTypes(bsonType).some((type) => !sealable(type).deterministic)) {
    const message = `${quoted(path)} can't be sealed deterministically, because MongoDB's library refuses that for ${bsonType}. Use "algorithm: random"`;
    return { rule: 'encryption/deterministic-type', message };
  }
  if (keyAltName !== undefined && keyId !== undefined) {
    const message = `${quoted(path)} names its key twice. Keep keyAltName or keyId`;
    return { rule: 'encryption/two-keys', message };
  }
  return undefined;
}

/** For each field that lies in another sealed one, that other. */
export function containing(fields: readonly SealedField[]): ReadonlyMap<SealedField, SealedField> {
  const found = new Map<SealedField, SealedField>();
  for (const inner of fields) {
    const outer = fields.find(({ path }) => inner.path.startsWith(`${path}.`));
    if (outer !== undefined) found.set(inner, outer);
  }
  return found;
}

function quoted(path: string): string {
  return JSON.stringify(path);
}
