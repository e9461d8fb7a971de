/** Commands that show what an account may do, each with what it would bring about. Most of them miss their mark: nothing is changed. */

import { EVERY_OUTCOME } from '../../src/access/techniques.ts';
import type { Namespace } from '../../src/model/names.ts';
import type { Outcome } from '../../src/model/outcomes.ts';
import type { Sent } from './generate.ts';

export interface Attempt extends Sent {
  /** What whoever may do this can bring about at the place, or anywhere if there is none. */
  readonly outcomes: readonly Outcome[];
  readonly at?: Namespace | { readonly db: string };
  /** Whether what is stored there has to be made again if it succeeds. */
  readonly spoils?: true;
}

type Told = Omit<Attempt, 'db' | 'at'>;

/** What a normal collection can be tried for; there is one called `other` beside it. */
export function onCollection(ns: Namespace): Attempt[] {
  const { db, collection: coll } = ns;
  const full = `${db}.${coll}`;
  const into = (stage: object): Told['command'] => ({
    aggregate: 1,
    pipeline: [{ $listLocalSessions: {} }, { $match: { none: 1 } }, stage],
    cursor: {},
  });
  const list: Told[] = [
    ...onAny(coll),
    told({ aggregate: coll, pipeline: [{ $match: { a: 1 } }], cursor: {} }, 'read'),
    told({ distinct: coll, key: 'a' }, 'read'),
    told({ aggregate: 'other', pipeline: [{ $lookup: { from: coll, pipeline: [], as: 'x' } }], cursor: {} }),
    told({ insert: coll, documents: [{ probe: 1 }] }, 'insert'),
    told({ insert: coll, documents: [{ probe: 1 }], bypassDocumentValidation: true }, 'unseal'),
    told(
      { update: coll, updates: [{ q: { none: 1 }, u: { $set: { b: 1 } } }], bypassDocumentValidation: true },
      'unseal',
    ),
    told({ update: coll, updates: [{ q: { none: 1, probe: 1 }, u: { $set: { b: 1 } }, upsert: true }] }, 'alter'),
    told({ findAndModify: coll, query: { none: 1 }, remove: true }, 'alter'),
    told(into({ $merge: { into: { db, coll }, whenMatched: 'fail', whenNotMatched: 'insert' } }), 'insert'),
    told(into({ $merge: { into: { db, coll }, whenMatched: 'merge', whenNotMatched: 'discard' } }), 'alter'),
    told({ aggregate: 'other', pipeline: [{ $match: { none: 1 } }, { $out: 'other' }], cursor: {} }),
    told({ createIndexes: coll, indexes: [{ key: { z: 1 }, name: 'z_1' }] }, 'read', 'alter', 'destroy', 'suppress'),
    told({ dropIndexes: coll, index: 'none_1' }),
    told({ collMod: coll, validationLevel: 'moderate' }, 'unseal', 'suppress'),
    told({ validate: coll }),
    told({ aggregate: coll, pipeline: [{ $collStats: { count: {} } }], cursor: {} }),
    told({ aggregate: coll, pipeline: [{ $indexStats: {} }], cursor: {} }),
    told({ aggregate: coll, pipeline: [{ $planCacheStats: {} }], cursor: {} }, 'read'),
    told({ splitVector: full, keyPattern: { _id: 1 }, maxChunkSizeBytes: 1000 }, 'read'),
    { ...told({ drop: coll }, 'alter', 'destroy'), spoils: true },
    { ...told({ convertToCapped: coll, size: 4096 }, 'alter', 'destroy', 'suppress'), spoils: true },
  ];
  const named = list.map((each): Attempt => ({ ...each, db: 'splitVector' in each.command ? 'admin' : db, at: ns }));
  return [
    ...named,
    {
      db: 'admin',
      command: { renameCollection: full, to: `${full}-away` },
      outcomes: ['destroy'],
      at: ns,
      spoils: true,
    },
  ];
}

/** What the server's own collections can be tried for without harm. */
export function onSystemCollection({ db, collection }: Namespace, outcomes: readonly Outcome[] = []): Attempt[] {
  return onAny(collection).map(({ command }) => {
    const writes = 'update' in command || 'delete' in command;
    return { db, command, outcomes: writes ? outcomes : [], at: { db, collection } };
  });
}

