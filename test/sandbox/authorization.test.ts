import assert from 'node:assert/strict';
import type { Document } from 'mongodb';
import type { Privilege } from '../../src/model/privilege.ts';
import { on, onCluster, outcome, sandboxTest } from './support.ts';

interface Row {
  readonly holds: readonly Privilege[];
  readonly db?: string;
  readonly command: Document;
  readonly allowed: boolean;
}

const INSERT = { insert: 'logs', documents: [{ a: 1 }] };
const BYPASS = { ...INSERT, bypassDocumentValidation: true };
const UPDATE = { update: 'logs', updates: [{ q: { a: 1 }, u: { $set: { b: 1 } } }] };
const UPSERT = { update: 'logs', updates: [{ q: { a: 1 }, u: { $set: { b: 1 } }, upsert: true }] };
const DELETE = { delete: 'logs', deletes: [{ q: {}, limit: 0 }] };
const INDEX = { createIndexes: 'logs', indexes: [{ key: { a: 1 }, name: 'a_1' }] };
const MODIFY = { findAndModify: 'logs', query: {}, update: { $set: { b: 1 } } };
const RENAME = { renameCollection: 'audit.logs', to: 'audit.other' };
const MERGE = { aggregate: 'logs', pipeline: [{ $merge: { into: 'other' } }], cursor: {} };
const logs = (...actions: readonly string[]): readonly Privilege[] => [on('audit', 'logs', ...actions)];
const audit = (...actions: readonly string[]): readonly Privilege[] => [on('audit', '', ...actions)];

