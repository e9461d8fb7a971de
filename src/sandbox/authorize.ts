/**
 * Who is logged in on a connection, and what they may do now. Every decision is the model's: `roleGraph` says what the
 * user's roles grant, `allows` whether that is enough.
 */
import { allows } from '../model/decision.ts';
import { type RoleRef, roleKey, type UserRef, userKey } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import { covers, type Resource, type Target } from '../model/resource.ts';
import type { Account, Accounts } from './accounts.ts';
import { type Endpoints, restrictionsMet } from './authentication-restrictions.ts';

/** What is known of whoever sent a command. Without an account nothing is allowed. */
export interface Caller {
  readonly account?: Account;
  readonly privileges: readonly Privilege[];
  /** The roles held, inherited ones included. */
  readonly roles: readonly RoleRef[];
  may(action: string, target: Target): boolean;
}

const NOBODY: Caller = { privileges: [], roles: [], may: () => false };

/** Whether the user's own and all its roles' authentication restrictions let it in from there. */
export function mayLogIn(accounts: Accounts, account: Account, endpoints: Endpoints): boolean {
  const held = accounts.graph.closure(account.roles).map((role) => role.authenticationRestrictions);
  return restrictionsMet([account.authenticationRestrictions, ...held], endpoints);
}

/**
 * The login of one connection. It is looked up again whenever users or roles have changed, so that a revocation takes
 * effect on the next command.
 */
export class Login {
  readonly #accounts: Accounts;
  readonly #endpoints: Endpoints;
  #account: Account | undefined;
  #caller = NOBODY;
  #generation = -1;

  constructor(accounts: Accounts, endpoints: Endpoints) {
    this.#accounts = accounts;
    this.#endpoints = endpoints;
  }

  get endpoints(): Endpoints {
    return this.#endpoints;
  }

  enter(account: Account): void {
    this.#account = account;
    this.#generation = -1;
  }

  leave(): void {
    this.#account = undefined;
    this.#generation = -1;
  }

  /** Whoever is logged in, as of now. */
  caller(): Caller {
    if (this.#generation === this.#accounts.generation) return this.#caller;
    this.#generation = this.#accounts.generation;
    const account = this.#account === undefined ? undefined : this.#refreshed(this.#account);
    this.#account = account;
    this.#caller = account === undefined ? NOBODY : makeCaller(this.#accounts, account);
    return this.#caller;
  }

  /** A user that was dropped is gone, also if another one of the same name was created since. */
  #refreshed(account: Account): Account | undefined {
    const present = this.#accounts.user(account);
    if (present === undefined || !present.userId.equals(account.userId)) return undefined;
    return mayLogIn(this.#accounts, present, this.#endpoints) ? present : undefined;
  }
}

function makeCaller(accounts: Accounts, account: Account): Caller {
  const roles = accounts.graph.closure(account.roles);
  const privileges = accounts.graph.privileges(account.roles);
  return { account, privileges, roles, may: (action, target) => allows(privileges, action, target) };
}

export function isSelf(caller: Caller, ref: UserRef): boolean {
  return caller.account !== undefined && userKey(caller.account) === userKey(ref);
}

export function holdsRole(caller: Caller, ref: RoleRef): boolean {
  return caller.roles.some((role) => roleKey(role) === roleKey(ref));
}

/** Whether any privilege at all could reach something in the database: what a filtered `listDatabases` shows. */
export function mayAnythingIn(caller: Caller, db: string): boolean {
  return caller.privileges.some(({ resource }) => covers(resource, { kind: 'database', db }) || names(resource, db));
}

function names(resource: Resource, db: string): boolean {
  if (!('db' in resource)) return false;
  const collection = 'collection' in resource ? resource.collection : resource.system_buckets;
  return resource.db === db || (resource.db === '' && collection !== '');
}

/** Whether any action at all is granted on the target: what a filtered `listCollections` shows. */
export function mayAnythingOn(caller: Caller, target: Target): boolean {
  return caller.privileges.some(({ resource }) => covers(resource, target));
}
