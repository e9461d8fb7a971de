/** Commands that write documents. */
import { formatNamespace } from '../../model/names.ts';
import {
  type Call,
  collectionIn,
  type Document,
  documentsIn,
  malformed,
  namespaceAt,
  type Rule,
  truthy,
} from './call.ts';
import { all, type Condition, needOn } from './condition.ts';

function bypassOf({ body }: Call): readonly string[] {
  return truthy(body.bypassDocumentValidation) ? ['bypassDocumentValidation'] : [];
}

/** `update`, and `insert` too as soon as one of them upserts. */
function updateActions(updates: readonly Document[]): readonly string[] {
  return updates.some(({ upsert }) => truthy(upsert)) ? ['update', 'insert'] : ['update'];
}

/** write_commands_common.cpp, `fillPrivileges` and `checkAuthorizationImpl`. */
function write(actions: (call: Call) => readonly string[]): Rule {
  return (call) => needOn(collectionIn(call), ...actions(call), ...bypassOf(call));
}

/** `addPrivilegesRequiredForFindAndModify` (find_and_modify_common.cpp): it always reads. */
function findAndModifyActions({ body }: Call): readonly string[] {
  return [
    'find',
    ...(truthy(body.update) ? ['update'] : []),
    ...(truthy(body.upsert) ? ['insert'] : []),
    ...(truthy(body.remove) ? ['remove'] : []),
  ];
}

/**
 * 8.0: `bulk_write_common::getPrivileges`. Every collection named needs what its own operations need, and every one of
 * them `bypassDocumentValidation` if that is set.
 */
const bulkWrite: Rule = (call) => {
  const namespaces = documentsIn(call, 'nsInfo').map(({ ns }) => namespaceAt(call, ns, 'ns'));
  const operations = documentsIn(call, 'ops').map((op) => {
    const index = op.insert ?? op.update ?? op.delete;
    const ns = typeof index === 'number' ? namespaces[index] : undefined;
    if (ns === undefined) throw malformed(call, `an operation refers to entry ${JSON.stringify(index)} of nsInfo`);
    return needOn(ns, ...operationActions(op));
  });
  const bypass = namespaces.map((ns): Condition => needOn(ns, ...bypassOf(call)));
  return all([...operations, ...bypass], `it writes nothing to ${namespaces.map(formatNamespace).join(', ')}`);
};

function operationActions(op: Document): readonly string[] {
  if (op.insert !== undefined) return ['insert'];
  return op.update !== undefined ? updateActions([op]) : ['remove'];
}

export const WRITING: Readonly<Record<string, Rule>> = {
  insert: write(() => ['insert']),
  update: write((call) => updateActions(documentsIn(call, 'updates'))),
  delete: write(() => ['remove']),
  'findAndModify findandmodify': write(findAndModifyActions),
};

/** Since 8.0, on `admin` only. */
export const WRITING_8_0: Readonly<Record<string, Rule>> = { bulkWrite };
