/** Somebody changes a target between plan and apply: stopped, and nothing written. */
import assert from 'node:assert/strict';
import type { Db, MongoClient } from 'mongodb';
import { withClient } from '../../src/cluster/connect.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { splitAt } from '../../src/model/names.ts';
import type { Operation } from '../../src/plan/operations/operation.ts';
import { startProxy } from './proxy.ts';
import { after } from './scenario.ts';
import { fingerprint, planOf, type Runner, uriOf, withCluster, yes } from './world.ts';

/** Changes each target in turn, and gives how many there were. */
export async function changeEveryTarget(inWorld: Runner): Promise<string> {
  const operations = await inWorld(({ host }) => withCluster(host, planOf));
  const targets = operations.filter(({ kind }) => !kind.endsWith('Object'));
  for (const operation of targets) await inWorld(({ host }) => meddle(host, operation));
  return `${targets.length} targets changed between plan and apply: each stopped, nothing written`;
}

async function meddle(host: string, operation: Operation): Promise<void> {
  const proxy = await startProxy(host);
  await withCluster(host, async (cluster, client) => {
    let found = '';
    const confirm = async (): Promise<boolean> => {
      await change(client, operation);
      found = await fingerprint(cluster);
      return true;
    };
    await withClient(uriOf(proxy.host), { serverSelectionTimeoutMS: 3000 }, async (other) => {
      const applying = applyPolicy(liveCluster(other, uriOf(proxy.host)), after, { ...yes, confirm });
      await assert.rejects(applying, { message: 'somebody changed the cluster since the plan was made' }, operation.id);
    });
    assert.equal(await fingerprint(cluster), found, operation.id);
    // The lock was taken and given back; nothing else was sent.
    assert.deepEqual(
      proxy.writes.map(({ name, target }) => `${name} ${String(target)}`),
      ['findAndModify locks', 'update locks'],
      operation.id,
    );
  }).finally(() => proxy.stop());
}

/** Something that the plan does not know, done to the operation's target. */
async function change(client: MongoClient, operation: Operation): Promise<void> {
  const { target, kind } = operation;
  if (kind === 'createCollection' || kind === 'collMod') {
    const { ns } = operation.after;
    if (kind === 'createCollection') await client.db(ns.db).createCollection(ns.collection, { validator: { odd: 1 } });
    else await client.db(ns.db).command({ collMod: ns.collection, validator: { odd: 1 } });
    return;
  }
  if (kind === 'dropIndex') {
    const { ns, index } = operation.before;
    await client.db(ns.db).command({ collMod: ns.collection, index: { name: index.name, expireAfterSeconds: 7 } });
    return;
  }
  const { name, db } = splitAt(target) ?? { name: target, db: '' };
  await (kind.includes('User') ? changeUser(client.db(db), name, kind) : changeRole(client.db(db), name, kind));
}

async function changeUser(db: Db, name: string, kind: string): Promise<void> {
  if (kind === 'createUser') await db.command({ createUser: name, pwd: 'x', roles: ['dbAdmin'] });
  else await db.command({ grantRolesToUser: name, roles: ['dbAdmin'] });
}

async function changeRole(db: Db, name: string, kind: string): Promise<void> {
  if (kind === 'createRole') await db.command({ createRole: name, privileges: [], roles: ['dbAdmin'] });
  else await db.command({ grantRolesToRole: name, roles: ['dbAdmin'] });
}
