/**
 * Maps from roles and from users, by database and name: what a large cluster's accounts and grants are is looked up
 * without making a text of each.
 */
import type { RoleRef, UserRef } from './names.ts';

class ByDatabase<T> {
  readonly #byDatabase = new Map<string, Map<string, T>>();

  /** Database by database. */
  values(): T[] {
    const all: T[] = [];
    for (const names of this.#byDatabase.values()) for (const value of names.values()) all.push(value);
    return all;
  }

  protected of(db: string, name: string): T | undefined {
    return this.#byDatabase.get(db)?.get(name);
  }

  protected hasOf(db: string, name: string): boolean {
    return this.#byDatabase.get(db)?.has(name) === true;
  }

  protected setOf(db: string, name: string, value: T): void {
    const names = this.#byDatabase.get(db);
    if (names === undefined) this.#byDatabase.set(db, new Map([[name, value]]));
    else names.set(name, value);
  }
}

export class RoleMap<T> extends ByDatabase<T> {
  get({ role, db }: RoleRef): T | undefined {
    return this.of(db, role);
  }

  has({ role, db }: RoleRef): boolean {
    return this.hasOf(db, role);
  }

  set({ role, db }: RoleRef, value: T): void {
    this.setOf(db, role, value);
  }
}

export class UserMap<T> extends ByDatabase<T> {
  get({ user, db }: UserRef): T | undefined {
    return this.of(db, user);
  }

  has({ user, db }: UserRef): boolean {
    return this.hasOf(db, user);
  }

  set({ user, db }: UserRef, value: T): void {
    this.setOf(db, user, value);
  }
}
