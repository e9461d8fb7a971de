/** A policy's field map written into the definitions, so that the service seals what the policy says. */
import { type SealedField, sealedFields } from '../encryption/sealed-field.ts';
import type { EncryptionEntry } from '../generated/policy.ts';
import { MAX_DEPTH } from '../input/tokens.ts';
import type { DocumentPath } from '../policy/problem.ts';
import { consoleEdits } from './console-form.ts';
import { type Definition, type ReadDefinitions, readDefinitions } from './definition.ts';
import { bsonTypeOf, type DefinedField, isContainer, isLookedAt, isSearchable } from './field.ts';
import { type MemberEdit, setMembers } from './json-edit.ts';
import { type Declared, declaredOf, MIA, type Node, nodeOf } from './node.ts';

/** A file with the field maps of the policy in its definitions. `encryptionOf`: nothing for what stays as it is. */
export function rewriteFile(
  read: ReadDefinitions,
  encryptionOf: (definition: Definition) => Pick<EncryptionEntry, 'fields'> | undefined,
): ReadDefinitions {
  return read.definitions.reduce((current, definition, index) => {
    const encryption = encryptionOf(definition);
    return encryption === undefined ? current : rewrite(current, index, encryption);
  }, read);
}

/**
 * One definition of a file as it has to be for the policy; the same text if it already is, or if the rest can't be
 * written: a field that it does not describe, or describes as another type. What was sealed as a whole is opened in a
 * first round, and the fields in it are sealed in the next.
 */
function rewrite(read: ReadDefinitions, index: number, { fields }: Pick<EncryptionEntry, 'fields'>): ReadDefinitions {
  const wanted = new Map(sealedFields(fields).map((field) => [field.path, field]));
  let current = read;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const definition = current.definitions[index];
    const edits = definition?.map.fields.flatMap((field) => editsOf(field, wanted.get(field.path))) ?? [];
    if (definition === undefined || edits.length === 0) return current;
    const { console, source } = definition;
    const text = setMembers(source, console === undefined ? edits : consoleEdits(console, edits));
    current = readDefinitions(current.file, text);
  }
  return current;
}

/** Nothing where the service does the right thing already, or where no `encryption` could make it do so. */
function editsOf({ node, place, seal }: DefinedField, wanted: SealedField | undefined): readonly MemberEdit[] {
  const mia = declaredOf(nodeOf(node[MIA]));
  const beside = declaredOf(node);
  const bsonType = bsonTypeOf(node);
  const isObject = bsonType === 'object';
  const deterministic = wanted?.algorithm === 'deterministic';
  const searched = mia?.searchable === true || beside?.searchable === true;
  const refused = searched && isLookedAt(node) && !isSearchable(node);
  const twice = isObject && mia?.enabled === true && beside?.enabled === true;
  if (seal?.algorithm === wanted?.algorithm && !refused && !twice) return [];
  if (wanted !== undefined && !canBe(node, wanted)) return [];
  const sealed = wanted !== undefined;
  // What is in the clear keeps its "searchable", unless the service refuses that for its type.
  const searchable = sealed || !isSearchable(node) ? deterministic : undefined;
  // Of a document the service reads the one beside the type, and takes the other for that of a property.
  const underMia = mia && encryptionEdit([...place, MIA], mia, sealed && !isObject, searchable);
  const besideType = beside && encryptionEdit(place, beside, sealed, searchable);
  const missing = sealed && beside === undefined && (mia === undefined || isObject || deterministic);
  return [
    ...(underMia ? [underMia] : []),
    ...(besideType ? [besideType] : []),
    ...(missing
      ? [{ object: place, members: [['encryption', { enabled: true, searchable: deterministic }] as const] }]
      : []),
  ];
}

/** Whether any `encryption` makes the service seal the field like that. */
function canBe(node: Node, { bsonType, algorithm }: SealedField): boolean {
  if (bsonTypeOf(node) !== bsonType || (algorithm === 'deterministic' && !isSearchable(node))) return false;
  // It asks under `__mia_configuration` whether to look at a document at all, and then takes that for a sealed property.
  return bsonType !== 'object' || isContainer(node) || declaredOf(nodeOf(node[MIA])) === undefined;
}

/** `searchable` absent: it stays as it is. */
function encryptionEdit(
  holder: DocumentPath,
  present: Declared,
  enabled: boolean,
  searchable: boolean | undefined,
): MemberEdit | undefined {
  const members = [
    ...(present.enabled === enabled ? [] : [['enabled', enabled] as const]),
    ...(searchable === undefined || present.searchable === searchable ? [] : [['searchable', searchable] as const]),
  ];
  return members.length === 0 ? undefined : { object: [...holder, 'encryption'], members };
}
