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
    return [...this.#byDatabase.values()].flatMap((names) => [...names.values()]);
  }
}
