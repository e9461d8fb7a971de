/** Where each target stands on its chain of operations: what is already done, what is left, what somebody else changed. */
import { effective, validationState } from '../diff/diff-collections.ts';
import type { Operation } from '../diff/operation.ts';
import { type RoleRef, roleKey, type UserRef, userKey } from '../model/names.ts';
import { canonicalRole, canonicalUser, type User } from '../model/role.ts';
import { documentKey } from '../state/document.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState } from '../state/state.ts';

export interface Standing {
  /** The operations that have still to run, in order. */
  readonly left: readonly Operation[];
  /** The first operation of each target that is in none of the forms which the plan knows. */
  readonly changed: readonly Operation[];
}

/**
 * Compares every target with its operations: equal to an `after` → done up to there; equal to the first `before` →
 * nothing done; anything else → somebody changed it since the plan was made.
 */
export function standingOf(operations: readonly Operation[], actual: ClusterState): Standing {
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

function formsOf(operation: Operation): Forms {
  const form = <T>(value: T | undefined, text: (present: T) => string): string =>
    value === undefined ? ABSENT : text(value);
  switch (operation.kind) {
    case 'createRole':
    case 'grantPrivilegesToRole':
    case 'grantRolesToRole':
    case 'updateRole':
    case 'revokeRolesFromRole':
    case 'revokePrivilegesFromRole':
    case 'dropRole':
      return {
        target: roleTarget((operation.after ?? operation.before) as RoleRef),
        before: form(operation.before, documentKey),
        after: form(operation.after, documentKey),
      };
    case 'createUser':
    case 'grantRolesToUser':
    case 'updateUser':
    case 'revokeRolesFromUser':
    case 'dropUser':
      return {
        target: userTarget((operation.after ?? operation.before) as UserRef),
        before: form(operation.before, documentKey),
        after: form(operation.after, documentKey),
      };
    case 'createCollection':
    case 'collMod':
      return {
        target: `validation ${operation.target}`,
        before: form(operation.before, (state) => documentKey(effective(state))),
        after: form(operation.after, (state) => documentKey(effective(state))),
      };
    case 'createIndex':
      return { target: `index ${operation.target}`, before: ABSENT, after: documentKey(operation.after) };
    case 'dropIndex':
      return { target: `index ${operation.target}`, before: documentKey(operation.before), after: ABSENT };
    case 'recordObject':
    case 'forgetObject':
      return {
        target: `object ${operation.id}`,
        before: form(operation.before, documentKey),
        after: form(operation.after, documentKey),
      };
  }
}

function roleTarget(ref: RoleRef): string {
  return `role ${roleKey(ref)}`;
}

function userTarget(ref: UserRef): string {
  return `user ${userKey(ref)}`;
}

/** The present form of a target. Roles and users are looked up; what belongs to a collection needs the operation. */
function presentForms(actual: ClusterState): (target: string, operation: Operation) => string {
  const roles = new Map(actual.roles?.map((role) => [roleTarget(role), role]));
  const users = new Map(actual.users?.map((user) => [userTarget(user), user]));
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
      case 'recordObject':
      case 'forgetObject': {
        const named = operation.after ?? operation.before;
        const found = actual.objects?.find((o) => o.kind === named?.kind && o.target === named.target);
        return found === undefined ? ABSENT : documentKey(found);
      }
      default: {
        const role = roles.get(target);
        if (role !== undefined) return documentKey(canonicalRole(role));
        const user = users.get(target);
        return user === undefined ? ABSENT : documentKey(presentUser(user, operation));
      }
    }
  };
}

/** Without the mechanisms where the operation does not say any: the server then chose them when it made the user. */
function presentUser(user: User, operation: Operation): User {
  const wanted = operation.after ?? operation.before;
  const canonical = canonicalUser(user);
  if (wanted === undefined || 'mechanisms' in wanted) return canonical;
  const { mechanisms: _unsaid, ...rest } = canonical;
  return rest;
}
