/** The collection that a command is about. */
import { formatNamespace, type Namespace, parseNamespace } from '../../model/names.ts';
import { collectionTarget } from '../../model/resource.ts';
import type { Context } from '../command-definition.ts';
import { checkNamespace } from '../databases.ts';
import { commandError } from '../errors.ts';
import { type Request, subject } from '../request.ts';
import { typeOf } from '../values.ts';

/** The collection that stands under the command's own name. */
export function namespaceOf(request: Request): Namespace {
  const ns = { db: request.db, collection: subject(request) };
  if (ns.collection === '') {
    throw commandError('InvalidNamespace', `Invalid namespace specified '${formatNamespace(ns)}'`);
  }
  checkNamespace(ns);
  return ns;
}

/** A whole namespace, `db.collection`, as `renameCollection` takes it. */
export function parseFullName(value: unknown, argument: string): Namespace {
  if (typeof value !== 'string') {
    throw commandError('TypeMismatch', `'${argument}' must be of type String, not ${typeOf(value)}`);
  }
  const ns = parseNamespace(value);
  if (ns === undefined) throw commandError('InvalidNamespace', `Invalid namespace specified '${value}'`);
  checkNamespace(ns);
  return ns;
}

/** Whether the caller may do all of that on the command's collection. */
export function mayOnCollection({ request, caller }: Context, ...actions: readonly string[]): boolean {
  const target = collectionTarget(namespaceOf(request));
  return actions.every((action) => caller.may(action, target));
}
