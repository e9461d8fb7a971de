/** The field map of a collection: what makes it impossible, and the schema that the server enforces by it. */
import {
  containing,
  type FieldProblem,
  fieldProblem,
  pathProblem,
  type SealedField,
  sealedFields,
} from '../encryption/sealed-field.ts';
import { type Contradiction, serverSchema } from '../encryption/server-schema.ts';
import type { CollectionEntry, EncryptionEntry, JsonSchema } from '../generated/policy.ts';
import { namespaceProblem, parseNamespace } from '../model/names.ts';
import type { FileContext } from './file-context.ts';
import type { DocumentPath } from './problem.ts';

/** The collection's schema with ciphertext demanded where a field is sealed. */
export function compileEncryption(
  context: FileContext,
  path: DocumentPath,
  entry: CollectionEntry,
  encryption: EncryptionEntry,
): JsonSchema | undefined {
  refuseWeakValidation(context, path, entry);
  refuseKeyVault(context, path, encryption.keyVault);
  const fields = sealedFields(encryption.fields);
  if (fields.length === 0) return entry.schema;
  const problem = (field: SealedField, { rule, message }: FieldProblem): void =>
    context.problem(rule, [...path, 'encryption', 'fields', field.path], message);
  const impossible = new Set<SealedField>();
  const outer = containing(fields);
  for (const field of fields) {
    const around = outer.get(field);
    const found = around === undefined ? (pathProblem(field.path) ?? fieldProblem(field)) : nested(field, around);
    if (found === undefined) continue;
    impossible.add(field);
    problem(field, found);
  }
  const possible = fields.filter((field) => !impossible.has(field));
  const { schema, contradictions } = serverSchema(entry.schema ?? {}, possible);
  for (const found of contradictions) {
    const rule = found.array === true ? 'encryption/in-array' : 'encryption/schema-conflict';
    problem(found.field, { rule, message: contradictionMessage(context, path, found) });
  }
  return schema;
}

function nested({ path }: SealedField, around: SealedField): FieldProblem {
  const message = `"${path}" lies in "${around.path}", which is sealed as a whole: keep one of the two`;
  return { rule: 'encryption/nested', message };
}

function contradictionMessage(context: FileContext, path: DocumentPath, { field, at, message }: Contradiction): string {
  const { file, line } = context.source.locate([...path, 'schema', ...at]);
  return `"${field.path}" can't be sealed: the schema (${file}:${line}) ${message}`;
}

/**
 * The server refuses `encrypt` in a validator that only warns or is moderate (QueryFeatureNotAllowed, tried on 4.4.4);
 * one that is off checks nothing.
 */
function refuseWeakValidation(context: FileContext, path: DocumentPath, entry: CollectionEntry): void {
  const weak =
    entry.validationAction === 'warn'
      ? 'validationAction'
      : entry.validationLevel === 'moderate' || entry.validationLevel === 'off'
        ? 'validationLevel'
        : undefined;
  if (weak === undefined) return;
  const message = `MongoDB demands ciphertext only with validationLevel "strict" and validationAction "error", and ${weak} is "${entry[weak]}". Leave it out`;
  context.problem('encryption/not-enforced', [...path, weak], message);
}

function refuseKeyVault(context: FileContext, path: DocumentPath, keyVault: string): void {
  const ns = parseNamespace(keyVault);
  const wrong = ns === undefined ? undefined : namespaceProblem(ns);
  if (wrong === undefined) return;
  context.problem('document/name', [...path, 'encryption', 'keyVault'], `"${keyVault}" can't be a key vault: ${wrong}`);
}
