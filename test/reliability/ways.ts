/** The ways in which a cluster is changed: from the policy, by a plan that was approved, by a migration file, and back again. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { applyMigrations, type FilesOptions, rollBackMigrations } from '../../src/migrate/apply-files.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import type { MigrationFile } from '../../src/migrate/directory.ts';
import type { JournalEntry } from '../../src/migrate/journal.ts';
import { migrationOf } from '../../src/migrate/migration.ts';
import { policyHash } from '../../src/migrate/policy-hash.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import { formatSum, hashOf, SUM_FILE } from '../../src/migrate/sum.ts';
import type { Operation } from '../../src/plan/operations/operation.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { reverseMigration } from '../../src/plan/reverse.ts';
import { runProgram } from './kill.ts';
import { AFTER, after } from './scenario.ts';
import { assertJournalTells, FINISHER, planOf, yes } from './world.ts';

export interface Technique {
  /** What the program is called with, besides the cluster. */
  readonly argv: readonly string[];
  /** From the state before the migration to the one that the run starts from. */
  prepare(cluster: Cluster): Promise<void>;
  operations(cluster: Cluster): Promise<readonly Operation[]>;
  /** Finishes what is left: in this process, or by `again`, which runs the program once more. */
  finish(cluster: Cluster, again: () => Promise<void>): Promise<void>;
  /** Asserts that the journal tells what the run that was hurt had done, and that it was finished. */
  assertTold(entries: readonly JournalEntry[], done: ReadonlySet<string>, at: string): void;
}

export function fromPolicy(folder: string): Technique {
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, AFTER);
  return {
    argv: ['apply', '--from-policy', '--prune', '--yes', '--policy', policy],
    prepare: async () => {},
    operations: planOf,
    finish: async (cluster) => void (await applyPolicy(cluster, after, yes)),
    assertTold: assertJournalTells,
  };
}

/** The plan is written by the program, and carried out by it as it was approved, before the harm and after it. */
export async function byPlan(folder: string, cluster: Cluster, host: string): Promise<Technique> {
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, AFTER);
  const approved = new Set((await planOf(cluster)).map(({ id }) => id));
  const planning = ['plan', '--prune', '-o', 'plan.json', '--policy', policy];
  assert.equal(await runProgram({ argv: planning }, folder, host, () => {}), 0);
  return {
    argv: ['apply', '--plan', 'plan.json', '--yes', '--policy', policy],
    prepare: async () => {},
    operations: planOf,
    finish: (_cluster, again) => again(),
    assertTold: (entries, done, at) => assertPlanTold(entries, { approved, done }, at),
  };
}

/** Whatever was carried out is of the plan that was approved, and all of that was: by the first run or by the second. */
function assertPlanTold(
  entries: readonly JournalEntry[],
  { approved, done }: Readonly<Record<'approved' | 'done', ReadonlySet<string>>>,
  at: string,
): void {
  assert.ok(entries.length === 1 || entries.length === 2, `${at}: ${entries.length} entries`);
  assert.equal(new Set(entries.map(({ fileHash }) => fileHash)).size, 1, `${at}: another plan than the approved one`);
  const carriedOut = entries.flatMap(({ operations }) => operations.filter(({ outcome }) => outcome === 'done'));
  const ids = new Set([...done, ...carriedOut.map(({ id }) => id)]);
  assert.deepEqual([...ids].sort(), [...approved].sort(), at);
  const [first, second] = [...entries].sort((a, b) => a.id.localeCompare(b.id));
  if (second !== undefined) assert.deepEqual([first?.status, second.status], ['interrupted', 'applied'], at);
  else assert.ok(['applied', 'interrupted'].includes(first?.status ?? ''), `${at}: ${first?.status}`);
  if (second === undefined && done.size < approved.size) return;
  for (const { id, outcome } of first?.operations ?? []) {
    if (outcome !== 'unknown') assert.equal(outcome === 'done', done.has(id), `${at}: ${id} is told to be ${outcome}`);
  }
}

const NAME = '20260101000000_reliability.yaml';

const agreed: FilesOptions = { ...yes, confirm: async () => true };

/** Writes the migration from the state of that cluster. */
async function migrationFile(folder: string, cluster: Cluster): Promise<MigrationFile> {
  const state = await cluster.read();
  const plan = makePlan(after, state, { prune: true });
  const head = {
    version: NAME.slice(0, 14),
    slug: 'reliability',
    policyHash: policyHash(after),
    server: state.server.version,
  };
  const migration = migrationOf(plan, head);
  const text = printMigration(migration);
  const file = { name: NAME, hash: hashOf(text), migration };
  mkdirSync(join(folder, 'migrations'), { recursive: true });
  writeFileSync(join(folder, 'migrations', NAME), text);
  writeFileSync(join(folder, 'migrations', SUM_FILE), formatSum([file]));
  return file;
}

export async function byFile(folder: string, cluster: Cluster): Promise<Technique> {
  const file = await migrationFile(folder, cluster);
  return {
    argv: ['apply', '--yes', '--dir', join(folder, 'migrations')],
    prepare: async () => {},
    operations: async () => file.migration.operations,
    finish: async (again) => void (await applyMigrations(again, [file], agreed)),
    assertTold: resumed('applied'),
  };
}

export async function back(folder: string, cluster: Cluster): Promise<Technique> {
  const file = await migrationFile(folder, cluster);
  const options = { ...agreed, allowUnprotect: true, allowReplace: true };
  const passwords = { 'gone@billing': 'PW', 'app@shop': 'PW' };
  const password = () => ({ fromEnv: 'PW' });
  return {
    argv: [
      ...['rollback', '--yes', '--allow-unprotect', '--dir', join(folder, 'migrations')],
      ...Object.entries(passwords).flatMap(([user, variable]) => ['--password', `${user}=${variable}`]),
    ],
    prepare: async (fresh) => void (await applyMigrations(fresh, [file], agreed)),
    operations: async () => reverseMigration(file.migration.operations, { allowUnprotect: true, password }).operations,
    finish: async (again) => void (await rollBackMigrations(again, [file], { ...options, password })),
    assertTold: resumed('rolledBack'),
  };
}

/** One entry, which whoever finished went on with: what it found in place is what had been done. */
function resumed(status: JournalEntry['status']): Technique['assertTold'] {
  return (entries, done, at) => {
    const [entry] = entries;
    assert.equal(entries.length, 1, at);
    assert.equal(entry?.status, status, at);
    const run = entry?.runs.at(-1);
    const whole = run?.by.tool !== FINISHER;
    for (const { id, outcome } of entry?.operations ?? []) {
      const expected = !whole && done.has(id) ? 'inPlace' : 'done';
      assert.equal(outcome, expected, `${at}: ${id}`);
    }
  };
}
