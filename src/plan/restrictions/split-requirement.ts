import { NOTHING, reaches, splitScope } from '../../access/scope.ts';
import type { Requirement } from '../../access/techniques.ts';

/** A requirement as far as it is met at the database, and as far as it is met beyond. */
export function splitRequirement(
  requirement: Requirement,
  db: string,
): { readonly at: Requirement; readonly beyond: Requirement } {
  const { action, on } = requirement;
  if (db === 'admin' && isAboutAccounts(requirement)) return { at: { action, on: NOTHING }, beyond: requirement };
  const { at, beyond } = splitScope(on, db);
  return { at: { action, on: at }, beyond: { action, on: beyond } };
}

/** What is granted in `admin` is about the accounts of the whole cluster, also where `admin` is the protected database. */
function isAboutAccounts({ action, on }: Requirement): boolean {
  if (ACCOUNT_ACTIONS.has(action)) return true;
  return ['system.users', 'system.roles', 'system.version'].some(
    (collection) => reaches(on, { db: 'admin', collection }) && !reaches(on, { db: 'admin', collection: 'any' }),
  );
}

const ACCOUNT_ACTIONS = new Set([
  'changePassword',
  'createRole',
  'dropRole',
  'dropUser',
  'grantRole',
  'revokeRole',
  'setAuthenticationRestriction',
]);
