/** Policies and migrations carried out by a program: nobody is asked, and what stays open is told. */
import { violationText } from '../access/violations.ts';
import { Failure } from '../failure.ts';
import { type ApplyOptions, type ApplyResult, applyPolicy as apply, type ExecutionOptions } from '../migrate/apply.ts';
import {
  type FilesOptions,
  type FilesResult,
  applyMigrations as forwards,
  type RollbackOptions,
  rollBackMigrations,
} from '../migrate/apply-files.ts';
import type { Cluster } from '../migrate/cluster.ts';
import { stillOpen } from '../migrate/demands.ts';
import type { MigrationFile } from '../migrate/directory.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';

/** What both ways of changing a cluster take. */
export interface ChangeOptions extends Omit<ExecutionOptions, 'secret'> {
  /** `YYYY-MM-DD`: by it exemptions have ended, and data encryption keys are too old. Today, in UTC, unless given. */
  readonly today?: string;
  /** Reads a secret when it is needed; without it, one that is needed is a Failure before the first write. */
  readonly secret?: ExecutionOptions['secret'];
}

export interface ApplyPolicyOptions extends ChangeOptions, Pick<ApplyOptions, 'prune' | 'rotate'> {
  /** Sees the plan before the first write; `false` stops with nothing written. Goes on unless given. */
  confirm?: ApplyOptions['confirm'];
}

/** Who can still do what the policies rule out, one sentence each. */
export interface StillOpen {
  readonly open: readonly string[];
}

/**
 * Makes the cluster what the policy says: reads, plans, guards, takes the lock, writes with a journal, reads again. With
 * nothing to do it takes no lock and writes nothing. Running it again goes on where an earlier run was interrupted. It does
 * not lint: `lintPolicies` of `mongoward` does.
 *
 * Throws a {@link Failure}, with what is done and what is left, if something stands in the way, somebody changed a target
 * meanwhile, the server refuses a command, or the cluster is afterwards not as it should be.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, parsePolicyFile } from 'mongoward';
 * import { applyPolicy, withCluster } from 'mongoward/cluster';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: audit.logs, allow: insert-only }]
 * users:
 *   app@admin:
 *     roles: [writer@audit]
 *     password: { fromEnv: APP_PASSWORD }
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const passwords = { APP_PASSWORD: 'from your secret store' };
 * await withCluster(process.env.MONGODB_URI, async (cluster) => {
 *   const first = await applyPolicy(cluster, intent, { secret: ({ fromEnv }) => passwords[fromEnv] });
 *   assert.equal(first.outcome, 'applied');
 *   assert.deepEqual(first.open, []);
 *   assert.equal((await applyPolicy(cluster, intent)).outcome, 'in-place');
 * });
 * ```
 */
export async function applyPolicy(
  cluster: Cluster,
  intent: Intent,
  options: ApplyPolicyOptions = {},
): Promise<ApplyResult & StillOpen> {
  const { confirm = goOn, today = utcToday(), secret = refuse, policies = [intent], ...rest } = options;
  const result = await apply(cluster, intent, { ...rest, confirm, today, secret, policies });
  return { ...result, open: 'state' in result ? openIn(result.state, policies, today) : [] };
}

export interface ApplyMigrationsOptions extends ChangeOptions, Pick<FilesOptions, 'to'> {
  /** Sees the steps before the first write; `false` stops with nothing written. Goes on unless given. */
  confirm?: FilesOptions['confirm'];
}

