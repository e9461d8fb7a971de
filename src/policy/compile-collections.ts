/** Protected collections, restrictions and break-glass accounts of a policy file, compiled. */

import type {
  AcceptedRiskEntry,
  AttestationEntry,
  BreakGlassEntry,
  CollectionEntry,
  JsonSchema,
  RestrictionEntry,
  UserSelector as WrittenSelector,
} from '../generated/policy.ts';
import { collectionNameProblem, databaseNameProblem, namespaceProblem, parseNamespace } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { roleRef, userRef } from './compile-access.ts';
import { compileEncryption } from './compile-encryption.ts';
import { isDate } from './dates.ts';
import type { FileContext } from './file-context.ts';
import type {
  Intent,
  IntentAcceptedRisk,
  IntentBreakGlass,
  IntentCollection,
  IntentRestriction,
  UserSelector,
} from './intent.ts';
import { durationSeconds, WRITE_OUTCOMES } from './presets.ts';
import type { DocumentPath } from './problem.ts';

export function compileCollection(
  context: FileContext,
  key: string,
  entry: CollectionEntry,
): IntentCollection | undefined {
  const path = ['collections', key];
  const ns = parseNamespace(key);
  if (ns === undefined) {
    context.problem('document/name', path, `"${key}" is not the full name of a collection: write it as db.collection`);
    return undefined;
  }
  const wrong = namespaceProblem(ns);
  if (wrong !== undefined) {
    context.problem('document/name', path, `${JSON.stringify(key)} can't be a collection: ${wrong}`);
    return undefined;
  }
  if (ns.db === 'local' || ns.db === 'config') {
    const message = `${key} can't be a collection of a policy, because what lies in ${ns.db} is the server's own. Say who may not reach it by a restriction on ${key}, or name another database`;
    context.problem('document/schema', path, message);
    return undefined;
  }
  return {
    ns,
    protection: entry.protection ?? 'none',
    access: new Map(
      Object.entries(entry.access ?? {}).map(([outcome, users]) => [outcome as Outcome, users.map(userRef)]),
    ),
    remedy: entry.remedy ?? 'report',
    dedicatedDatabase: entry.dedicatedDatabase === true,
    ...(entry.retention === undefined ? {} : { retention: retention(entry.retention) }),
    ...(entry.schema === undefined ? {} : { schema: entry.schema }),
    ...validation(entry, schemaOf(context, path, entry)),
    ...(entry.encryption === undefined ? {} : { encryption: entry.encryption }),
    origin: context.origin(path),
  };
}

function retention(written: NonNullable<CollectionEntry['retention']>): NonNullable<IntentCollection['retention']> {
  return typeof written === 'string' ? {} : { seconds: durationSeconds(written.atLeast) };
}

/** The collection's own schema, with ciphertext demanded where a field is sealed; nothing if the policy has neither. */
function schemaOf(context: FileContext, path: DocumentPath, entry: CollectionEntry): JsonSchema | undefined {
  return entry.encryption === undefined ? entry.schema : compileEncryption(context, path, entry, entry.encryption);
}

/** The server's defaults are spelled out, so that what it answers can be compared. */
function validation(entry: CollectionEntry, schema: JsonSchema | undefined): Pick<IntentCollection, 'validation'> {
  if (schema === undefined) return {};
  return {
    validation: {
      validator: { $jsonSchema: schema },
      validationLevel: entry.validationLevel ?? 'strict',
      validationAction: entry.validationAction ?? 'error',
    },
  };
}

export function compileRestriction(context: FileContext, index: number, entry: RestrictionEntry): IntentRestriction {
  const { users, on } = entry;
  const deny = new Set(entry.deny.flatMap((word) => (word === 'write' ? WRITE_OUTCOMES : [word])));
  for (const [at, place] of (typeof on === 'string' ? [on] : on).entries()) {
    const wrong = placeProblem(place);
    if (wrong !== undefined) context.problem('document/name', ['restrictions', index, 'on', at], wrong);
  }
  return {
    users: (Array.isArray(users) ? users : [users]).map(selector),
    except: (entry.except ?? []).map(userRef),
    on: typeof on === 'string' ? [on] : on,
    deny: [...deny],
    remedy: entry.remedy ?? 'report',
    origin: context.origin(['restrictions', index]),
  };
}

/** Why a restriction on it could be about nothing; the server's own collections are places like any other. */
function placeProblem(place: string): string | undefined {
  const ns = parseNamespace(place);
  if (ns === undefined) return undefined;
  const wrong = databaseNameProblem(ns.db);
  if (wrong !== undefined) return `${JSON.stringify(ns.db)} can't be a database: ${wrong}`;
  const invalid = collectionNameProblem(ns.collection);
  return invalid && `${JSON.stringify(place)} can't be a collection: ${invalid}`;
}

/** Whom a restriction or an expectation is about, in one of the forms that are no list. */
export function selector(written: Exclude<WrittenSelector, readonly unknown[]>): UserSelector {
  return typeof written === 'string'
    ? { kind: 'pattern', pattern: written }
    : { kind: 'holding', role: roleRef(written.holding) };
}

export function compileBreakGlass(context: FileContext, index: number, entry: BreakGlassEntry): IntentBreakGlass {
  if (!isDate(entry.until))
    context.problem('document/schema', ['breakGlass', index, 'until'], `there is no ${entry.until}`);
  return {
    user: userRef(entry.user),
    reason: entry.reason,
    until: entry.until,
    origin: context.origin(['breakGlass', index]),
  };
}

export function compileAttestation(
  context: FileContext,
  index: number,
  entry: AttestationEntry,
): Intent['attestations'][number] {
  if (!isDate(entry.reviewedOn)) {
    context.problem('document/schema', ['attestations', index, 'reviewedOn'], `there is no ${entry.reviewedOn}`);
  }
  return { ...entry, origin: context.origin(['attestations', index]) };
}

export function compileAcceptedRisk(context: FileContext, index: number, entry: AcceptedRiskEntry): IntentAcceptedRisk {
  if (!isDate(entry.until)) {
    context.problem('document/schema', ['acceptedRisks', index, 'until'], `there is no ${entry.until}`);
  }
  return { ...entry, origin: context.origin(['acceptedRisks', index]) };
}