function onAny(coll: string): Told[] {
  return [
    told({ find: coll, limit: 1, singleBatch: true }, 'read'),
    told({ count: coll }, 'read'),
    told({ update: coll, updates: [{ q: { none: 1 }, u: { $set: { b: 1 } } }] }, 'alter'),
    told({ delete: coll, deletes: [{ q: { none: 1 }, limit: 0 }] }, 'alter'),
    told({ listIndexes: coll }),
    told({ collStats: coll }),
  ];
}

export function onDatabase(db: string): Attempt[] {
  const roles = [{ role: 'no-such-role', db }];
  const list: Told[] = [
    { ...told({ create: 'made' }), spoils: true },
    told({ listCollections: 1, authorizedCollections: false }),
    told({ dbStats: 1 }),
    told({ dbHash: 1 }),
    told({ profile: -1 }),
    told({ profile: 0 }),
    told({ usersInfo: 1 }),
    told({ rolesInfo: 1 }),
    told({ createUser: 'nobody', pwd: 'x', roles }),
    told({ createRole: 'norole', privileges: [], roles }),
    told({ grantRolesToUser: 'nobody', roles }, ...EVERY_OUTCOME),
    told({ revokeRolesFromUser: 'nobody', roles }, 'suppress', 'administer'),
    told({ dropUser: 'nobody' }, 'suppress', 'administer'),
    told({ dropRole: 'norole' }, 'suppress', 'administer'),
    told({ updateUser: 'nobody', pwd: 'y' }, ...EVERY_OUTCOME),
    told({ updateUser: 'nobody', customData: { a: 1 } }),
    told({ updateUser: 'nobody', authenticationRestrictions: [] }, 'suppress', 'administer'),
  ];
  return list.map((each) => ({ ...each, db, at: { db } }));
}

/** Besides what is done to a database: what `admin` alone can do to the accounts of the whole cluster is no less. */
export function dropDatabase(db: string): Attempt {
  return { db, command: { dropDatabase: 1 }, outcomes: ['alter', 'destroy'], at: { db }, spoils: true };
}

/** What is asked of the cluster, and what leads everywhere. */
export function onCluster(): Attempt[] {
  const cluster: Told[] = [
    told({ listDatabases: 1, nameOnly: true, authorizedDatabases: false }),
    told({ serverStatus: 1 }),
    told({ hostInfo: 1 }),
    told({ top: 1 }),
    told({ connPoolStats: 1 }),
    told({ getLog: 'startupWarnings' }),
    told({ getParameter: 1, quiet: 1 }),
    told({ setParameter: 1, quiet: false }),
    told({ getCmdLineOpts: 1 }),
    told({ replSetGetStatus: 1 }),
    told({ currentOp: 1 }, 'read'),
    told({ killOp: 1, op: 2 ** 31 - 1 }, 'suppress'),
    told({ killAllSessions: [{ user: 'nobody', db: 'nowhere' }] }, 'suppress'),
    told({ fsync: 1 }, 'suppress'),
  ];
  const everything = EVERY_OUTCOME;
  return [
    ...cluster.map((each): Attempt => ({ ...each, db: 'admin' })),
    ...['system.users', 'system.roles'].flatMap((collection) =>
      onSystemCollection({ db: 'admin', collection }).map(
        ({ at: _, ...each }): Attempt => ({
          ...each,
          outcomes: 'update' in each.command ? everything : 'delete' in each.command ? ['suppress', 'administer'] : [],
        }),
      ),
    ),
    ...onDatabase('admin').map(
      ({ at: _, spoils: __, ...each }): Attempt => ({
        ...each,
        command: 'create' in each.command ? { create: 'system.version' } : each.command,
      }),
    ),
    ...onSystemCollection({ db: 'local', collection: 'oplog.rs' }).map(
      ({ at: _, ...each }): Attempt => ({
        ...each,
        outcomes: 'find' in each.command || 'count' in each.command ? ['read'] : [],
      }),
    ),
    ...onSystemCollection({ db: 'config', collection: 'transactions' }).map(
      ({ at: _, ...each }): Attempt => ({
        ...each,
        outcomes: 'update' in each.command ? ['suppress'] : [],
      }),
    ),
    ...['startup_log', 'replset.minvalid'].flatMap((collection) => onSystemCollection({ db: 'local', collection })),
    ...onSystemCollection({ db: 'config', collection: 'system.sessions' }),
    ...onSystemCollection({ db: 'mongoward', collection: 'probe' }),
  ];
}

function told(command: Sent['command'], ...outcomes: readonly Outcome[]): Told {
  return { command, outcomes };
}
