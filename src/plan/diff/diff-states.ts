/** The one place that compares two states. Its result is the operations that turn the first into the second. */

import { documentKey } from '../../state/document.ts';
import { type ClusterState, type OwnedObject, objectKey } from '../../state/state.ts';
import { makeOperation } from '../operations/make-operation.ts';
import type { Change, Operation } from '../operations/operation.ts';
import type { PolicyLines } from '../policy-lines.ts';
import { diffCollections } from './diff-collections.ts';
import { diffRoles } from './diff-roles.ts';
import { diffUsers } from './diff-users.ts';

/**
 * Everything in which `desired` differs from `actual`, in no particular order, except that the operations on one target
 * follow each other: each one's `before` is the `after` of the one before it. Objects that are reference-equal in both
 * states are skipped. Parts that either state does not know are not compared.
 */
export function diffStates(actual: ClusterState, desired: ClusterState, lines: PolicyLines): Operation[] {
  return [
    ...(actual.objects && desired.objects ? diffObjects(actual.objects, desired.objects, lines) : []),
    ...(actual.databases && desired.databases ? diffCollections(actual, desired, lines) : []),
    ...(actual.roles && desired.roles ? diffRoles(actual.roles, desired.roles, lines) : []),
    ...(actual.users && desired.users ? diffUsers(actual.users, desired.users, lines) : []),
  ];
}

function diffObjects(actual: readonly OwnedObject[], desired: readonly OwnedObject[], lines: PolicyLines): Operation[] {
  const present = new Map(actual.map((object) => [objectKey(object), object]));
  const wanted = new Set(desired.map(objectKey));
  const operations: Operation[] = [];
  for (const after of desired) {
    const before = present.get(objectKey(after));
    if (before !== undefined && documentKey(before) === documentKey(after)) continue;
    const change: Change = { kind: 'recordObject', after, ...(before && { before }) };
    const text = after.created ? 'the policy is about to make it' : 'it exists, and the policy takes it over';
    operations.push(makeOperation(change, { text }));
  }
  for (const before of actual) {
    if (wanted.has(objectKey(before))) continue;
    operations.push(makeOperation({ kind: 'forgetObject', before }, lines.left(before)));
  }
  return operations;
}
