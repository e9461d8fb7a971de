/** Every name in a policy, with where it stands: of databases, collections, roles and accounts. */
import {
  formatNamespace,
  formatRole,
  formatUser,
  parseNamespace,
  type RoleRef,
  splitAt,
  type UserRef,
} from '../model/names.ts';
import { onceFor } from '../model/once.ts';
import type { Intent, IntentGrant, Origin } from '../policy/intent.ts';
import type { SourceFile } from '../policy/source.ts';

export interface Named {
  readonly kind: 'database' | 'collection' | 'role' | 'user';
  /** As people write it: `audit`, `audit.logs`, `writer@audit`. */
  readonly text: string;
  /** The same without its database. */
  readonly name: string;
  /** The database that it is in; empty for a database. */
  readonly db: string;
  readonly origin: Origin;
}

/**
 * Names that are defined, and those that grants, restrictions and exemptions refer to, each where it stands first. Patterns
 * are left out.
 */
export const namesOf = onceFor((intent: Intent): readonly Named[] => {
  const names = new Names();
  for (const { ns, access, origin } of intent.collections) {
    names.collection(ns.db, ns.collection, origin);
    for (const [outcome, users] of access) {
      for (const [index, user] of users.entries()) names.account(user, () => origin('access', outcome, index));
    }
  }
  for (const { role, grants, origin } of intent.roles) {
    names.role(role, origin);
    names.granted(grants);
  }
  for (const { user, grants, origin } of intent.users) {
    names.account(user, origin);
    names.granted(grants);
  }
  for (const restriction of intent.restrictions) names.restricted(restriction);
  for (const { user, origin } of intent.breakGlass) names.account(user, origin);
  return names.found;
});

class Names {
  readonly found: Named[] = [];
  readonly #known: Readonly<Record<Named['kind'], Set<string>>> = {
    database: new Set(),
    collection: new Set(),
    role: new Set(),
    user: new Set(),
  };

  restricted({ users, except, on, origin }: Intent['restrictions'][number]): void {
    for (const selector of users) {
      if (selector.kind === 'holding') this.role(selector.role, origin);
      else this.written(selector.pattern, origin);
    }
    for (const [index, user] of except.entries()) this.account(user, () => origin('except', index));
    for (const text of on) {
      const ns = parseNamespace(text);
      if (ns !== undefined) this.collection(ns.db, ns.collection === '*' ? '' : ns.collection, origin);
    }
  }

  #add(named: Named): void {
    const known = this.#known[named.kind];
    if (known.has(named.text)) return;
    known.add(named.text);
    this.found.push(named);
  }

  /** Empty parts are wildcards. */
  collection(db: string, name: string, origin: Origin): void {
    this.#database(db, origin);
    if (name === '') return;
    this.#add({ kind: 'collection', text: formatNamespace({ db, collection: name }), name, db, origin });
  }

  #database(db: string, origin: Origin): void {
    if (db !== '') this.#add({ kind: 'database', text: db, name: db, db: '', origin });
  }

  role(ref: RoleRef, origin: Origin): void {
    this.#add({ kind: 'role', text: formatRole(ref), name: ref.role, db: ref.db, origin });
    this.#database(ref.db, origin);
  }

  account(ref: UserRef, origin: Origin): void {
    this.#add({ kind: 'user', text: formatUser(ref), name: ref.user, db: ref.db, origin });
    this.#database(ref.db, origin);
  }

  /** An account's name; nothing if it is a pattern. */
  written(pattern: string, origin: Origin): void {
    const parts = pattern.includes('*') ? undefined : splitAt(pattern);
    if (parts !== undefined) this.account({ user: parts.name, db: parts.db }, origin);
  }

  granted(grants: readonly IntentGrant[]): void {
    for (const grant of grants) {
      if (grant.kind === 'role') {
        this.role(grant.role, grant.origin);
        continue;
      }
      const { resource } = grant.privilege;
      if (!('db' in resource)) continue;
      const name = 'collection' in resource ? resource.collection : resource.system_buckets;
      this.collection(resource.db, name, grant.origin);
    }
  }
}

/** The patterns of `unmanaged`, as they are written, with their places. */
export function unmanagedPatterns(
  files: readonly SourceFile[],
): readonly { readonly text: string; readonly origin: Origin }[] {
  return files.flatMap((source) => {
    const { data } = source;
    const list = typeof data === 'object' && data !== null && 'unmanaged' in data ? data.unmanaged : [];
    return (Array.isArray(list) ? list : []).map((text, index) => ({
      text: String(text),
      origin: () => source.locate(['unmanaged', index]),
    }));
  });
}
