/** Users and roles, as `admin.system.users` and `admin.system.roles` keep them, and the role graph over them. */
import { randomUUID } from 'node:crypto';
import { UUID } from 'bson';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { type RoleRef, roleKey, type UserRef, userKey } from '../model/names.ts';
import { compareText, sortedBy } from '../model/order.ts';
import type { AuthenticationRestriction, Role } from '../model/role.ts';
import { MECHANISMS, type Mechanism, makeCredential, passwordDigest, type ScramCredential } from './scram.ts';
import type { Document } from './values.ts';

export interface Account extends UserRef {
  readonly userId: UUID;
  /** Empty for users of `$external`: they have no password here. */
  readonly credentials: ReadonlyMap<Mechanism, ScramCredential>;
  /** As they were granted: the same role twice stays twice. */
  readonly roles: readonly RoleRef[];
  readonly authenticationRestrictions?: readonly AuthenticationRestriction[];
  readonly customData?: Document;
}

/** The state that user and role commands change. */
export class Accounts {
  readonly #version: string;
  readonly #users = new Map<string, Account>();
  readonly #roles = new Map<string, Role>();
  #graph: RoleGraph;
  #generation = 0;

  constructor(version: string) {
    this.#version = version;
    this.#graph = roleGraph([], version);
  }

  /** Grows with every change: what was computed from users and roles before is stale then. */
  get generation(): number {
    return this.#generation;
  }

  get graph(): RoleGraph {
    return this.#graph;
  }

  user(ref: UserRef): Account | undefined {
    return this.#users.get(userKey(ref));
  }

  /** Ordered by name, then database, as `usersInfo` does. */
  users(): readonly Account[] {
    return [...this.#users.values()].sort((a, b) => compareText(a.user, b.user) || compareText(a.db, b.db));
  }

  /** A role that was created here, with its privileges as they were written. */
  customRole(ref: RoleRef): Role | undefined {
    return this.#roles.get(roleKey(ref));
  }

  customRoles(): readonly Role[] {
    return sortedBy(this.#roles.values(), roleKey);
  }

  isBuiltin(ref: RoleRef): boolean {
    return this.#graph.role(ref)?.isBuiltin === true;
  }

  putUser(account: Account): void {
    this.#users.set(userKey(account), account);
    this.#generation += 1;
  }

  removeUser(ref: UserRef): boolean {
    this.#generation += 1;
    return this.#users.delete(userKey(ref));
  }

  putRole(role: Role): void {
    this.#roles.set(roleKey(role), role);
    this.#rolesChanged();
  }

  /** Removes the role, and takes it away from every user and role that holds it. */
  removeRole(ref: RoleRef): boolean {
    const without = (roles: readonly RoleRef[]): readonly RoleRef[] =>
      roles.filter((held) => roleKey(held) !== roleKey(ref));
    const removed = this.#roles.delete(roleKey(ref));
    for (const [key, user] of this.#users) this.#users.set(key, { ...user, roles: without(user.roles) });
    for (const [key, role] of this.#roles) this.#roles.set(key, { ...role, roles: without(role.roles) });
    this.#rolesChanged();
    return removed;
  }

  #rolesChanged(): void {
    this.#graph = roleGraph(this.#roles.values(), this.#version);
    this.#generation += 1;
  }
}

/** The document of `admin.system.users`. */
export function accountDocument(account: Account): Document {
  const { authenticationRestrictions, customData } = account;
  const scram = Object.fromEntries([...account.credentials].map(([mechanism, credential]) => [mechanism, credential]));
  return {
    _id: userKey(account),
    userId: account.userId,
    user: account.user,
    db: account.db,
    credentials: account.db === '$external' ? { external: true } : scram,
    ...(authenticationRestrictions === undefined ? {} : { authenticationRestrictions }),
    ...(customData === undefined ? {} : { customData }),
    roles: account.roles,
  };
}

/** The document of `admin.system.roles`. */
export function roleDocument(role: Role): Document {
  const { authenticationRestrictions } = role;
  return {
    _id: roleKey(role),
    role: role.role,
    db: role.db,
    privileges: role.privileges,
    roles: role.roles,
    ...(authenticationRestrictions === undefined ? {} : { authenticationRestrictions }),
  };
}

export function newUserId(): UUID {
  return new UUID(randomUUID());
}

/** What `usersInfo` says of how a user logs in. */
export function mechanismsOf(account: Account): readonly string[] {
  return account.db === '$external' ? ['external'] : MECHANISMS.filter((name) => account.credentials.has(name));
}

/** `digested`: the client has already made the digest of the password, which serves SCRAM-SHA-1 only. */
export function makeCredentials(
  user: string,
  password: string,
  mechanisms: readonly Mechanism[],
  digested = false,
): ReadonlyMap<Mechanism, ScramCredential> {
  return new Map(
    MECHANISMS.filter((mechanism) => mechanisms.includes(mechanism)).map((mechanism) => {
      const secret = mechanism === 'SCRAM-SHA-1' && !digested ? passwordDigest(user, password) : password;
      return [mechanism, makeCredential(mechanism, secret)];
    }),
  );
}
