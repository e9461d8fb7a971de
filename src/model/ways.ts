/**
 * The ways in which an outcome is brought about, as a closed list of named steps. Each says what an account must hold;
 * whoever holds all of it can. Tried on a MongoDB 4.4 server unless it says otherwise.
 */
import type { Outcome } from './outcomes.ts';
import {
  CLUSTER,
  collectionTarget,
  covers,
  databaseTarget,
  formatTarget,
  type Resource,
  reachesInside,
  type Target,
} from './resource.ts';
import { mendedIn, WEAKNESSES, type Weakness } from './weaknesses.ts';

/** An action on something that a privilege must reach. */
export interface Requirement {
  readonly action: string;
  /** For people: `audit.logs`, `database audit`, `cluster`. */
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
  /** What it does, after "can": `delete documents of audit.logs`. */
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
  /** The names of the views, in the same database, that show the collection. */
  readonly views: readonly string[];
}

/** Every outcome: what somebody can bring about who has become anybody. */
export const EVERY_OUTCOME: readonly Outcome[] = [
  'read',
  'insert',
  'alter',
  'destroy',
  'unseal',
  'suppress',
  'administer',
];

/** Who may do one action there, by what he holds. */
export function wayOfAction(action: string, target: Target): Way {
  const does = `${action} on ${formatTarget(target)}`;
  return { id: `action/${action}`, kind: 'direct', outcomes: [], requires: [requireAction(action, target)], does };
}

export function requireAction(action: string, target: Target): Requirement {
  const on = target.kind === 'database' ? `database ${target.db}` : formatTarget(target);
  return { action, on, reaches: (resource) => covers(resource, target) };
}

/**
 * Every way there is to bring something about on a collection, on any collection of a database, or on any collection of
 * the cluster, in this release and these circumstances.
 */
export function waysAround(subject: Target, circumstances: Circumstances): readonly Way[] {
  const name = subject.kind === 'collection' ? formatTarget(subject) : `collections of ${formatTarget(subject)}`;
  const place: Place = { subject, name, circumstances, on: (action) => onSubject(action, subject) };
  return [
    ...writes(place),
    ...removals(place),
    ...seals(place),
    ...reads(place),
    ...silences(place),
    ...escalations(place),
    ...releases(place),
  ];
}

interface Place {
  readonly subject: Target;
  /** For sentences. */
  readonly name: string;
  readonly circumstances: Circumstances;
  on(action: string): Requirement;
}

/** On the collection itself; on a database or the cluster, on any normal collection inside. */
function onSubject(action: string, subject: Target): Requirement {
  if (subject.kind === 'collection') return requireAction(action, subject);
  return {
    action,
    on: `any collection of ${formatTarget(subject)}`,
    reaches: (resource) => reachesInside(resource, subject),
  };
}

/** On the database of the subject, or on any database. */
function onDatabase(action: string, { subject }: Place): Requirement {
  if (subject.kind !== 'cluster') return requireAction(action, databaseTarget(subject.db));
  return { action, on: 'any database', reaches: (resource) => reachesInside(resource, subject) };
}

function direct(id: string, outcomes: readonly Outcome[], requires: readonly Requirement[], does: string): Way {
  return { id, kind: 'direct', outcomes, requires, does };
}

function writes({ name, on, circumstances }: Place): Way[] {
  return [
    direct('insert', ['insert'], [on('insert')], `insert into ${name}`),
    direct('update', ['alter'], [on('update')], `change documents of ${name}`),
    direct('remove', ['alter'], [on('remove')], `delete documents of ${name}`),
    ...(circumstances.sharded ? [] : applyOpsWay(name, on, circumstances.version)),
  ];
}

/** `applyOps` with an insert entry upserts. From 4.4.9 on it demands the cluster action besides (SERVER-36263). */
function applyOpsWay(name: string, on: Place['on'], version: string): Way[] {
  const does = `replace documents of ${name} by applyOps, whose insert entries overwrite`;
  const needsAction = mendedIn(WEAKNESSES.applyOpsUnchecked, version);
  return needsAction ? [direct('apply-ops', ['alter'], [on('insert'), requireAction('applyOps', CLUSTER)], does)] : [];
}

