/** The sandbox as a `ClusterState`, and what a fresh standalone has in it. */
import { builtinRole, catalogueFor } from '../model/catalogue.ts';
import type { RoleRef } from '../model/names.ts';
import { canonicalState } from '../state/canonical.ts';
import type { ClusterState } from '../state/state.ts';
import { mechanismsOf } from './accounts.ts';
import type { Sandboxed } from './command-definition.ts';
import type { Databases } from './databases.ts';
import { collectionsOf, databaseNames } from './listing.ts';
import { promoted } from './values.ts';

/** The built-in roles that a database has. */
export function builtinRoles(version: string, db: string): readonly RoleRef[] {
  const { admin, database } = catalogueFor(version);
  return [...database.keys(), ...(db === 'admin' ? admin.keys() : [])].map((role) => ({ role, db }));
}

/** What every standalone has from its first start on. */
export function seed(databases: Databases): void {
  databases.create({ db: 'local', collection: 'startup_log' }, { options: { capped: true, size: 10_485_760 } });
  const sessions = { db: 'config', collection: 'system.sessions' };
  const lastUse = { v: 2, key: { lastUse: 1 }, name: 'lsidTTLIndex', expireAfterSeconds: 1800 };
  databases.create(sessions).addIndex(sessions, lastUse);
}

/** What a reader with every right would see, without credentials. */
export function sandboxState(sandbox: Sandboxed): ClusterState {
  const { accounts, version } = sandbox;
  const builtins = builtinRoles(version, 'admin').flatMap((ref) => builtinRole(catalogueFor(version), ref) ?? []);
  return canonicalState({
    server: { version, edition: 'community', topology: 'standalone', simulated: true },
    roles: [...accounts.customRoles(), ...builtins],
    users: accounts.users().map((account) => ({
      ...account,
      mechanisms: mechanismsOf(account),
      ...(account.customData === undefined ? {} : { customData: promoted(account.customData) }),
    })),
    databases: databaseNames(sandbox).map((name) => ({
      name,
      collections: collectionsOf(sandbox, name).map((collection) => ({
        name: collection.name,
        type: 'collection',
        options: promoted(collection.options),
        indexes: collection.indexes.map((index) => ({ ...index, key: promoted(index.key) })),
      })),
    })),
    settings: { authorization: 'enabled', tls: 'disabled' },
    unreadable: [],
  });
}
