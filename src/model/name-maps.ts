/**
 * Maps from roles and from users, by database and name: what a large cluster's accounts and grants are is looked up
 * without making a text of each.
 */
import type { RoleRef, UserRef } from './names.ts';

class NameMap<R extends { readonly db: string }, T> {
  readonly #byDatabase = new Map<string, Map<string, T>>();
  readonly #nameOf: (ref: R) => string;

  constructor(nameOf: (ref: R) => string) {
    this.#nameOf = nameOf;
  }

  get(ref: R): T | undefined {
    return this.#byDatabase.get(ref.db)?.get(this.#nameOf(ref));
  }

  has(ref: R): boolean {
    return this.#byDatabase.get(ref.db)?.has(this.#nameOf(ref)) === true;
  }

  set(ref: R, value: T): void {
    const names = this.#byDatabase.get(ref.db);
    if (names === undefined) this.#byDatabase.set(ref.db, new Map([[this.#nameOf(ref), value]]));
    else names.set(this.#nameOf(ref), value);
  }

  /** Database by database. */
  values(): T[] {
    const all: T[] = [];
    for (const names of this.#byDatabase.values()) for (const value of names.values()) all.push(value);
    return all;
  }
}

export class RoleMap<T> extends NameMap<RoleRef, T> {
  constructor() {
    super(({ role }) => role);
  }
}

export class UserMap<T> extends NameMap<UserRef, T> {
  constructor() {
    super(({ user }) => user);
  }
}