function removals(place: Place): Way[] {
  const { name, on, circumstances } = place;
  return [
    direct('drop', ['alter', 'destroy'], [on('dropCollection')], `drop ${name}`),
    direct('drop-database', ['alter', 'destroy'], [onDatabase('dropDatabase', place)], `drop the database of ${name}`),
    direct(
      'convert-to-capped',
      ['alter', 'destroy', 'suppress'],
      [on('convertToCapped')],
      `cap ${name}, which removes documents`,
    ),
    direct('ttl-index', ['alter', 'destroy'], [on('createIndex')], `let documents of ${name} expire by a TTL index`),
    ...(circumstances.expires
      ? [direct('ttl-change', ['alter', 'destroy'], [on('collMod')], `change when documents of ${name} expire`)]
      : []),
    direct('rename', ['destroy'], [onDatabase('renameCollectionSameDB', place)], `rename ${name} away`),
    ...(circumstances.sharded
      ? [
          direct(
            'rewrite-chunks',
            ['destroy', 'suppress'],
            [requireAction('update', collectionTarget({ db: 'config', collection: 'chunks' }))],
            `make documents of ${name} vanish by rewriting config.chunks`,
          ),
        ]
      : []),
  ];
}

function seals({ name, on }: Place): Way[] {
  return [
    direct('validator-removal', ['unseal'], [on('collMod')], `take the validator of ${name} away`),
    direct(
      'validation-bypass',
      ['unseal'],
      [on('insert'), on('bypassDocumentValidation')],
      `insert past the validator of ${name}`,
    ),
  ];
}

/**
 * Besides what shows documents there are oracles, which answer yes or no (an insert by its duplicate key error): they
 * are not counted as reading, or every writer would read.
 */
function reads(place: Place): Way[] {
  const { name, on, subject, circumstances } = place;
  const getLog = requireAction('getLog', CLUSTER);
  const find = (db: string, collection: string): Requirement =>
    requireAction('find', collectionTarget({ db, collection }));
  return [
    direct('find', ['read'], [on('find')], `read ${name}`),
    ...circumstances.views.flatMap((view) =>
      subject.kind === 'collection'
        ? [direct('view', ['read'], [find(subject.db, view)], `read ${name} through the view ${subject.db}.${view}`)]
        : [],
    ),
    direct('oplog', ['read'], [find('local', 'oplog.rs')], `read what is written to ${name} in the oplog`),
    ...(subject.kind === 'cluster'
      ? []
      : [
          direct(
            'profiler',
            ['read'],
            [onDatabase('enableProfiler', place), find(subject.db, 'system.profile')],
            `read what is written to ${name} in ${subject.db}.system.profile`,
          ),
        ]),
    direct(
      'profiler-log',
      ['read'],
      [onDatabase('enableProfiler', place), getLog],
      `have operations on ${name} logged, and read the log`,
    ),
    direct(
      'validation-log',
      ['read'],
      [on('collMod'), getLog],
      `have documents of ${name} logged by a validator that warns, and read the log`,
    ),
    direct(
      'operations',
      ['read'],
      [requireAction('inprog', CLUSTER)],
      `see documents of waiting inserts into ${name} by currentOp`,
    ),
    direct(
      'index-error',
      ['read'],
      [on('createIndex')],
      `see values of ${name} in the error of an index that can't be built`,
    ),
    direct('update-error', ['read'], [on('update')], `see values of ${name} in the error of an expression`),
    direct('remove-error', ['read'], [on('remove')], `see values of ${name} in the error of an expression`),
    direct('split-vector', ['read'], [on('splitVector')], `see index keys of ${name} by splitVector`),
    direct('plan-cache', ['read'], [on('planCacheRead')], `see values in the queries on ${name} by the plan cache`),
  ];
}

