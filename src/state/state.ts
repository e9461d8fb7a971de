/**
 * The one shape of a cluster's access-control state, whether read from a live cluster or a snapshot file, or computed as
 * what a policy wants. Roles and users have the shape of the server's `rolesInfo` and `usersInfo`.
 *
 * What is absent is unknown, never "none": `roles: []` says that there are no roles, no `roles` that nobody could look.
 */
import type { UserRef } from '../model/names.ts';
import type { Role, User } from '../model/role.ts';
import type { KeyVault } from './key-vault.ts';
import type { Shard } from './shards.ts';

export interface ClusterState {
  readonly server: ServerInfo;
  /** Custom roles, and MongoDB's own as this server defines them (`isBuiltin`, those of `admin`). */
  readonly roles?: readonly Role[];
  readonly users?: readonly User[];
  readonly databases?: readonly Database[];
  readonly settings?: Settings;
  /** The key vaults that were looked into. One that could not be read is named in `unreadable`. */
  readonly keyVaults?: readonly KeyVault[];
  /** What policies have made or taken over on this cluster: `mongoward.objects`. */
  readonly objects?: readonly OwnedObject[];
  /** The shards of a sharded cluster, by name, with the accounts of their own. */
  readonly shards?: readonly Shard[];
  /** What could not be read, and why. */
  readonly unreadable: readonly Unreadable[];
  /** The account that read it from a live cluster, and would change it. No part of a snapshot. */
  readonly operator?: UserRef;
}

export type Topology = 'standalone' | 'replicaSet' | 'sharded';

export interface ServerInfo {
  /** `major.minor.patch`, as `buildInfo` says. */
  readonly version: string;
  readonly edition: 'community' | 'enterprise' | 'atlas';
  readonly topology: Topology;
  /** Of a sharded cluster whether its config server is a shard too (manual, "Config Shard"); absent: unknown. */
  readonly configShard?: boolean;
  /** One shard of a sharded cluster, reached directly. */
  readonly shard?: boolean;
  /** Not a MongoDB, but this project's stand-in for one. */
  readonly simulated?: boolean;
}

export interface Database {
  readonly name: string;
  readonly collections?: readonly Collection[];
}

/** A collection, view or time series, as `listCollections` shows it. */
export interface Collection {
  readonly name: string;
  readonly type: string;
  readonly options: CollectionOptions;
  /** As `listIndexes` shows them. Absent: not read. */
  readonly indexes?: readonly Index[];
}

export type CollectionOptions = Readonly<Record<string, unknown>> & {
  readonly validator?: Readonly<Record<string, unknown>>;
  readonly validationLevel?: string;
  readonly validationAction?: string;
  readonly capped?: boolean;
};

export interface Index {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly expireAfterSeconds?: number;
  readonly [option: string]: unknown;
}

/** What the deployment itself is, as far as the server tells. An absent field is unknown. */
export interface Settings {
  /** `transition`: authentication is accepted, and so are clients without it (`transitionToAuth`). */
  readonly authorization?: 'enabled' | 'disabled' | 'transition';
  /** `net.tls.mode`: `disabled`, `allowTLS`, `preferTLS` or `requireTLS`. */
  readonly tls?: string;
  /** The lowest version of TLS that it speaks, where it speaks TLS: `1.0` to `1.3`. */
  readonly tlsVersion?: string;
  /** By which clients may log in: `authenticationMechanisms`. */
  readonly mechanisms?: readonly string[];
  /** The addresses that it listens on: `net.bindIp`; `*` for all. */
  readonly bindIp?: readonly string[];
  /** Whether somebody on the machine may make the first account without a login: `enableLocalhostAuthBypass`. */
  readonly localhostException?: boolean;
  /** Whether queries may run JavaScript on the server: `security.javascriptEnabled`. */
  readonly javascript?: boolean;
  /** Whether the server keeps an audit log of its own (Enterprise, Percona, Atlas). */
  readonly auditing?: boolean;
  /** Whether the server encrypts its files (Enterprise, Percona). */
  readonly encryptionAtRest?: boolean;
}

/** An entry of the ownership record. */
export interface OwnedObject {
  readonly kind: 'role' | 'user' | 'collection';
  /** `name@db` of a role or user, `db.collection` of a collection. */
  readonly target: string;
  /** `metadata.name` of the policy that owns it. */
  readonly policy: string;
  /** Whether the policy made it; one that it took over is never dropped. */
  readonly created: boolean;
  /** Of a role that a restriction made: the role, `name@db`, in whose place accounts hold it. */
  readonly replaces?: string;
  /** And what its wildcards were written out to, sorted: databases `db`, and collections `db.collection`. */
  readonly covers?: readonly string[];
}

export interface Unreadable {
  /** What is missing, in the words of this shape: `users`, `databases.orders`, `settings.tls`, `shards.sh0.roles.r@admin`. */
  readonly what: string;
  readonly why: string;
}

/** The database of our own records. It is watched like any other, and never drift. */
export const OWN_DATABASE = 'mongoward';

/** Where the ownership record is kept there: one document for each object. */
export const OBJECTS_COLLECTION = 'objects';

/** The identity of an object in the ownership record: the `_id` of its document. */
export function objectKey({ kind, target }: Pick<OwnedObject, 'kind' | 'target'>): string {
  return `${kind} ${target}`;
}