/**
 * Applies the migrations that are pending or were left half done, in their order, each with its own entry in the
 * cluster's journal. `files` are those of `readMigrations`. With nothing pending it takes no lock and writes nothing.
 * Throws a {@link Failure} if the files and the journal do not fit, and for what {@link applyPolicy} throws one for.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, makePlan, migrationOf, parsePolicyFile, policyHash, printMigration } from 'mongoward';
 * import { migrationSum, readMigrations } from 'mongoward';
 * import { applyMigrations, withCluster } from 'mongoward/cluster';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: audit.logs, allow: insert-only }]
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * await withCluster(process.env.MONGODB_URI, async (cluster) => {
 *   const state = await cluster.read();
 *   const migration = migrationOf(makePlan(intent, state), {
 *     version: '20260131120000',
 *     slug: 'writer',
 *     policyHash: policyHash(intent),
 *     server: state.server.version,
 *   });
 *   const file = { name: '20260131120000_writer.yaml', text: printMigration(migration) };
 *   const { files } = readMigrations([file, { name: 'mongoward.sum', text: migrationSum([file]) }]);
 *   const { outcome, done } = await applyMigrations(cluster, files);
 *   assert.deepEqual([outcome, done], ['done', 2]);
 *   assert.equal((await applyMigrations(cluster, files)).outcome, 'in-place');
 * });
 * ```
 */
export async function applyMigrations(
  cluster: Cluster,
  files: readonly MigrationFile[],
  options: ApplyMigrationsOptions = {},
): Promise<FilesResult & StillOpen> {
  const { confirm = goOn, today = utcToday(), secret = refuse, policies = [], ...rest } = options;
  const result = await forwards(cluster, files, { ...rest, confirm, today, secret, policies });
  return { ...result, open: openIn(result.state, policies, today) };
}

export interface RollBackOptions extends ApplyMigrationsOptions, Pick<RollbackOptions, 'allowUnprotect' | 'password'> {}

/**
 * Takes applied migrations back, the last one first: only that one, or all that are later than `to`. What can't be
 * restored is kept, and named in the steps. A rollback that would let anybody do what the `policies` rule out is refused
 * unless `allowUnprotect` is set. Throws as {@link applyMigrations}.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, makePlan, migrationOf, parsePolicyFile, policyHash, printMigration } from 'mongoward';
 * import { migrationSum, readMigrations } from 'mongoward';
 * import { applyMigrations, rollBack, withCluster } from 'mongoward/cluster';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles: { writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] } }
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * await withCluster(process.env.MONGODB_URI, async (cluster) => {
 *   const state = await cluster.read();
 *   const head = { version: '20260131120000', slug: 'writer', policyHash: policyHash(intent), server: '8.0.4' };
 *   const migration = migrationOf(makePlan(intent, state), head);
 *   const file = { name: '20260131120000_writer.yaml', text: printMigration(migration) };
 *   const { files } = readMigrations([file, { name: 'mongoward.sum', text: migrationSum([file]) }]);
 *   await applyMigrations(cluster, files);
 *   assert.equal((await rollBack(cluster, files)).outcome, 'done');
 *   const [entry] = await cluster.journal('all');
 *   assert.equal(entry.status, 'rolledBack');
 * });
 * ```
 */
export async function rollBack(
  cluster: Cluster,
  files: readonly MigrationFile[],
  options: RollBackOptions = {},
): Promise<FilesResult & StillOpen> {
  const { confirm = goOn, today = utcToday(), secret = refuse, policies = [], ...rest } = options;
  const result = await rollBackMigrations(cluster, files, { ...rest, confirm, today, secret, policies });
  return { ...result, open: openIn(result.state, policies, today) };
}

async function goOn(): Promise<boolean> {
  return true;
}

const refuse: ExecutionOptions['secret'] = (reference, user) => {
  const from = 'fromEnv' in reference ? `the variable ${reference.fromEnv}` : `the file ${reference.fromFile}`;
  throw new Failure(`the password of ${user} is read from ${from}, and nothing here reads it`, {
    advice: 'nothing was changed; give the call the option "secret"',
  });
};

function openIn(state: ClusterState, policies: readonly Intent[], today: string): readonly string[] {
  return stillOpen(state, { policies, today }).map(violationText);
}

function utcToday(): string {
  return new Date().toISOString().slice(0, 10);
}
