/** The definitions of one service together: what they say twice, and what a second sealed collection runs into. */
import type { Problem } from '../policy/problem.ts';
import type { Definition } from './definition.ts';
import type { DefinedField, Seal } from './field.ts';
import { declarations } from './node.ts';

export interface SealedField extends DefinedField {
  readonly seal: Seal;
}

export function sealedIn({ map }: Definition): readonly SealedField[] {
  return map.fields
    .flatMap((field) => (field.seal === undefined ? [] : [{ ...field, seal: field.seal }]))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Of the definitions of one collection the last one by file name decides what is sealed, for all of them. */
export function deciding(definitions: readonly Definition[]): readonly Definition[] {
  const byName = new Map(inOrder(definitions).map((definition) => [definition.name, definition]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** As the service reads its folder: by the bytes of the names. */
function inOrder(definitions: readonly Definition[]): readonly Definition[] {
  return [...definitions].sort((a, b) => Buffer.compare(Buffer.from(a.source.file), Buffer.from(b.source.file)));
}

/** Definitions that have sealed fields, but for views: a view has no validator, and nothing of its own to seal. */
export function sealing(definitions: readonly Definition[]): readonly Definition[] {
  return deciding(definitions).filter((definition) => !definition.view && sealedIn(definition).length > 0);
}

export function folderTraps(definitions: readonly Definition[]): readonly Problem[] {
  return [
    ...definitions.flatMap(({ map }) => map.traps),
    ...definitions.flatMap(indexTraps),
    ...definitions.flatMap(viewTraps),
    ...twice(definitions),
    ...sharedKeyName(inOrder(deciding(definitions.filter(makesKey)))),
  ];
}

/** The service makes a key wherever it finds `encryption: {enabled: true}` (its lib/mongo/mongo-data-keygen.js), sealed or not. */
function makesKey({ source }: Definition): boolean {
  return declarations(source.data, []).length > 0;
}

/** Every key is to bear the alternative name `crud-service` besides, and MongoDB recommends that names be unique. */
function sharedKeyName(sealed: readonly Definition[]): readonly Problem[] {
  const [first, ...others] = sealed;
  if (first === undefined) return [];
  return others.map(({ source, name }) => ({
    rule: 'crud-service/shared-key-name',
    severity: 'error',
    message: `the service gives the keys of "${first.name}" (${first.source.file}) and "${name}" the same alternative name, "crud-service". The unique index that every key vault should have refuses the second key (E11000), and the service does not start. Let a service with another KEY_VAULT_NAMESPACE have one of the two`,
    ...source.locate(['name']),
  }));
}

/** Deterministic ciphertext can be compared for equality, and nothing else can be done with either. */
function indexTraps(definition: Definition): readonly Problem[] {
  const { indexes, source } = definition;
  return indexes.flatMap(({ name, fields, type, place }): Problem[] => {
    const comparable = type === 'normal' || type === 'hash';
    const sealed = sealedIn(definition).find(
      ({ path, seal }) =>
        (seal.algorithm === 'random' || !comparable) &&
        fields.some((field) => field === path || field.startsWith(`${path}.`)),
    );
    if (sealed === undefined) return [];
    const why = comparable
      ? 'is sealed by random. The same value has another ciphertext each time, so that the index finds nothing and keeps nothing unique'
      : `is sealed. A ${type} index can't read ciphertext, and finds nothing`;
    const message = `the index "${name}" is on "${sealed.path}", which ${why}. Take the index out`;
    return [{ rule: 'crud-service/sealed-index', severity: 'warning', message, ...source.locate(place) }];
  });
}

function viewTraps(definition: Definition): readonly Problem[] {
  const [sealed] = sealedIn(definition);
  if (!definition.view || sealed === undefined) return [];
  const message = `"${definition.name}" is a view, so that nothing of it can be sealed. Seal "${sealed.path}" in the collection that it shows`;
  return [{ rule: 'crud-service/view', severity: 'warning', message, ...definition.source.locate(sealed.place) }];
}

function twice(definitions: readonly Definition[]): readonly Problem[] {
  const decides = new Map(deciding(definitions).map((definition) => [definition.name, definition]));
  return definitions.flatMap((definition): Problem[] => {
    const last = decides.get(definition.name);
    if (last === undefined || last === definition || textOf(last) === textOf(definition)) return [];
    const message = `"${definition.name}" is defined in ${last.source.file} too, with other sealed fields. The service goes by that one, and seals nothing by this`;
    return [{ rule: 'crud-service/twice', severity: 'error', message, ...definition.source.locate(['name']) }];
  });
}

function textOf(definition: Definition): string {
  return JSON.stringify(sealedIn(definition).map(({ path, seal }) => [path, seal]));
}
