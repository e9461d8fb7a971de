/**
 * Commands that show whether an account may do something, for those who ask a server. Most of them miss their mark, so
 * that one which the server takes changes nothing.
 */
import type { Outcome } from '../model/outcomes.ts';
import type { Target } from '../model/resource.ts';

export interface Probe {
  readonly command: Readonly<Record<string, unknown>>;
  readonly db: string;
}

type Body = Probe['command'];

/** No document has it, no index and no collection is called so. */
export const NOBODY = 'mongoward-none';
const NONE = { [NOBODY]: 1 };

const FIND = (coll: string): Body => ({ find: coll, filter: NONE, limit: 1, singleBatch: true });
const INSERT = (coll: string): Body => ({ insert: coll, documents: [{ [NOBODY]: 1 }] });
const UPDATE = (coll: string): Body => ({ update: coll, updates: [{ q: NONE, u: { $set: NONE } }] });
const REMOVE = (coll: string): Body => ({ delete: coll, deletes: [{ q: NONE, limit: 0 }] });
const DROP = (coll: string): Body => ({ drop: coll });
const EXPIRE = (coll: string): Body => ({
  createIndexes: coll,
  indexes: [{ key: NONE, name: NOBODY, expireAfterSeconds: 2_000_000_000 }],
});
const LOOSEN = (coll: string): Body => ({ collMod: coll, validationLevel: 'moderate' });
const BYPASS = (coll: string): Body => ({ ...UPDATE(coll), bypassDocumentValidation: true });
const GRANT = (db: string): Body => ({ grantRolesToUser: NOBODY, roles: [{ role: NOBODY, db }] });

/** The plain ways to bring an outcome about at a collection: whoever may do one of them may. */
const OUTCOMES: Readonly<Record<Outcome, readonly ((coll: string, db: string) => Body)[]>> = {
  read: [FIND],
  insert: [INSERT],
  alter: [UPDATE, REMOVE],
  destroy: [DROP, EXPIRE],
  unseal: [LOOSEN, BYPASS],
  suppress: [LOOSEN, EXPIRE],
  administer: [(_coll, db) => GRANT(db)],
};

/** Actions that one command asks for and nothing else, at a collection. */
const AT_COLLECTION: Readonly<Record<string, (coll: string) => Body>> = {
  find: FIND,
  insert: INSERT,
  update: UPDATE,
  remove: REMOVE,
  dropCollection: DROP,
  createIndex: EXPIRE,
  collMod: LOOSEN,
  dropIndex: (coll) => ({ dropIndexes: coll, index: NOBODY }),
  listIndexes: (coll) => ({ listIndexes: coll }),
  collStats: (coll) => ({ collStats: coll }),
  validate: (coll) => ({ validate: coll }),
  convertToCapped: (coll) => ({ convertToCapped: coll, size: 1_000_000 }),
};

const AT_DATABASE: Readonly<Record<string, (db: string) => Body>> = {
  listCollections: () => ({ listCollections: 1, nameOnly: true, authorizedCollections: false }),
  dbStats: () => ({ dbStats: 1 }),
  dropDatabase: () => ({ dropDatabase: 1 }),
  viewRole: () => ({ rolesInfo: 1 }),
  createUser: () => ({ createUser: NOBODY, pwd: NOBODY, roles: [] }),
  createRole: () => ({ createRole: NOBODY, privileges: [], roles: [] }),
  grantRole: GRANT,
  revokeRole: (db) => ({ revokeRolesFromUser: NOBODY, roles: [{ role: NOBODY, db }] }),
  dropUser: () => ({ dropUser: NOBODY }),
  dropRole: () => ({ dropRole: NOBODY }),
  changePassword: () => ({ updateUser: NOBODY, pwd: NOBODY }),
  changeCustomData: () => ({ updateUser: NOBODY, customData: {} }),
  setAuthenticationRestriction: () => ({ updateUser: NOBODY, authenticationRestrictions: [] }),
  enableProfiler: () => ({ profile: -1 }),
};

const AT_CLUSTER: Readonly<Record<string, Body>> = {
  listDatabases: { listDatabases: 1, nameOnly: true, authorizedDatabases: false },
  serverStatus: { serverStatus: 1 },
  hostInfo: { hostInfo: 1 },
  getCmdLineOpts: { getCmdLineOpts: 1 },
  getLog: { getLog: 'startupWarnings' },
  getParameter: { getParameter: 1, quiet: 1 },
  connPoolStats: { connPoolStats: 1 },
  top: { top: 1 },
};

/** Those of an outcome; none where only the model can be asked. */
export function probesOfOutcome(outcome: Outcome, on: Target): readonly Probe[] {
  if (on.kind === 'cluster') return [];
  const coll = on.kind === 'collection' ? on.collection : NOBODY;
  return OUTCOMES[outcome].map((make) => ({ db: on.db, command: make(coll, on.db) }));
}

/** The one of an action; nothing where no harmless command asks for it alone. */
export function probeOfAction(action: string, on: Target): Probe | undefined {
  const body =
    on.kind === 'collection'
      ? own(AT_COLLECTION, action)?.(on.collection)
      : on.kind === 'database'
        ? own(AT_DATABASE, action)?.(on.db)
        : own(AT_CLUSTER, action);
  return body === undefined ? undefined : { db: on.kind === 'cluster' ? 'admin' : on.db, command: body };
}

/** Whether an action is one that is asked for at collections, as far as commands here show it. */
export function isTriedAtCollections(action: string): boolean {
  return Object.hasOwn(AT_COLLECTION, action);
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
