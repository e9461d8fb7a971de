import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MongoClient } from 'mongodb';
import { applyMigrations, applyPolicy, rollBack } from '../../src/library/applying.ts';
import { withCluster } from '../../src/library/connecting.ts';
import { migrationSum, readMigrations } from '../../src/library/migrations.ts';
import { compilePolicy } from '../../src/library/policy-files.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import type { MigrationFile } from '../../src/migrate/directory.ts';
import { migrationOf } from '../../src/migrate/migration.ts';
import { policyHash } from '../../src/migrate/policy-hash.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';
import { startSandbox } from '../../src/sandbox/server.ts';

const ROOT = { user: 'root', password: 'root password' };

function clusterTest(sentence: string, body: (cluster: Cluster, client: MongoClient) => Promise<void>): void {
  test(sentence, async () => {
    const sandbox = await startSandbox({ root: ROOT });
    try {
      await withCluster(sandbox.uri(ROOT), body);
    } finally {
      await sandbox.stop();
    }
  });
}

function intentOf(body: string): Intent {
  const text = `apiVersion: mongoward/v1\nmetadata: { name: trail }\n${body}`;
  const { intent, problems } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
  if (intent === undefined) throw new Error(problems.map(({ message }) => message).join());
  return intent;
}

const PROTECTED = intentOf(`
collections: { audit.logs: { protection: append-only } }
breakGlass: [{ user: root@admin, reason: cluster owner, until: 2099-12-31 }]
`);

clusterTest('a password that nothing reads is a failure before the first write', async (cluster) => {
  const intent = intentOf('users: { app@admin: { password: { fromEnv: APP_PASSWORD } } }');
  await assert.rejects(applyPolicy(cluster, intent), {
    name: 'Failure',
    message: 'the password of app@admin is read from the variable APP_PASSWORD, and nothing here reads it',
    advice: 'nothing was changed; give the call the option "secret"',
  });
  assert.deepEqual(await cluster.journal('all'), []);
});

clusterTest('a plan that the caller does not confirm is not carried out', async (cluster) => {
  const plans: number[] = [];
  const confirm = async ({ operations }: { readonly operations: readonly unknown[] }) => {
    plans.push(operations.length);
    return false;
  };
  const { outcome, open } = await applyPolicy(cluster, PROTECTED, { confirm });
  assert.deepEqual([outcome, open, plans], ['declined', [], [2]]);
  assert.deepEqual(await cluster.journal('all'), []);
});

clusterTest(
  'who can still do what the policy rules out is told, whether a run wrote or not',
  async (cluster, client) => {
    await client.db('admin').command({ createUser: 'app', pwd: 'x', roles: [{ role: 'readWrite', db: 'audit' }] });
    for (const outcome of ['applied', 'in-place']) {
      const result = await applyPolicy(cluster, PROTECTED);
      assert.equal(result.outcome, outcome);
      assert.deepEqual(
        result.open.map((sentence) => sentence.split(' ')[0]),
        ['app@admin'],
      );
    }
  },
);

clusterTest('exemptions end by the day that is given', async (cluster) => {
  const openOn = async (today: string): Promise<readonly string[]> =>
    (await applyPolicy(cluster, PROTECTED, { today, dryRun: true })).open.map(
      (sentence) => sentence.split(' ')[0] ?? '',
    );
  assert.deepEqual(await openOn('2099-12-31'), []);
  assert.deepEqual(await openOn('2100-01-01'), ['root@admin']);
});

clusterTest(
  'a rollback that opens what the policies protect is refused unless that is allowed',
  async (cluster, client) => {
    const admin = client.db('admin');
    await admin.command({ createRole: 'wide', privileges: [], roles: [{ role: 'readWrite', db: 'audit' }] });
    await admin.command({ createUser: 'app', pwd: 'x', roles: ['wide'] });
    const files = await planned(cluster, intentOf('roles: { wide@admin: {} }'));
    assert.equal((await applyMigrations(cluster, files, { policies: [PROTECTED] })).outcome, 'done');
    await assert.rejects(rollBack(cluster, files, { policies: [PROTECTED] }), {
      name: 'Failure',
      message: 'what would be written violates what the policies demand',
    });
    const { outcome, open } = await rollBack(cluster, files, { policies: [PROTECTED], allowUnprotect: true });
    assert.equal(outcome, 'done');
    assert.equal(open.length, 1);
  },
);

async function planned(cluster: Cluster, intent: Intent): Promise<readonly MigrationFile[]> {
  const state = await cluster.read();
  const head = { version: '20260131120000', slug: 'narrow', policyHash: policyHash(intent), server: '8.0.4' };
  const file = {
    name: '20260131120000_narrow.yaml',
    text: printMigration(migrationOf(makePlan(intent, state), head)),
  };
  return readMigrations([file, { name: 'mongoward.sum', text: migrationSum([file]) }]).files;
}
