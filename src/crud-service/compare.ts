/** Definitions and the policy held against each other: where they say different things, and what the service runs into. */

import { intentState } from '../access/intent-state.ts';
import { sealedFields, type SealedField as WantedField } from '../encryption/sealed-field.ts';
import type { EncryptionEntry } from '../generated/policy.ts';
import { allows } from '../model/decision.ts';
import { roleGraph } from '../model/graph.ts';
import { formatNamespace, formatUser, type UserRef, userKey } from '../model/names.ts';
import { collectionTarget } from '../model/resource.ts';
import { isForbiddenIndex } from '../plan/retention.ts';
import type { Intent, IntentCollection } from '../policy/intent.ts';
import type { Position, Problem, Severity } from '../policy/problem.ts';
import type { Definition } from './definition.ts';
import { bsonTypeOf } from './field.ts';
import { deciding, sealedIn } from './folder.ts';

export interface Pair {
  readonly definition: Definition;
  readonly entry: IntentCollection;
}

/** The policy's collection of each definition, by name, in the service's database; in any if that is not known. */
export function pairsOf(definitions: readonly Definition[], intent: Intent, db: string | undefined): readonly Pair[] {
  const collections = deciding(definitions).filter(({ view }) => !view);
  return collections.flatMap((definition) =>
    intent.collections
      .filter(({ ns }) => ns.collection === definition.name && (db === undefined || ns.db === db))
      .map((entry) => ({ definition, entry })),
  );
}

export interface Comparison {
  readonly definitions: readonly Definition[];
  readonly intent: Intent;
  readonly pairs: readonly Pair[];
  readonly db: string | undefined;
  /** The account of the service; absent: whoever may insert by the policy. */
  readonly account?: UserRef;
  /** Whether the service leaves indexes alone; absent: nobody knows. */
  readonly leavesIndexes?: boolean;
}

export function compare(comparison: Comparison): readonly Problem[] {
  const { definitions, intent, pairs, db } = comparison;
  const known = new Set(pairs.map(({ definition }) => definition));
  const strangers = deciding(definitions).filter((definition) => !known.has(definition) && !definition.view);
  return [
    ...pairs.flatMap(({ definition, entry }) => [
      ...(entry.encryption === undefined ? unsaid(definition, formatNamespace(entry.ns)) : []),
      ...(entry.encryption === undefined ? [] : differences(definition, entry, entry.encryption)),
      ...lostDocuments(definition, entry),
      ...refusedIndexes(definition, entry, comparison),
    ]),
    ...strangers.flatMap((definition) => unsaid(definition, definition.name)),
    ...undefinedCollections(intent, pairs, db),
  ];
}

function unsaid(definition: Definition, collection: string): readonly Problem[] {
  const [first, ...others] = sealedIn(definition);
  if (first === undefined) return [];
  const fields = others.length === 0 ? `"${first.path}"` : `"${first.path}" and ${others.length} more`;
  const message = `${fields} of ${collection} ${others.length === 0 ? 'is' : 'are'} sealed by the definition, and the policy says nothing of it. The server does not refuse plaintext there. Add the field map to the policy`;
  return [finding('crud-service/not-in-policy', 'warning', message, definition.source.locate(first.place))];
}

/** Collections of the policy that the service could not seal, for it has no definition of them. */
function undefinedCollections(
  { collections }: Intent,
  pairs: readonly Pair[],
  db: string | undefined,
): readonly Problem[] {
  const defined = new Set(pairs.map(({ entry }) => entry));
  return collections
    .filter(
      (entry) => entry.encryption !== undefined && !defined.has(entry) && (db === undefined || entry.ns.db === db),
    )
    .map((entry) => {
      const message = `the policy seals fields of ${formatNamespace(entry.ns)}, and no definition is about it. Another application writes there, or a definition is missing`;
      return finding('crud-service/not-defined', 'info', message, entry.origin('encryption'));
    });
}

function differences(definition: Definition, entry: IntentCollection, encryption: EncryptionEntry): readonly Problem[] {
  const wanted = sealedFields(encryption.fields);
  const sealed = new Map(sealedIn(definition).map((field) => [field.path, field]));
  const missing = wanted.filter(({ path }) => !sealed.has(path));
  const extra = [...sealed.values()].filter(({ path }) => !Object.hasOwn(encryption.fields, path));
  const at = (field: WantedField): string => {
    const { file, line } = entry.origin('encryption', 'fields', field.path);
    return `${file}:${line}`;
  };
  return [
    ...missing.map((field) => missingSeal(definition, field, at(field))),
    ...extra.map(({ path, place }) => {
      const message = `"${path}" is sealed by the definition, and not by the policy. The server takes plaintext there`;
      return finding('crud-service/difference', 'error', message, definition.source.locate(place));
    }),
    ...wanted.flatMap((field) => {
      const found = sealed.get(field.path);
      if (found === undefined) return [];
      const { seal, place } = found;
      const said = (what: string, theirs: string, ours: string): string =>
        `"${field.path}" is sealed ${what} ${theirs} by the definition, and ${what} ${ours} by the policy (${at(field)})`;
      return [
        ...(seal.algorithm === field.algorithm ? [] : [said('by', seal.algorithm, field.algorithm)]),
        ...(seal.bsonType === field.bsonType ? [] : [said('as', seal.bsonType, field.bsonType)]),
      ].map((message) => finding('crud-service/difference', 'error', message, definition.source.locate(place)));
    }),
    ...wanted.flatMap((field) => keyDifference(definition, entry, field)),
    ...managedKeys(definition, entry, encryption),
  ];
}

