/** Techniques to make the legitimate writer's documents fail or vanish. */
import { collectionTarget, databaseTarget } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import {
  before,
  direct,
  onAccounts,
  onAnyDatabase,
  onCluster,
  onCollection,
  onData,
  onOneDatabase,
  onRoles,
  type Place,
  since,
  whereData,
} from './place.ts';
import { requireAction, type Technique } from './technique.ts';

export function silences(place: Place): Technique[] {
  const { name, on } = place;
  // A mongos of 4.4 and of 5.1 in development refuses the lock (tried); later ones pass it on (manual, “fsync”; tried on 8.3).
  const { version, sharded, homes } = place.circumstances;
  // Where the server keeps what it needs to know a repeated write by.
  const transactions = collectionTarget({ db: 'config', collection: 'transactions' });
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
      // Without inprog too: operations are numbered one after the other, and anybody sees the numbers of his own.
      [onCluster('killop')],
      `interrupt the writer's inserts into ${name} by killOp`,
    ),
    direct(
      'kill-sessions',
      ['suppress'],
      [onCluster('killAnySession')],
      `interrupt the writer's inserts into ${name} by killAllSessions`,
    ),
    ...(sharded && refusesLock(version)
      ? []
      : [direct('lock-writes', ['suppress'], [onCluster('fsync')], `stop all writes by fsync with a lock`)]),
    ...since('6.0', place, [
      // A standalone refuses it (tried on 8.3).
      direct(
        'block-writes',
        ['suppress'],
        [onCluster('setUserWriteBlockMode')],
        `stop all writes by setUserWriteBlockMode`,
      ),
    ]),
    ...since('9.0', place, [
      // In 9.0 in development it is switched off by default; a standalone refuses it.
      direct(
        'block-replica-set-writes',
        ['suppress'],
        [onCluster('blockReplicaSetWrites')],
        `stop all writes by blockReplicaSetWrites`,
      ),
    ]),
    ...parameters(place),
    direct('shutdown', ['suppress'], [onCluster('shutdown')], `shut the server down`),
    // Without a primary among the config servers writes to a collection that is there go on (tried on 8.3).
    ...onData(place, [
      direct(
        'step-down',
        ['suppress'],
        [onCluster('replSetStateChange')],
        `leave the replica set without a primary${whereData(place)}`,
      ),
    ]),
    direct(
      'default-write-concern',
      ['suppress'],
      [onCluster('setDefaultRWConcern')],
      `make writes fail by a default write concern that can't be met`,
    ),
    ...onData(place, [
      direct(
        'retryable-writes',
        ['suppress'],
        [requireAction('update', transactions)],
        `have the writer's retryable writes refused by changing config.transactions${whereData(place)}`,
      ),
      direct(
        'retryable-writes-drop',
        ['suppress'],
        [requireAction('dropCollection', transactions)],
        `make every retryable write fail by dropping config.transactions${whereData(place)}`,
      ),
      direct(
        'retryable-writes-rename',
        ['suppress'],
        [requireAction('renameCollectionSameDB', databaseTarget('config'))],
        `make every retryable write fail by renaming config.transactions${whereData(place)}`,
      ),
      // What is capped anew has no index but that of _id, and the server refuses as below (tried on 8.3).
      ...since('6.0', place, [
        direct(
          'retryable-writes-cap',
          ['suppress'],
          [requireAction('convertToCapped', transactions)],
          `make retryable writes fail by capping config.transactions${whereData(place)}`,
        ),
      ]),
      // Without that index the server refuses retryable writes and transactions (tried on 8.3, where it went with the collection).
      ...since('6.0', place, [
        direct(
          'retryable-writes-index',
          ['suppress'],
          [requireAction('dropIndex', transactions)],
          `make retryable writes fail by dropping the index of config.transactions${whereData(place)}`,
        ),
      ]),
    ]),
    // A config server refuses it ("Cannot drop 'config' database if mongod started with --configsvr", tried on 8.3).
    ...(sharded
      ? []
      : [
          direct(
            'retryable-writes-drop-database',
            ['suppress'],
            [requireAction('dropDatabase', databaseTarget('config'))],
            `make every retryable write fail by dropping the database config`,
          ),
        ]),
    // Without config servers a router finds no shard, and writes fail (tried on 8.3).
    direct(
      'cap-oplog',
      ['suppress'],
      [onCollection('convertToCapped', 'local', 'oplog.rs')],
      `bring ${sharded ? 'a config server' : 'the server'} down for good by capping its oplog anew`,
    ),
    // 8.3 in development does not look at it any more (tried); which release was the first not to is not known.
    ...before('8.3', place, [
      direct(
        'auth-schema',
        ['suppress'],
        [onCollection('update', 'admin', 'system.version')],
        `have every login refused by changing the version of accounts in admin.system.version`,
      ),
    ]),
    direct(
      'reconfigure',
      ['suppress'],
      [onCluster('replSetConfigure')],
      sharded
        ? `make writes fail by reconfiguring the config servers, directly on one of them`
        : `weaken the durability of writes by reconfiguring the replica set`,
    ),
    direct(
      'replace',
      ['suppress'],
      [on('dropCollection'), on('createCollection')],
      `drop ${name} and create it with a validator that refuses the writer's documents`,
    ),
    direct('revoke-writer', ['suppress', 'administer'], [onRoles('revokeRole', place)], `revoke the writer's roles`),
    direct('drop-writer', ['suppress', 'administer'], [onAccounts('dropUser', place)], `drop the writer's account`),
    direct('drop-role', ['suppress', 'administer'], [onRoles('dropRole', place)], `drop the writer's role`),
    direct(
      'restrict-writer',
      ['suppress', 'administer'],
      [onAccounts('setAuthenticationRestriction', place)],
      `have the writer's logins refused by an authentication restriction`,
    ),
    direct(
      'reset-password',
      ['suppress', 'administer'],
      [onAccounts('changePassword', place, homes?.filter(isKeepingPasswords))],
      `have the writer's logins refused by setting its password`,
    ),
    ...lockouts(place),
    direct(
      'remove-users',
      ['suppress', 'administer'],
      [onCollection('remove', 'admin', 'system.users')],
      `delete the writer's account in admin.system.users directly`,
    ),
    direct(
      'remove-roles',
      ['suppress', 'administer'],
      [onCollection('remove', 'admin', 'system.roles')],
      `delete the writer's role in admin.system.roles directly`,
    ),
  ];
}

