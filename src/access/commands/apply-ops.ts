/**
 * `applyOps`, entry by entry: `validateApplyOpsCommand` (apply_ops_cmd.cpp) and `checkAuthForCommand`,
 * `checkOperationAuthorization` (oplog_application_checks.cpp), read in the public source of 4.4, 5.0 and 9.0.
 */
import type { Namespace } from '../../model/names.ts';
import { CLUSTER } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import { mendedIn, VULNERABILITIES } from '../vulnerabilities.ts';
import {
  argument,
  arrayAt,
  type Call,
  type Document,
  documentAt,
  documentsIn,
  has,
  malformed,
  namespaceAt,
  type Rule,
  textAt,
  truthy,
  uuidOf,
} from './call.ts';
import { all, type Condition, need, needOn } from './condition.ts';

const MAX_DEPTH = 10;

/** Whether an empty list stands anywhere, or a `create` or `renameCollection` in company. */
interface Survey {
  readonly superuser: boolean;
  /** Whether an entry has a UUID, and whether such an entry creates a collection. */
  readonly uuid: boolean;
  readonly forced: boolean;
}

export const applyOps: Rule = (call) => {
  const action = mendedIn(VULNERABILITIES.applyOpsUnchecked, call.context.version) ? [need(CLUSTER, 'applyOps')] : [];
  const entries = entriesOf(call, argument(call));
  const survey = surveyOf(call, entries);
  if (survey.superuser) return all([...action, { kind: 'everything' }]);
  return all([
    ...action,
    ...(survey.forced ? [need(CLUSTER, 'forceUUID')] : []),
    ...(survey.uuid ? [need(CLUSTER, 'useUUID')] : []),
    ...entries.map((entry) => entryDemands(call, entry)),
    ...documentsIn(call, 'preCondition').map(({ ns }) => needOn(namespaceAt(call, ns, 'ns'), 'find')),
  ]);
};

function entriesOf(call: Call, value: unknown): readonly Document[] {
  return arrayAt(call, value, 'the list').map((entry) => documentAt(call, entry, 'an entry'));
}

function surveyOf(call: Call, list: readonly Document[]): Survey {
  let survey: Survey = { superuser: false, uuid: false, forced: false };
  const open = [{ entries: list, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { entries, depth } = next;
    if (depth > MAX_DEPTH) throw malformed(call, `lists are nested more than ${MAX_DEPTH} deep`);
    const mixed =
      entries.length > 1 && entries.some((entry) => ['create', 'renameCollection'].includes(commandOf(entry)));
    if (entries.length === 0 || mixed) return { ...survey, superuser: true };
    for (const entry of entries) {
      const uuid = hasUuid(entry) || (entry.op === 'c' && hasUuid(documentAt(call, entry.o, 'o')));
      const forced = uuid && commandOf(entry) === 'create';
      survey = { ...survey, uuid: survey.uuid || uuid, forced: survey.forced || forced };
      if (commandOf(entry) !== 'applyOps') continue;
      open.push({ entries: entriesOf(call, Object.values(documentAt(call, entry.o, 'o'))[0]), depth: depth + 1 });
    }
  }
  return survey;
}

/** The command of a `c` entry, empty for others. */
function commandOf({ op, o }: Document): string {
  return op === 'c' && typeof o === 'object' && o !== null ? (Object.keys(o)[0] ?? '') : '';
}

function hasUuid(document: Document): boolean {
  return Object.values(document).some((value) => uuidOf(value) !== undefined);
}

/** An insert demands no `update`, though the server then overwrites what has the same `_id`. */
function entryDemands(call: Call, entry: Document): Condition {
  const op = textAt(call, entry.op, 'op');
  if (op === 'n') return need(CLUSTER, 'appendOplogNote');
  if (op === 'db') return { kind: 'everything' };
  const ns = namespaceOf(call, entry);
  const bypass = truthy(call.body.bypassDocumentValidation) ? ['bypassDocumentValidation'] : [];
  switch (op) {
    case 'c':
      return commandDemands(call, entry, ns);
    case 'i':
      return needOn(ns, 'insert', ...bypass);
    case 'u':
      return needOn(ns, 'update', ...(upserts(call, entry) ? ['insert'] : []), ...bypass);
    case 'd':
      return needOn(ns, 'remove');
    case 'ci':
      return needOn(ns, 'containerInsert');
    case 'cu':
      return needOn(ns, 'containerUpdate');
    case 'cd':
      return needOn(ns, 'containerDelete');
    default:
      throw malformed(call, `an entry has the unknown op ${JSON.stringify(op)}`);
  }
}

/** Unless `alwaysUpsert` is turned off, an update that finds nothing inserts. 8.3 has no such option any more. */
function upserts({ body, context }: Call, entry: Document): boolean {
  if (compareVersions(context.version, '8.3') >= 0) return truthy(entry.b);
  return truthy(entry.b) || !has(body, 'alwaysUpsert') || truthy(body.alwaysUpsert);
}

/** The collection with the entry's UUID, if there is one; else the one it names. */
function namespaceOf(call: Call, { ui, ns }: Document): Namespace {
  const uuid = uuidOf(ui);
  const found = uuid === undefined ? undefined : call.context.collectionOf?.(uuid);
  return found ?? namespaceAt(call, ns, 'ns');
}

/**
 * The command's own check, on the collection that it names. A UUID decides the database at most here, but everything
 * when it is carried out (CVE-2026-18696).
 */
function commandDemands(call: Call, entry: Document, { db }: Namespace): Condition {
  const body = documentAt(call, entry.o, 'o');
  return call.nested(body, commandOf(entry) === 'renameCollection' ? 'admin' : db);
}
