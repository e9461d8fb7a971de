/**
 * Decisions that MongoDB's own tests state besides its table of commands: `pseudo_commands.js`, `bulk_write_base.js` and
 * `resource_pattern_matching.js` of `jstests/auth`, as 8.3 has them (October 2025). Facts only.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, requirementsOf } from '../../../src/access/commands/index.ts';
import { roleGraph } from '../../../src/model/graph.ts';
import type { Privilege } from '../../../src/model/privilege.ts';
import { privilege } from '../../support/build.ts';

const RELEASES = ['4.4.4', '5.1.0', '8.3.0', '9.0.0'];

function may(
  version: string,
  db: string,
  command: Readonly<Record<string, unknown>>,
  privileges: readonly Privilege[],
): boolean {
  return judge(requirementsOf(command, db, { version, sharded: false }), privileges).allowed;
}

const ROLES = [
  ...['read', 'readAnyDatabase', 'readWrite', 'readWriteAnyDatabase', 'dbAdmin', 'dbAdminAnyDatabase', 'dbOwner'],
  ...['clusterMonitor', 'clusterManager', 'hostManager', 'clusterAdmin', 'root', '__system'],
];

for (const [command, action, ...able] of [
  [{ currentOp: 1 }, 'inprog', 'clusterMonitor', 'clusterAdmin', 'root', '__system'],
  [{ killOp: 1, op: 2147483647 }, 'killop', 'hostManager', 'clusterAdmin', 'root', '__system'],
  [{ fsyncUnlock: 1 }, 'unlock', 'hostManager', 'clusterAdmin', 'root', '__system'],
] as const) {
  for (const version of RELEASES) {
    test(`${version}: ${Object.keys(command)[0]} takes ${action} on the cluster, which of the roles ${able.join(', ')} hold`, () => {
      const graph = roleGraph([], version);
      const roles = ROLES.filter((role) => may(version, 'admin', command, graph.privileges([{ role, db: 'admin' }])));
      assert.deepEqual(roles, able);
      assert.ok(may(version, 'admin', command, [privilege('cluster', action)]));
      assert.ok(!may(version, 'admin', command, []));
    });
  }
}

for (const [name, granted, ...readable] of [
  ['one collection', 'a.a', 'a.a'],
  ['a whole database', 'a.*', 'a.a', 'a.b'],
  ['one name everywhere', '*.a', 'a.a', 'b.a'],
  ['every database', '*.*', 'a.a', 'a.b', 'b.a', 'b.b'],
  ['everything', 'any', 'a.a', 'a.b', 'b.a', 'b.b'],
] as const) {
  test(`find on ${name} reads ${readable.join(', ')}`, () => {
    for (const version of RELEASES) {
      const found = ['a.a', 'a.b', 'b.a', 'b.b'].filter((ns) => {
        const [db = '', collection = ''] = ns.split('.');
        return may(version, db, { find: collection }, [privilege(granted, 'find')]);
      });
      assert.deepEqual(found, readable, version);
    }
  });
}

test('insert on every database beside find on one collection writes everywhere and reads there', () => {
  const held = [privilege('a.a', 'find'), privilege('*.*', 'insert')];
  for (const version of RELEASES) {
    for (const [db, collection] of [
      ['a', 'a'],
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      assert.ok(may(version, db, { insert: collection, documents: [{}] }, held));
      assert.equal(may(version, db, { find: collection }, held), db === 'a' && collection === 'a');
    }
  }
});

const WRITES = ['insert', 'update', 'remove'];
const nsInfo = [{ ns: 'test.coll' }, { ns: 'test1.coll1' }];
const both = (op: (ns: number) => object) => ({
  bulkWrite: 1,
  ops: [op(0), op(1)],
  nsInfo,
  bypassDocumentValidation: true,
});

const BULK: readonly (readonly [what: string, command: Readonly<Record<string, unknown>>])[] = [
  ['inserts', both((insert) => ({ insert, document: { skey: 'MongoDB' } }))],
  ['updates', both((update) => ({ update, filter: { skey: 'MongoDB' }, updateMods: { field1: 1 } }))],
  ['deletes', both((at) => ({ delete: at, filter: { skey: 'MongoDB' } }))],
];

for (const [what, command] of BULK) {
  test(`bulkWrite that ${what} takes all of it on each of its collections`, () => {
    const all = [...WRITES, 'bypassDocumentValidation'];
    const first = privilege('test.coll', ...all);
    assert.ok(!may('8.3.0', 'admin', command, [first, privilege('test1.coll1', ...WRITES)]));
    assert.ok(!may('8.3.0', 'admin', command, [first, privilege('test1.coll1', 'bypassDocumentValidation')]));
    assert.ok(may('8.3.0', 'admin', command, [first, privilege('test1.coll1', ...all)]));
  });
}

test('bulkWrite that upserts takes insert, too', () => {
  const ops = [{ update: 0, filter: { skey: 'MongoDB' }, updateMods: { field1: 1 }, upsert: true }];
  const command = { bulkWrite: 1, ops, nsInfo: nsInfo.slice(0, 1) };
  assert.ok(!may('8.3.0', 'admin', command, [privilege('test.coll', 'update')]));
  assert.ok(may('8.3.0', 'admin', command, [privilege('test.coll', 'update', 'insert')]));
});
