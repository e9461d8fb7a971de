/**
 * The ways in which an outcome is brought about on a collection, as a closed list of named steps. Each says what an
 * account must hold; whoever holds all of it can. Tried on a MongoDB 4.4 server unless it says otherwise.
 */
import type { Namespace } from './names.ts';
import type { Outcome } from './outcomes.ts';
import { CLUSTER, collectionTarget, covers, databaseTarget, type Resource } from './resource.ts';
import { compareVersions } from './version.ts';

/** An action on something that a privilege must reach. */
export interface Requirement {
  readonly action: string;
  /** For people: `audit.logs`, `cluster`. */
  readonly on: string;
  reaches(resource: Resource): boolean;
}

/**
 * - `direct`: by its own privileges
 * - `escalation`: by first giving itself other privileges or another identity
 * - `server`: by a weakness of this release, not of a grant
 */
export type WayKind = 'direct' | 'escalation' | 'server';

export interface Way {
  /** The same in every release of this project: reports and suppressions name it. */
  readonly id: string;
  readonly kind: WayKind;
  readonly outcomes: readonly Outcome[];
  /** What it takes, all of it. */
  readonly requires: readonly Requirement[];
  /** What it does, after "can": `delete documents`. */
  readonly does: string;
  /** What to do about a weakness of the release. */
  readonly remedy?: string;
}

/** What the ways depend on besides privileges. */
export interface Circumstances {
  readonly version: string;
  readonly sharded: boolean;
  /** Whether the collection has a TTL index, whose expiry can be changed. */
  readonly expires: boolean;
}

/** Every way there is to bring something about on the collection, in this release and these circumstances. */
export function waysAround(ns: Namespace, circumstances: Circumstances): readonly Way[] {
  const name = `${ns.db}.${ns.collection}`;
  const on = (action: string): Requirement => requireOn(action, ns);
  const onDatabase = (action: string, db = ns.db): Requirement => ({
    action,
    on: `database ${db}`,
    reaches: (resource) => covers(resource, databaseTarget(db)),
  });
  const onCluster = (action: string): Requirement => ({
    action,
    on: 'cluster',
    reaches: (resource) => covers(resource, CLUSTER),
  });
  const everything: readonly Outcome[] = ['read', 'insert', 'alter', 'destroy', 'unseal', 'suppress', 'administer'];
  const direct = (id: string, outcomes: readonly Outcome[], requires: readonly Requirement[], does: string): Way => ({
    id,
    kind: 'direct',
    outcomes,
    requires,
    does,
  });
  const escalation = (id: string, requires: readonly Requirement[], does: string): Way => ({
    id,
    kind: 'escalation',
    outcomes: everything,
    requires,
    does,
  });
  return [
    direct('find', ['read'], [on('find')], `read ${name}`),
    direct('insert', ['insert'], [on('insert')], `insert into ${name}`),
    direct('update', ['alter'], [on('update')], `change documents of ${name}`),
    direct('remove', ['alter'], [on('remove')], `delete documents of ${name}`),
    direct(
      'convert-to-capped',
      ['alter', 'destroy', 'suppress'],
      [on('convertToCapped')],
      `cap ${name}, which removes documents`,
    ),
    direct('ttl-index', ['alter', 'destroy'], [on('createIndex')], `let documents of ${name} expire by a TTL index`),
    direct(
      'refusing-index',
      ['suppress'],
      [on('createIndex')],
      `make an index on ${name} that refuses the writer's documents`,
    ),
    ...(circumstances.expires
      ? [direct('ttl-change', ['alter', 'destroy'], [on('collMod')], `change when documents of ${name} expire`)]
      : []),
    direct('validator-removal', ['unseal'], [on('collMod')], `take the validator of ${name} away`),
    direct(
      'strict-validator',
      ['suppress'],
      [on('collMod')],
      `give ${name} a validator that refuses the writer's documents`,
    ),
    direct(
      'validation-bypass',
      ['unseal'],
      [on('insert'), on('bypassDocumentValidation')],
      `insert past the validator of ${name}`,
    ),
    direct('drop', ['alter', 'destroy'], [on('dropCollection')], `drop ${name}`),
    direct('drop-database', ['alter', 'destroy'], [onDatabase('dropDatabase')], `drop the database ${ns.db}`),
    direct('rename', ['destroy'], [onDatabase('renameCollectionSameDB')], `rename ${name} away`),
    direct(
      'oplog',
      ['read'],
      [requireOn('find', { db: 'local', collection: 'oplog.rs' })],
      `read what is written to ${name} in the oplog`,
    ),
    direct(
      'profiler',
      ['read'],
      [onDatabase('enableProfiler'), requireOn('find', { db: ns.db, collection: 'system.profile' })],
      `read what is written to ${name} in ${ns.db}.system.profile`,
    ),
    ...applyOpsWays(name, on('insert'), onCluster('applyOps'), circumstances),
    escalation('grant-role', [onDatabase('grantRole')], `grant itself any role on ${ns.db}`),
    ...(ns.db === 'admin'
      ? []
      : [escalation('grant-role-admin', [onDatabase('grantRole', 'admin')], 'grant itself root@admin')]),
    escalation(
      'write-users',
      [requireOn('insert', { db: 'admin', collection: 'system.users' })],
      'write itself into admin.system.users',
    ),
    escalation(
      'change-users',
      [requireOn('update', { db: 'admin', collection: 'system.users' })],
      'change its roles in admin.system.users',
    ),
    escalation(
      'write-roles',
      [requireOn('insert', { db: 'admin', collection: 'system.roles' })],
      'write a role into admin.system.roles',
    ),
    escalation(
      'change-roles',
      [requireOn('update', { db: 'admin', collection: 'system.roles' })],
      'change a role in admin.system.roles',
    ),
  ];
}

function requireOn(action: string, ns: Namespace): Requirement {
  const target = collectionTarget(ns);
  return { action, on: `${ns.db}.${ns.collection}`, reaches: (resource) => covers(resource, target) };
}

/**
 * `applyOps` with an insert entry upserts, so that who may insert may replace. 4.4.9 and 5.0 and newer demand the
 * cluster action `applyOps` besides (SERVER-36263); `mongos` has no such command.
 */
function applyOpsWays(
  name: string,
  insert: Requirement,
  applyOps: Requirement,
  { version, sharded }: Circumstances,
): readonly Way[] {
  if (sharded) return [];
  const does = `replace documents of ${name} by applyOps, whose insert entries overwrite`;
  if (compareVersions(version, '4.4.9') >= 0) {
    return [{ id: 'apply-ops', kind: 'direct', outcomes: ['alter'], requires: [insert, applyOps], does }];
  }
  const remedy = 'run MongoDB 5.0 or newer, or let clients reach the data through mongos only';
  return [{ id: 'apply-ops-unchecked', kind: 'server', outcomes: ['alter'], requires: [insert], does, remedy }];
}

/** The right to set other users' passwords in a database, which makes its holder any of them. */
export function takeover(db: string): Requirement {
  const target = databaseTarget(db);
  return { action: 'changePassword', on: `database ${db}`, reaches: (resource) => covers(resource, target) };
}
