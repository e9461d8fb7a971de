import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_NAMES, requirementsOf } from '../../../src/access/commands/index.ts';
import { BY_MONGOS, ON_4_4, ON_8_0, refuses, says } from './said.ts';

const ZONES = 'enableSharding on cluster or ';

says([
  [{ ping: 1 }, 'nothing: any account may'],
  [{ hello: 1 }, 'nothing: any account may'],
  [{ isMaster: 1 }, 'nothing: any account may'],
  [{ buildInfo: 1 }, 'nothing: any account may'],
  [{ killOp: 1, op: 7 }, 'killop on cluster or that the operation is its own', ON_8_0, 'admin'],
  [{ killOp: 1, op: 'shard0:7' }, 'killop on cluster', BY_MONGOS, 'admin'],
  [{ currentOp: 1 }, 'inprog on cluster', ON_8_0, 'admin'],
  [{ currentOp: 1, $ownOps: true }, 'nothing: it shows what is its own', ON_8_0, 'admin'],
  [{ currentOp: 1, $ownOps: true }, 'inprog on cluster', BY_MONGOS, 'admin'],
  [{ getLog: 'global' }, 'getLog on cluster', ON_8_0, 'admin'],
  [{ getLog: 'global' }, 'what nobody has: getLog may only be run on the admin database'],
  [{ setParameter: 1, logLevel: 1 }, 'setParameter on cluster', ON_8_0, 'admin'],
  [{ getParameter: '*' }, 'getParameter on cluster', ON_8_0, 'admin'],
  [{ getCmdLineOpts: 1 }, 'getCmdLineOpts on cluster', ON_8_0, 'admin'],
  [{ logRotate: 1 }, 'logRotate on cluster', ON_8_0, 'admin'],
  [{ shutdown: 1 }, 'shutdown on cluster', ON_8_0, 'admin'],
  [{ fsync: 1, lock: true }, 'fsync on cluster', ON_8_0, 'admin'],
  [{ serverStatus: 1 }, 'serverStatus on cluster'],
  [{ replSetReconfig: {} }, 'replSetConfigure on cluster', ON_8_0, 'admin'],
  [{ splitVector: 'other.a' }, 'splitVector on other.a'],
  [{ features: 1, oidReset: true }, 'nothing: any account may', ON_4_4],
  [{ features: 1, oidReset: true }, 'oidReset on cluster'],
  [{ killSessions: [{ id: 1 }] }, 'nothing: it kills what is its own'],
  [{ killSessions: [{ id: 1, uid: 2 }] }, 'killAnySession on cluster'],
  [{ killAllSessionsByPattern: [{ users: [] }] }, 'killAnySession on cluster and impersonate on cluster'],

  [{ profile: 0 }, 'enableProfiler on database app'],
  [{ profile: -1 }, 'find on app.system.profile or enableProfiler on database app'],
  [{ profile: -1, slowms: 0 }, 'enableProfiler on database app'],
  [{ profile: -1, filter: {} }, 'find on app.system.profile or enableProfiler on database app'],
  [{ profile: -1, filter: {} }, 'enableProfiler on database app', { ...ON_8_0, version: '8.0.18' }],
  [
    { getDiagnosticData: 1 },
    'serverStatus on cluster and replSetGetStatus on cluster and collStats on local.oplog.rs',
    ON_8_0,
    'admin',
  ],

  [{ shardCollection: 'app.a', key: {} }, 'enableSharding on app.a', BY_MONGOS, 'admin'],
  [{ enableSharding: 'app' }, 'enableSharding on database app', BY_MONGOS, 'admin'],
  [{ moveChunk: 'app.a' }, 'moveChunk on app.a', BY_MONGOS, 'admin'],
  [{ moveChunk: 'app.a' }, 'internal on cluster', ON_4_4, 'admin'],
  [{ reshardCollection: 'app.a' }, 'reshardCollection on app.a', BY_MONGOS, 'admin'],
  [{ shardCollection: 'app.a' }, 'what nobody has: only a mongos has shardCollection', ON_8_0, 'admin'],
  [{ addShardToZone: 's', zone: 'z' }, `${ZONES}update on config.shards`, BY_MONGOS, 'admin'],
  [
    { removeShardFromZone: 's', zone: 'z' },
    `${ZONES}(update on config.shards and find on config.tags)`,
    BY_MONGOS,
    'admin',
  ],
  [
    { updateZoneKeyRange: 'app.a' },
    `${ZONES}(find on config.shards and find on config.tags and update on config.tags and remove on config.tags)`,
    BY_MONGOS,
    'admin',
  ],
  [{ balancerStop: 1 }, 'update on config.settings', BY_MONGOS, 'admin'],
  [{ autoCompact: true }, 'compact on cluster', ON_8_0, 'admin'],
]);

refuses([
  [{}, 'a command is a document whose first field is its name'],
  [{ dropp: 'a' }, 'there is no command "dropp"'],
  [{ DROP: 'a' }, 'there is no command "DROP"'],
  [{ toString: 1 }, 'there is no command "toString"'],
  [{ profile: 'on' }, 'profile: the level must be a number'],
]);

test('the name that is unknown comes along, for a suggestion from those known', () => {
  assert.throws(() => requirementsOf({ dropp: 'a' }, 'app', ON_8_0), { name: 'UnknownCommandError', command: 'dropp' });
  assert.ok(COMMAND_NAMES.includes('drop'));
  assert.deepEqual(COMMAND_NAMES, [...new Set(COMMAND_NAMES)].sort());
});

test('a message does not repeat what may be a password', () => {
  assert.throws(
    () => requirementsOf({ createUser: 'u', roles: [['hunter2']] }, 'app', ON_8_0),
    (error: Error) => {
      return error.name === 'MalformedCommandError' && !error.message.includes('hunter2');
    },
  );
});
