/** Generated migrations, carried out and taken back: what may be restored is as it was, and the rest is told. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MongoClient } from 'mongodb';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { applyMigrations, rollBackMigrations } from '../../src/migrate/apply-files.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import type { MigrationFile } from '../../src/migrate/directory.ts';
import { migrationOf } from '../../src/migrate/migration.ts';
import { policyHash } from '../../src/migrate/policy-hash.ts';
import { parseNamespace } from '../../src/model/names.ts';
import type { TargetKey } from '../../src/plan/operations/target.ts';
import { targetKey } from '../../src/plan/operations/target-key.ts';
import { ownedObjectTarget } from '../../src/plan/operations/targets/owned-object-target.ts';
import { roleTarget } from '../../src/plan/operations/targets/role-target.ts';
import { userTarget } from '../../src/plan/operations/targets/user-target.ts';
import { effective, validationState, validationTarget } from '../../src/plan/operations/targets/validation-target.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { documentKey } from '../../src/state/document.ts';
import { findCollection } from '../../src/state/lookup.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intentOf, pairs } from '../migrate/pairs.ts';
import { type Runner, withCluster, yes } from './world.ts';

/** The same migrations in every run. */
const SEED = 20260101;

export async function rollBackGenerated(inWorld: Runner, count: number): Promise<string> {
  let carriedOut = 0;
  let operations = 0;
  let kept = 0;
  await inWorld(({ host }) =>
    withCluster(host, async (cluster, client) => {
      // Nobody else owns what the generated policies are about.
      await client.db('mongoward').collection('objects').deleteMany({});
      for (const [index, pair] of fc.sample(pairs, { seed: SEED, numRuns: count }).entries()) {
        await addExpiry(client, index);
        const found = await thereAndBack(cluster, intentOf(pair), index);
        carriedOut += 1;
        operations += found.operations;
        kept += found.kept;
        // On to another state, from which the next one starts.
        await applyPolicy(cluster, intentOf(pair), { ...options, prune: true, allowReplace: true });
      }
    }),
  );
  return `${carriedOut} generated migrations (${operations} operations) rolled back: as read before, but for ${kept} operations told as kept`;
}

const options = { ...yes, confirm: async () => true };

/** Now and then somebody makes a TTL index, which a policy may forbid. */
async function addExpiry(client: MongoClient, index: number): Promise<void> {
  if (index % 10 !== 0) return;
  const collection = client.db('audit').collection('logs');
  await collection.createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 60 }).catch(() => {});
}

async function thereAndBack(
  cluster: Cluster,
  intent: ReturnType<typeof intentOf>,
  index: number,
): Promise<{ readonly operations: number; readonly kept: number }> {
  const before = await cluster.read();
  const plan = makePlan(intent, before, { prune: true });
  assert.deepEqual(plan.obstacles, []);
  if (plan.operations.length === 0) return { operations: 0, kept: 0 };
  const version = String(20260101000000 + index);
  const head = { version, slug: 'generated', policyHash: policyHash(intent), server: before.server.version };
  const files: MigrationFile[] = [
    { name: `${version}_generated.yaml`, hash: version, migration: migrationOf(plan, head) },
  ];
  const lone: Cluster = {
    ...cluster,
    journal: async () => (await cluster.journal('all')).filter(({ id }) => id.startsWith(version)),
  };
  const generous = { ...options, allowReplace: true };
  await applyMigrations(lone, files, generous);
  const rolledBack = await rollBackMigrations(lone, files, {
    ...generous,
    allowUnprotect: index % 2 === 0,
    ...(index % 3 === 0 ? { password: () => ({ fromEnv: 'PW' }) } : {}),
  });
  const kept = rolledBack.steps.flatMap((step) => step.kept.map(({ operation }) => operation));
  const excepted = new Set(kept.map(targetKey));
  const [was, is] = [formsOf(before), formsOf(rolledBack.state)];
  for (const target of new Set([...was.keys(), ...is.keys()])) {
    if (!excepted.has(target)) assert.equal(is.get(target), was.get(target), `migration ${index}: ${target}`);
  }
  return { operations: plan.operations.length, kept: kept.length };
}

/** Every target in canonical form, by the key that operations on it have. */
function formsOf(state: ClusterState): Map<TargetKey, string> {
  const forms = new Map<TargetKey, string>();
  for (const role of state.roles ?? []) if (role.isBuiltin !== true) forms.set(roleTarget.key(role), documentKey(role));
  for (const user of state.users ?? []) forms.set(userTarget.key(user), documentKey(user));
  for (const object of state.objects ?? []) forms.set(ownedObjectTarget.key(object), documentKey(object));
  for (const name of ['audit.logs', 'audit.other', 'app.data']) {
    const ns = parseNamespace(name);
    const collection = ns && findCollection(state, ns);
    if (ns !== undefined && collection !== undefined) {
      forms.set(validationTarget.key({ ns }), documentKey(effective(validationState(ns, collection))));
    }
  }
  return forms;
}