/** Commands run on `audit` unless another database is named. */
const ROWS: readonly Row[] = [
  { holds: logs('find'), command: { find: 'logs' }, allowed: true },
  { holds: logs('find'), command: { find: 'other' }, allowed: false },
  { holds: logs('find'), command: { count: 'logs' }, allowed: true },
  { holds: logs('find'), command: { aggregate: 'logs', pipeline: [], cursor: {} }, allowed: true },
  { holds: logs('insert'), command: { find: 'logs' }, allowed: false },
  { holds: [on('', 'logs', 'find')], command: { find: 'logs' }, allowed: true },
  { holds: [on('', '', 'find')], command: { find: 'logs' }, allowed: true },
  { holds: [on('', '', 'find')], db: 'local', command: { find: 'startup_log' }, allowed: false },
  { holds: audit('find'), command: { find: 'system.profile' }, allowed: false },
  { holds: logs('insert'), command: INSERT, allowed: true },
  { holds: logs('find'), command: INSERT, allowed: false },
  { holds: logs('insert'), command: BYPASS, allowed: false },
  { holds: logs('insert', 'bypassDocumentValidation'), command: BYPASS, allowed: true },
  { holds: logs('update'), command: UPDATE, allowed: true },
  { holds: logs('insert'), command: UPDATE, allowed: false },
  { holds: logs('update'), command: UPSERT, allowed: false },
  { holds: logs('update', 'insert'), command: UPSERT, allowed: true },
  { holds: logs('remove'), command: DELETE, allowed: true },
  { holds: logs('update'), command: DELETE, allowed: false },
  { holds: logs('update'), command: MODIFY, allowed: false },
  { holds: logs('find', 'update'), command: MODIFY, allowed: true },
  { holds: logs('find', 'update'), command: { ...MODIFY, upsert: true }, allowed: false },
  { holds: logs('find', 'remove'), command: { findAndModify: 'logs', query: {}, remove: true }, allowed: true },
  { holds: logs('find'), command: MERGE, allowed: false },
  { holds: logs('insert'), command: { create: 'logs' }, allowed: true },
  { holds: logs('createCollection'), command: { create: 'logs' }, allowed: true },
  { holds: logs('find'), command: { create: 'logs' }, allowed: false },
  { holds: logs('createCollection'), command: { create: 'logs', capped: true, size: 1000 }, allowed: false },
  { holds: logs('collMod'), command: { collMod: 'logs', validator: {} }, allowed: true },
  { holds: logs('find', 'insert'), command: { collMod: 'logs', validator: {} }, allowed: false },
  { holds: logs('createIndex'), command: INDEX, allowed: true },
  { holds: logs('insert'), command: INDEX, allowed: false },
  { holds: logs('listIndexes'), command: { listIndexes: 'logs' }, allowed: true },
  { holds: logs('find'), command: { listIndexes: 'logs' }, allowed: false },
  { holds: logs('dropIndex'), command: { dropIndexes: 'logs', index: '*' }, allowed: true },
  { holds: logs('createIndex'), command: { dropIndexes: 'logs', index: '*' }, allowed: false },
  { holds: logs('dropCollection'), command: { drop: 'logs' }, allowed: true },
  { holds: logs('remove'), command: { drop: 'logs' }, allowed: false },
  { holds: audit('dropDatabase'), command: { dropDatabase: 1 }, allowed: true },
  { holds: logs('dropDatabase'), command: { dropDatabase: 1 }, allowed: false },
  { holds: audit('listCollections'), command: { listCollections: 1 }, allowed: true },
  { holds: logs('find'), command: { listCollections: 1 }, allowed: false },
  {
    holds: logs('find'),
    command: { listCollections: 1, nameOnly: true, authorizedCollections: true },
    allowed: true,
  },
  { holds: audit('renameCollectionSameDB'), db: 'admin', command: RENAME, allowed: true },
  { holds: logs('renameCollectionSameDB'), db: 'admin', command: RENAME, allowed: false },
  {
    holds: [...audit('renameCollectionSameDB'), on('audit', 'other', 'find')],
    db: 'admin',
    command: RENAME,
    allowed: false,
  },
  {
    holds: [...logs('find', 'dropCollection'), on('audit', 'other', 'insert', 'createIndex')],
    db: 'admin',
    command: RENAME,
    allowed: true,
  },
  { holds: audit('viewUser'), command: { usersInfo: 1 }, allowed: true },
  { holds: [on('', '', 'viewUser')], command: { usersInfo: { forAllDBs: true } }, allowed: false },
  { holds: [onCluster('viewUser')], command: { usersInfo: { forAllDBs: true } }, allowed: true },
  { holds: audit('viewRole'), command: { rolesInfo: 1 }, allowed: true },
  { holds: [], command: { rolesInfo: 1 }, allowed: false },
  { holds: audit('createUser'), command: { createUser: 'u', pwd: 'p', roles: [] }, allowed: true },
  { holds: audit('createUser'), command: { createUser: 'u', pwd: 'p', roles: ['read'] }, allowed: false },
  { holds: audit('createUser', 'grantRole'), command: { createUser: 'u', pwd: 'p', roles: ['read'] }, allowed: true },
  {
    holds: audit('createUser', 'grantRole'),
    command: { createUser: 'u', pwd: 'p', roles: [{ role: 'root', db: 'admin' }] },
    allowed: false,
  },
  {
    holds: audit('createUser'),
    command: { createUser: 'u', pwd: 'p', roles: [], authenticationRestrictions: [{ clientSource: ['10.0.0.1'] }] },
    allowed: false,
  },
  { holds: audit('changePassword'), command: { updateUser: 'victim', pwd: 'p' }, allowed: true },
  { holds: audit('changeCustomData'), command: { updateUser: 'victim', pwd: 'p' }, allowed: false },
  { holds: audit('changeCustomData'), command: { updateUser: 'victim', customData: {} }, allowed: true },
  { holds: audit('grantRole', 'revokeRole'), command: { updateUser: 'victim', roles: [] }, allowed: false },
  { holds: [on('', '', 'revokeRole')], command: { updateUser: 'victim', roles: [] }, allowed: true },
  { holds: [], command: { updateUser: 'victim', mechanisms: ['SCRAM-SHA-1'] }, allowed: false },
  { holds: audit('grantRole'), command: { grantRolesToUser: 'victim', roles: ['read'] }, allowed: true },
  { holds: audit('revokeRole'), command: { revokeRolesFromUser: 'victim', roles: ['read'] }, allowed: true },
  { holds: audit('grantRole'), command: { revokeRolesFromUser: 'victim', roles: ['read'] }, allowed: false },
  { holds: audit('dropUser'), command: { dropUser: 'victim' }, allowed: true },
  { holds: audit('createRole'), command: { createRole: 'r', privileges: [], roles: [] }, allowed: true },
  { holds: audit('createRole'), command: { createRole: 'r', privileges: logs('find'), roles: [] }, allowed: false },
  {
    holds: audit('createRole', 'grantRole'),
    command: { createRole: 'r', privileges: logs('find'), roles: [] },
    allowed: true,
  },
  {
    holds: audit('createRole', 'grantRole'),
    db: 'audit',
    command: { grantPrivilegesToRole: 'mine', privileges: [onCluster('find')] },
    allowed: false,
  },
  { holds: audit('grantRole', 'revokeRole'), command: { updateRole: 'mine', roles: [] }, allowed: false },
  { holds: [on('', '', 'revokeRole')], command: { updateRole: 'mine', roles: [] }, allowed: true },
  { holds: audit('dropRole'), command: { dropRole: 'mine' }, allowed: true },
  { holds: [onCluster('serverStatus')], command: { serverStatus: 1 }, allowed: true },
  { holds: [], command: { serverStatus: 1 }, allowed: false },
  { holds: [onCluster('getCmdLineOpts')], db: 'admin', command: { getCmdLineOpts: 1 }, allowed: true },
  { holds: [], db: 'admin', command: { getCmdLineOpts: 1 }, allowed: false },
  { holds: [], db: 'admin', command: { find: 'system.users' }, allowed: false },
  { holds: [on('admin', '', 'find')], db: 'admin', command: { find: 'system.users' }, allowed: false },
  { holds: [on('admin', 'system.users', 'find')], db: 'admin', command: { find: 'system.users' }, allowed: true },
  { holds: [on('admin', 'system.roles', 'find')], db: 'admin', command: { find: 'system.roles' }, allowed: true },
];