function missingSeal({ map, source }: Definition, { path, bsonType }: WantedField, at: string): Problem {
  const field = map.fields.find((candidate) => candidate.path === path);
  const type = field && bsonTypeOf(field.node);
  const why =
    field === undefined
      ? 'does not describe it'
      : type === bsonType
        ? 'leaves it in the clear. The server refuses what the service writes'
        : `describes it as ${type ?? "a type that can't be sealed"}, and not as ${bsonType}`;
  const message = `"${path}" is sealed by the policy (${at}), and the definition ${why}`;
  return finding('crud-service/difference', 'error', message, source.locate(field?.place ?? []));
}

/** The service finds a key by both of its alternative names, `crud-service` and the collection's. */
function keyDifference(
  { name }: Definition,
  entry: IntentCollection,
  { path, keyAltName }: WantedField,
): readonly Problem[] {
  if (keyAltName === undefined || keyAltName === name || keyAltName === 'crud-service') return [];
  const message = `"${path}" is sealed with the key "${keyAltName}" by the policy, and the service takes the one that is named "${name}". Use that name`;
  return [finding('crud-service/key-name', 'error', message, entry.origin('encryption', 'fields', path, 'keyAltName'))];
}

/** A migration gives a key the one name that the policy has for it, and the service overlooks it for want of the other. */
function managedKeys({ name }: Definition, entry: IntentCollection, encryption: EncryptionEntry): readonly Problem[] {
  const named = Object.values(encryption.fields).some(({ keyAltName }) => keyAltName !== undefined);
  if (encryption.dataKeys !== 'managed' || !named) return [];
  const message = `a migration gives the key of ${formatNamespace(entry.ns)} one name, and the service takes only a key that is named "crud-service" and "${name}". The service would try to make another key, and the unique index would refuse it (E11000). Take dataKeys out and let the service make its key, or let it do so before the first migration`;
  return [finding('crud-service/managed-key', 'warning', message, entry.origin('encryption', 'dataKeys'))];
}

function lostDocuments({ indexes, source }: Definition, entry: IntentCollection): readonly Problem[] {
  return indexes
    .filter(
      ({ name, expireAfterSeconds }) =>
        expireAfterSeconds !== undefined && isForbiddenIndex(entry, { name, key: {}, expireAfterSeconds }),
    )
    .map(({ name, expireAfterSeconds, place }) => {
      const { file, line } = entry.origin();
      const message = `the service builds the index "${name}", which deletes documents of ${formatNamespace(entry.ns)} after ${expireAfterSeconds} s. The policy keeps them (${file}:${line}). Take the index out`;
      return finding('crud-service/ttl', 'error', message, source.locate([...place, 'expireAfterSeconds']));
    });
}

/** At start the service drops and builds indexes, unless it declares none that is missing, or is told to leave them alone. */
function refusedIndexes(
  { indexes, source }: Definition,
  entry: IntentCollection,
  { intent, account, leavesIndexes }: Comparison,
): readonly Problem[] {
  if (indexes.length === 0 || leavesIndexes === true) return [];
  const state = intentState(intent);
  const graph = roleGraph(state.roles ?? [], state.server.version);
  const writers = account === undefined ? (entry.access.get('insert') ?? []) : [account];
  const keys = new Set(writers.map(userKey));
  const refused = intent.users.find(
    ({ user }) =>
      keys.has(userKey(user)) && !allows(graph.privileges(user.roles), 'createIndex', collectionTarget(entry.ns)),
  );
  if (refused === undefined) return [];
  const names = indexes.map(({ name }) => `"${name}"`).join(', ');
  const unless =
    leavesIndexes === undefined
      ? ' unless DISABLE_INDEX_MANAGEMENT=true is set'
      : '. Set DISABLE_INDEX_MANAGEMENT=true';
  const message = `${formatUser(refused.user)} may not build indexes on ${formatNamespace(entry.ns)}, and the service builds ${names} when it starts. It does not start${unless}, and let somebody else build them`;
  const severity = leavesIndexes === undefined ? 'warning' : 'error';
  return [finding('crud-service/index-management', severity, message, source.locate(['indexes']))];
}

function finding(rule: string, severity: Severity, message: string, at: Position): Problem {
  return { rule, severity, message, ...at };
}
