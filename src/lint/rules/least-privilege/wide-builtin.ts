import { formatRole, type RoleRef } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { asFound, builtinLines } from './exposed.ts';

interface Breadth {
  /** What its holder can, after "can". */
  readonly can: string;
  readonly instead: string;
  readonly always?: true;
}

const BREAKGLASS = 'name the account of last resort that needs it under breakGlass';

const IN_ADMIN: Readonly<Record<string, Breadth>> = {
  root: { can: 'do anything to anything', instead: `Grant what its work needs, or ${BREAKGLASS}`, always: true },
  __system: {
    can: 'do anything, as the server itself',
    instead: 'Never grant it to a person or a service',
    always: true,
  },
  userAdminAnyDatabase: { can: 'grant itself root', instead: `Name the databases by userAdmin@db, or ${BREAKGLASS}` },
  userAdmin: { can: 'grant itself root', instead: `Define users in the databases that they work in, or ${BREAKGLASS}` },
  dbOwner: { can: 'grant itself root', instead: `Grant what its work needs, or ${BREAKGLASS}` },
  readWriteAnyDatabase: {
    can: 'read, change and drop every collection of every database',
    instead: 'Name the databases by readWrite@db, or write a role of insert, find and update',
  },
  dbAdminAnyDatabase: {
    can: 'drop every collection, take its validator away and let its documents expire',
    instead: 'Name the databases by dbAdmin@db, or write a role of createIndex and collMod',
  },
  clusterAdmin: {
    can: 'drop any database and reconfigure the cluster',
    instead: 'Grant clusterMonitor to look, and the single actions that it needs to act',
  },
  clusterManager: {
    can: 'reconfigure the cluster, weaken the durability of writes and rewrite config',
    instead: 'Grant the single actions that it needs on the cluster',
  },
  hostManager: {
    can: 'shut servers down, stop all writes and change parameters',
    instead: 'Grant the single actions that it needs on the cluster',
  },
  restore: {
    can: 'make itself root by writing admin.system.users',
    instead: 'Grant it for the time of a restore only',
  },
  __queryableBackup: { can: 'read everything, the accounts included', instead: 'Leave it to MongoDB Cloud Manager' },
};

export const wideBuiltin: LintRule = {
  kind: 'checks',
  name: 'least-privilege/wide-builtin',
  description: 'A built-in role gives an account in daily use far more than a service needs',
  recommended: 'error',
  source:
    "MongoDB's manual, “Built-In Roles”, on superuser roles; CIS MongoDB benchmark, “Review superuser and admin roles”",
  check: (context) => {
    const told = context.isTold;
    return builtinLines(context).flatMap(({ role, to, at, adopted }) => {
      const breadth = breadthOf(role);
      if (breadth === undefined || told(at)) return [];
      const message = `${to} can ${breadth.can} through ${formatRole(role)}. ${breadth.instead}`;
      return [{ message, at, ...asFound({ adopted: adopted || breadth.always !== true }) }];
    });
  },
};

function breadthOf({ role, db }: RoleRef): Breadth | undefined {
  if (db === 'admin') return IN_ADMIN[role];
  if (role === 'dbOwner') {
    return {
      can: `read, change and drop everything in ${db} and grant itself any role there`,
      instead: `Grant readWrite@${db}, and user administration to another account`,
    };
  }
  if ((db === 'local' || db === 'config') && /^(readWrite|dbAdmin)$/.test(role)) {
    return { can: `break replication or sharding by writing to ${db}`, instead: `Leave ${db} to the servers` };
  }
  return undefined;
}
