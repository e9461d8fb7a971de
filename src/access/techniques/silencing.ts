/** Techniques to make the legitimate writer's documents fail or vanish. */
import { CLUSTER, collectionTarget, databaseTarget } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import { direct, onAccounts, type Place } from './place.ts';
import { type Requirement, requireAction, type Technique } from './technique.ts';

export function silences(place: Place): Technique[] {
  const { name, on } = place;
  const inAdmin = (action: string, collection: string): Requirement =>
    requireAction(action, collectionTarget({ db: 'admin', collection }));
  const cluster = (action: string): Requirement => requireAction(action, CLUSTER);
  // A mongos of 4.4 and of 5.1 in development refuses the lock (tried); later ones pass it on (manual, “fsync”; tried on 8.3).
  const { version, sharded } = place.circumstances;
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
      [cluster('killop')],
      `cut the writer's inserts into ${name} short by killOp`,
    ),
    direct(
      'kill-sessions',
      ['suppress'],
      [cluster('killAnySession')],
      `cut the writer's inserts into ${name} short by killAllSessions`,
    ),
    ...(sharded && refusesLock(version)
      ? []
      : [direct('lock-writes', ['suppress'], [cluster('fsync')], `stop all writes by fsync with a lock`)]),
    direct('shutdown', ['suppress'], [cluster('shutdown')], `shut the server down`),
    direct('step-down', ['suppress'], [cluster('replSetStateChange')], `leave the replica set without a primary`),
    direct(
      'default-write-concern',
      ['suppress'],
      [cluster('setDefaultRWConcern')],
      `make writes fail by a default write concern that can't be met`,
    ),
    direct(
      'retryable-writes',
      ['suppress'],
      [requireAction('update', transactions)],
      `have the writer's retryable writes refused by changing config.transactions`,
    ),
    direct(
      'retryable-writes-drop',
      ['suppress'],
      [requireAction('dropCollection', transactions)],
      `make every retryable write fail by dropping config.transactions`,
    ),
    direct(
      'retryable-writes-rename',
      ['suppress'],
      [requireAction('renameCollectionSameDB', databaseTarget('config'))],
      `make every retryable write fail by renaming config.transactions`,
    ),
    direct(
      'retryable-writes-drop-database',
      ['suppress'],
      [requireAction('dropDatabase', databaseTarget('config'))],
      `make every retryable write fail by dropping the database config`,
    ),
    direct(
      'cap-oplog',
      ['suppress'],
      [requireAction('convertToCapped', collectionTarget({ db: 'local', collection: 'oplog.rs' }))],
      `bring the server down for good by capping its oplog anew`,
    ),
    direct(
      'auth-schema',
      ['suppress'],
      [inAdmin('update', 'system.version')],
      `have every login refused by changing the version of accounts in admin.system.version`,
    ),
    direct(
      'reconfigure',
      ['suppress'],
      [cluster('replSetConfigure')],
      `weaken the durability of writes by reconfiguring the replica set`,
    ),
    direct(
      'replace',
      ['suppress'],
      [on('dropCollection'), on('createCollection')],
      `drop ${name} and create it with a validator that refuses the writer's documents`,
    ),
    direct('revoke-writer', ['suppress', 'administer'], [onAccounts('revokeRole', place)], `revoke the writer's roles`),
    direct('drop-writer', ['suppress', 'administer'], [onAccounts('dropUser', place)], `drop the writer's account`),
    direct('drop-role', ['suppress', 'administer'], [onAccounts('dropRole', place)], `drop the writer's role`),
    direct(
      'restrict-writer',
      ['suppress', 'administer'],
      [onAccounts('setAuthenticationRestriction', place)],
      `have the writer's logins refused by an authentication restriction`,
    ),
    direct(
      'reset-password',
      ['suppress', 'administer'],
      [onAccounts('changePassword', place)],
      `have the writer's logins refused by setting its password`,
    ),
    direct(
      'remove-users',
      ['suppress', 'administer'],
      [inAdmin('remove', 'system.users')],
      `delete the writer's account in admin.system.users directly`,
    ),
    direct(
      'remove-roles',
      ['suppress', 'administer'],
      [inAdmin('remove', 'system.roles')],
      `delete the writer's role in admin.system.roles directly`,
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