sandboxTest('a command runs exactly for who holds what it needs', async ({ root, holding }) => {
  const db = root.db('audit');
  for (const { holds, db: where = 'audit', command, allowed } of ROWS) {
    await db.dropDatabase();
    await db.createCollection('logs');
    await db.command({ dropAllUsersFromDatabase: 1 });
    await db.command({ dropAllRolesFromDatabase: 1 });
    await db.command({ createUser: 'victim', pwd: 'p', roles: ['read'], mechanisms: ['SCRAM-SHA-1'] });
    await db.command({ createRole: 'mine', privileges: [], roles: [] });
    const client = await holding(holds);
    const answer = await outcome(client.db(where).command(command));
    await client.close();
    const sentence = `${JSON.stringify(holds)} for ${JSON.stringify(command)}`;
    const refused = `13 not authorized on ${where} to execute command { ${Object.keys(command)[0]}: `;
    assert.equal(answer.slice(0, refused.length), allowed ? 'ok' : refused, `${sentence}: ${answer}`);
  }
});

sandboxTest('the refusal shows the command, without its password', async ({ holding }) => {
  const db = (await holding([])).db('audit');
  assert.deepEqual(
    [
      await outcome(db.command({ find: 'logs', filter: { a: 1, b: [] } })),
      await outcome(db.command({ createUser: 'u', pwd: 'secret', roles: [] })),
      await outcome(db.command({ update: 'logs', updates: [{ q: {}, u: { a: 1.5 } }] })),
    ],
    [
      '13 not authorized on audit to execute command { find: "logs", filter: { a: 1, b: [] }, $db: "audit" }',
      '13 not authorized on audit to execute command { createUser: "u", pwd: "xxx", roles: [], $db: "audit" }',
      '13 not authorized on audit to execute command { update: "logs", updates: [ { q: {}, u: { a: 1.5 } } ], $db: "audit" }',
    ],
  );
});

