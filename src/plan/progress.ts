/** Where each target stands on its chain of operations: what is already done, what is left, what somebody else changed. */

import { findKeys } from '../encryption/keys.ts';
import { masterKeyDifferences } from '../encryption/master-key.ts';
import { canonicalRole, canonicalUser, type User } from '../model/role.ts';
import { documentKey } from '../state/document.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState } from '../state/state.ts';
import { formKey, roleTargetKey, targetKey, userTargetKey } from './chain.ts';
import { knownKeys } from './data-keys.ts';
import { effective, validationState } from './diff/collections.ts';
import type { DataKeyOperation, DataKeyState, Operation } from './operations/operation.ts';

export interface Progress {
  /** The operations that have still to run, in order. */
  readonly left: readonly Operation[];
  /** The first operation of each target that is in none of the forms which the plan knows. */
  readonly changed: readonly Operation[];
}

/**
 * Compares every target with its operations: equal to an `after` → done up to there; equal to the first `before` →
 * nothing done; anything else → somebody changed it since the plan was made.
 */
export function progressOf(operations: readonly Operation[], actual: ClusterState): Progress {
  const present = presentForms(actual);
  const chains = new Map<string, { readonly operation: Operation; readonly forms: Forms }[]>();
  for (const operation of operations) {
    const forms = formsOf(operation);
    const chain = chains.get(forms.target) ?? [];
    chain.push({ operation, forms });
    chains.set(forms.target, chain);
  }
  const done = new Set<Operation>();
  const changed: Operation[] = [];
  for (const [target, chain] of chains) {
    const [first] = chain;
    if (first === undefined) continue;
    const now = present(target, first.operation);
    const reached = chain.findLastIndex(({ forms }) => forms.after === now);
    if (reached >= 0) for (const { operation } of chain.slice(0, reached + 1)) done.add(operation);
    else if (first.forms.before !== now) changed.push(first.operation);
  }
  return { left: operations.filter((operation) => !done.has(operation)), changed };
}

/** One text per form of a target, so that forms can be compared; `ABSENT` where there is none. */
interface Forms {
  /** Several facets of one role or user are one target; a collection's validation and each of its indexes are their own. */
  readonly target: string;
  readonly before: string;
  readonly after: string;
}

const ABSENT = 'absent';

/** What no server shows: a comparison never takes it for done. */
const UNSEEN = 'unseen';

function formsOf(operation: Operation): Forms {
  if (operation.kind === 'rotatePassword') {
    return { target: `password ${operation.target}`, before: UNSEEN, after: 'set' };
  }
  return {
    target: targetKey(operation),
    before: formKey(operation, 'before') ?? ABSENT,
    after: formKey(operation, 'after') ?? ABSENT,
  };
}

/** The present form of a target. Roles and users are looked up; what belongs to a collection needs the operation. */
function presentForms(actual: ClusterState): (target: string, operation: Operation) => string {
  const roles = new Map(actual.roles?.map((role) => [roleTargetKey(role), role]));
  const users = new Map(actual.users?.map((user) => [userTargetKey(user), user]));
  return (target, operation) => {
    switch (operation.kind) {
      case 'createCollection':
      case 'collMod': {
        const { ns } = operation.after;
        const collection = findCollection(actual, ns);
        return collection === undefined ? ABSENT : documentKey(effective(validationState(ns, collection)));
      }
      case 'createIndex':
      case 'dropIndex': {
        const { ns, index } = operation.after ?? operation.before;
        const found = findCollection(actual, ns)?.indexes?.find((candidate) => candidate.name === index.name);
        return found === undefined ? ABSENT : documentKey({ ns, index: found });
      }
      case 'createDataKey':
      case 'rewrapDataKey':
        return presentKey(actual, operation);
      case 'recordObject':
      case 'forgetObject': {
        const named = operation.after ?? operation.before;
        const found = actual.objects?.find((o) => o.kind === named?.kind && o.target === named.target);
        return found === undefined ? ABSENT : documentKey(found);
      }
      case 'rotatePassword':
        return UNSEEN;
      default: {
        const role = roles.get(target);
        if (role !== undefined) return documentKey(canonicalRole(role));
        const user = users.get(target);
        return user === undefined ? ABSENT : documentKey(presentUser(user, operation));
      }
    }
  };
}

/**
 * A key as the operation would say it. Rewrapping leaves its date and nothing else to see: a key of another date, under
 * the master key that is wanted, has been rewrapped since, by whomsoever.
 */
function presentKey(actual: ClusterState, operation: DataKeyOperation): string {
  const { before, after } = operation;
  const keys = knownKeys(actual, after.ns);
  // Where nobody has looked nothing was seen to be done; whoever carries it out looks first.
  if (keys === undefined) return before === undefined ? ABSENT : documentKey(before);
  const [present, ...others] = findKeys({ keys }, after.key);
  if (present === undefined) return ABSENT;
  const fits = (form: DataKeyState): boolean => masterKeyDifferences(present.masterKey, form.masterKey).length === 0;
  const untouched = before !== undefined && (before.updateDate ?? present.updateDate) === present.updateDate;
  if (others.length > 0) return documentKey({ keys: others.length + 1 });
  if (fits(after) && !(untouched && fits(before))) return documentKey(after);
  return untouched && fits(before) ? documentKey(before) : documentKey({ ...present });
}

/** Without the mechanisms where the operation does not say any: the server then chose them when it made the user. */
function presentUser(user: User, operation: Operation): User {
  const wanted = operation.after ?? operation.before;
  const canonical = canonicalUser(user);
  if (wanted === undefined || 'mechanisms' in wanted) return canonical;
  const { mechanisms: _unsaid, ...rest } = canonical;
  return rest;
}