function silences(place: Place): Way[] {
  const { name, on } = place;
  const cluster = (action: string): Requirement => requireAction(action, CLUSTER);
  return [
    direct(
      'refusing-index',
      ['suppress'],
      [on('createIndex')],
      `make an index on ${name} that refuses the writer's documents`,
    ),
    direct(
      'strict-validator',
      ['suppress'],
      [on('collMod')],
      `give ${name} a validator that refuses the writer's documents`,
    ),
    direct(
      'kill-operations',
      ['suppress'],
      [cluster('inprog'), cluster('killop')],
      `cut the writer's inserts into ${name} short by killOp`,
    ),
    direct('lock-writes', ['suppress'], [cluster('fsync')], `stop all writes by fsync with a lock`),
    direct(
      'reconfigure',
      ['suppress'],
      [cluster('replSetConfigure')],
      `weaken the durability of writes by reconfiguring the replica set`,
    ),
    direct('revoke-writer', ['suppress'], [onDatabase('revokeRole', place)], `revoke the writer's roles`),
  ];
}

function escalations(place: Place): Way[] {
  const { subject } = place;
  const way = (id: string, requires: readonly Requirement[], does: string): Way => ({
    id,
    kind: 'escalation',
    outcomes: EVERY_OUTCOME,
    requires,
    does,
  });
  const grantOwn =
    subject.kind === 'cluster' || subject.db === 'admin'
      ? []
      : [way('grant-role', [onDatabase('grantRole', place)], `grant itself any role on ${subject.db}`)];
  const accounts = ['users', 'roles'].flatMap((what) =>
    ['insert', 'update'].map((action) =>
      way(
        `${action}-${what}`,
        [requireAction(action, collectionTarget({ db: 'admin', collection: `system.${what}` }))],
        `${action} ${what} in admin.system.${what} directly`,
      ),
    ),
  );
  return [
    ...grantOwn,
    way('grant-role-admin', [requireAction('grantRole', databaseTarget('admin'))], 'grant itself root@admin'),
    ...accounts,
  ];
}

/** What a release lets through that no grant says. */
function releases({ name, on, circumstances }: Place): Way[] {
  const { version, sharded } = circumstances;
  const elsewhere = (action: string): Requirement => ({
    action,
    on: 'any collection',
    reaches: (resource) => reachesInside(resource, CLUSTER),
  });
  const server = (
    weakness: Weakness,
    id: string,
    outcomes: readonly Outcome[],
    requires: readonly Requirement[],
    does: string,
  ): Way[] =>
    mendedIn(weakness, version) ? [] : [{ id, kind: 'server', outcomes, requires, does, remedy: weakness.remedy }];
  const useUUID = requireAction('useUUID', CLUSTER);
  if (sharded) return [];
  return [
    ...server(
      WEAKNESSES.applyOpsUnchecked,
      'apply-ops-unchecked',
      ['alter'],
      [on('insert')],
      `replace documents of ${name} by applyOps, whose insert entries overwrite`,
    ),
    ...['dropCollection', 'convertToCapped'].flatMap((action) =>
      server(
        WEAKNESSES.applyOpsByUuid,
        `apply-ops-uuid-${action}`,
        ['alter', 'destroy'],
        [useUUID, elsewhere(action), ...applyOpsAction(version)],
        `have applyOps check ${action} on another collection and carry it out on ${name}`,
      ),
    ),
    ...server(
      WEAKNESSES.applyOpsByUuid,
      'apply-ops-uuid-collMod',
      ['unseal', 'suppress'],
      [useUUID, elsewhere('collMod'), ...applyOpsAction(version)],
      `have applyOps check collMod on another collection and carry it out on ${name}`,
    ),
  ];
}

function applyOpsAction(version: string): Requirement[] {
  return mendedIn(WEAKNESSES.applyOpsUnchecked, version) ? [requireAction('applyOps', CLUSTER)] : [];
}

/** The right to set other users' passwords in a database, which makes its holder any of them. */
export function takeover(db: string): Requirement {
  return requireAction('changePassword', databaseTarget(db));
}
