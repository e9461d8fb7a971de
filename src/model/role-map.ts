/** A map from roles, by database and name: a large cluster's grants are looked up without making a text of each. */
import type { RoleRef } from './names.ts';

export class RoleMap<T> {
  readonly #byDatabase = new Map<string, Map<string, T>>();

  get({ role, db }: RoleRef): T | undefined {
    return this.#byDatabase.get(db)?.get(role);
  }

  has({ role, db }: RoleRef): boolean {
    return this.#byDatabase.get(db)?.has(role) === true;
  }

  set({ role, db }: RoleRef, value: T): void {
    const names = this.#byDatabase.get(db);
    if (names === undefined) this.#byDatabase.set(db, new Map([[role, value]]));
    else names.set(role, value);
  }

  /** Database by database. */
  values(): T[] {
    const all: T[] = [];
    for (const names of this.#byDatabase.values()) for (const value of names.values()) all.push(value);
    return all;
  }
}