/** Accounts of `$external` have no password to set. */
function isKeepingPasswords(db: string): boolean {
  return db !== '$external';
}

/**
 * What a role says of where its holders may log in from holds for the whole account, and for its open connections at once.
 * It takes a right on the role's own database, whichever, and none on the account's (tried on 5.1 and 8.3). That all three
 * actions must be held on one database is not looked at.
 */
function lockouts({ subject, circumstances: { restrictingRoles } }: Place): readonly Technique[] {
  const others = restrictingRoles.filter((db) => db !== 'admin' && (subject.kind === 'cluster' || db !== subject.db));
  return [
    direct(
      'lock-out',
      ['suppress', 'administer'],
      [onAnyDatabase('grantRole'), onAnyDatabase('createRole'), onAnyDatabase('setAuthenticationRestriction')],
      `lock the writer out by granting it a new role that restricts logins`,
    ),
    ...(others.length === 0
      ? []
      : [
          direct(
            'lock-out-by-role',
            ['suppress', 'administer'],
            [onOneDatabase('grantRole', others)],
            `lock the writer out by granting it a role that restricts logins`,
          ),
        ]),
  ];
}

/**
 * A mongod's storage gets a cache in which no write ends (`wiredTigerEngineRuntimeConfig`; tried on 5.1 in development). A
 * mongos has `requireApiVersion` from 5.0 on, by which drivers are refused that name no version of the API (manual).
 */
function parameters(place: Place): Technique[] {
  const { version, sharded } = place.circumstances;
  if (sharded && compareVersions(version, '5.0') < 0) return [];
  return [
    direct(
      'parameters',
      ['suppress'],
      [onCluster('setParameter')],
      `stop writes by a parameter, such as a cache that is too small or requireApiVersion`,
    ),
  ];
}

/**
 * The manual (“fsync”): from 7.1, 7.0.2, 6.0.11 and 5.0.22 on mongos passes it on. Of a line that has such patches the
 * danger is named whatever the patch; 5.1 to 5.3 have none.
 */
function refusesLock(version: string): boolean {
  return (
    compareVersions(version, '5.0') < 0 || (compareVersions(version, '5.1') >= 0 && compareVersions(version, '6.0') < 0)
  );
}