sandboxTest('a revocation takes effect on open connections and cursors at once', async ({ root, holding }) => {
  const admin = root.db('admin');
  await root
    .db('audit')
    .collection('logs')
    .insertMany([{ a: 1 }, { a: 2 }, { a: 3 }]);
  const client = await holding([on('audit', 'logs', 'find')]);
  const cursor = client.db('audit').collection('logs').find({}, { batchSize: 1 });
  const first = (await cursor.next())?.a;
  await admin.command({ revokePrivilegesFromRole: 'account1', privileges: [on('audit', 'logs', 'find')] });
  const next = (await outcome(cursor.next())).replace(/id \d+/, 'id N');
  const find = await outcome(client.db('audit').command({ find: 'logs' }));
  assert.deepEqual(
    [first, next, find],
    [
      1,
      '13 not authorized for getMore with cursor id N',
      '13 not authorized on audit to execute command { find: "logs", $db: "audit" }',
    ],
  );
});

sandboxTest("nobody reads on with somebody else's cursor", async ({ root, holding }) => {
  await root
    .db('audit')
    .collection('logs')
    .insertMany([{ a: 1 }, { a: 2 }]);
  const { cursor } = await root.db('audit').command({ find: 'logs', batchSize: 1 });
  const other = await holding([on('audit', 'logs', 'find')]);
  const answer = await outcome(other.db('audit').command({ getMore: cursor.id, collection: 'logs' }));
  assert.equal(answer, `13 not authorized for getMore with cursor id ${cursor.id}`);
});

sandboxTest(
  'listDatabases without the privilege gives the databases in which one may do something',
  async ({ root, holding }) => {
    for (const db of ['audit', 'app', 'other']) await root.db(db).createCollection('c');
    const names = async (holds: readonly Privilege[]): Promise<readonly string[]> => {
      const { databases } = await (await holding(holds)).db('admin').command({ listDatabases: 1, nameOnly: true });
      return databases.map((database: { readonly name: string }) => database.name);
    };
    assert.deepEqual(await names([]), []);
    assert.deepEqual(await names([on('audit', 'c', 'find'), on('app', '', 'insert')]), ['app', 'audit']);
    assert.deepEqual(await names([onCluster('listDatabases')]), ['admin', 'app', 'audit', 'config', 'local', 'other']);
    assert.deepEqual(await names([on('', 'c', 'find')]), ['admin', 'app', 'audit', 'config', 'local', 'other']);
    assert.deepEqual(await names([on('', '', 'find')]), ['admin', 'app', 'audit', 'other']);
  },
);

sandboxTest('listCollections may show only what one may do something on', async ({ root, holding }) => {
  for (const name of ['logs', 'other', 'third']) await root.db('audit').createCollection(name);
  const client = await holding([on('audit', 'logs', 'find'), on('', 'third', 'insert')]);
  const listed = await client
    .db('audit')
    .listCollections({}, { nameOnly: true, authorizedCollections: true })
    .toArray();
  assert.deepEqual(listed, [
    { name: 'logs', type: 'collection' },
    { name: 'third', type: 'collection' },
  ]);
});

sandboxTest('users may change what is their own', async ({ root, holding }) => {
  const own = await holding([on('admin', '', 'changeOwnPassword')]);
  await root.db('admin').command({ createUser: 'other', pwd: 'p', roles: [] });
  const admin = own.db('admin');
  const mine = await outcome(admin.command({ updateUser: 'account1', pwd: 'new' }));
  const others = await outcome(admin.command({ updateUser: 'other', pwd: 'new' }));
  const self = await admin.command({ usersInfo: 'account1' });
  assert.equal(mine, 'ok');
  assert.match(others, /^13 not authorized on admin to execute command { updateUser: "other"/);
  assert.deepEqual(self.users[0].roles, [{ role: 'account1', db: 'admin' }]);
});

sandboxTest(
  'before 8.0.21 anybody could take away a mechanism',
  async ({ root, holding }) => {
    await root.db('audit').command({ createUser: 'victim', pwd: 'p', roles: [] });
    const client = await holding([]);
    const answer = await outcome(client.db('audit').command({ updateUser: 'victim', mechanisms: ['SCRAM-SHA-1'] }));
    const { users } = await root.db('audit').command({ usersInfo: 'victim' });
    assert.deepEqual([answer, users[0].mechanisms], ['ok', ['SCRAM-SHA-1']]);
  },
  { version: '8.0.20' },
);
