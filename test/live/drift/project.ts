/** A project that knows the server of the suite as `live`: `mongoward` is run in it as people run it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMongo } from '../../../src/demo/seed.ts';
import { mongoward, type Ran } from '../../cli/terminal.ts';
import { type LiveServer, startLiveServer } from '../server.ts';
import { beside, db, type Policy, policyText } from './policy.ts';

export let server: LiveServer;
let folder: string;

export async function setUp(): Promise<void> {
  server = await startLiveServer();
  folder = mkdtempSync(join(tmpdir(), 'mongoward-drift-'));
  mkdirSync(join(folder, 'policies'));
  writeFileSync(join(folder, 'mongoward.config.yaml'), 'clusters:\n  live: { uri: { fromEnv: LIVE_URI } }\n');
  await apply();
}

export async function tearDown(): Promise<void> {
  await withMongo(server.rootUri, async (root) => {
    for (const name of ['service', 'stranger']) {
      await root
        .db('admin')
        .command({ dropUser: `${db}-${name}` })
        .catch(() => {});
    }
    await root
      .db('mongoward')
      .command({ dropRole: `${db}-granted` })
      .catch(() => {});
    for (const name of [db, beside]) {
      await root
        .db(name)
        .command({ dropAllRolesFromDatabase: 1 })
        .catch(() => {});
      await root.db(name).dropDatabase();
    }
    await root.db('mongoward').collection('objects').deleteMany({ policy: db });
  });
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

export async function run(line: string): Promise<Ran> {
  const ran = await mongoward(line.split(' '), { cwd: folder, env: { LIVE_URI: server.rootUri, PASSWORD: 'p' } });
  assert.notEqual(ran.code, 2, `${line}: ${ran.err}`);
  return ran;
}

/** Whoever is on the server besides is exempt: other accounts come and go there. */
export async function writePolicy(policy: Policy = {}): Promise<void> {
  await withMongo(server.rootUri, async (root) => {
    const { users } = await root.db('admin').command({ usersInfo: { forAllDBs: true } });
    const others = users
      .filter(({ user }: { user: string }) => !user.startsWith(db))
      .map(({ user, db: on }: { user: string; db: string }) => `${user}@${on}`);
    writeFileSync(join(folder, 'policies/p.yaml'), policyText(policy, others));
  });
}

export async function apply(policy: Policy = {}, options: readonly string[] = []): Promise<void> {
  await writePolicy(policy);
  await run(['migrate apply --cluster live --from-policy --yes', ...options].join(' '));
}

/** The file in the folder of migrations, and its name alone. */
export const migrationFile = (): string => join(folder, 'migrations', migration());

export function migration(): string {
  return readdirSync(join(folder, 'migrations')).find((name) => name.endsWith('.yaml')) ?? '';
}

export function forgetMigrations(): void {
  rmSync(join(folder, 'migrations'), { recursive: true });
}

export interface Reported {
  readonly rule: string;
  readonly severity: string;
  readonly target: string;
  readonly message: string;
}

/** The findings of one rule on one target, and how the report exits with `--fail-on`. */
export async function report(rule: string, target: string, failOn: string, options: readonly string[] = []) {
  const line = ['drift report --cluster live --format json --fail-on', failOn, ...options].join(' ');
  const { code, out } = await run(line);
  const { findings }: { readonly findings: readonly Reported[] } = JSON.parse(out);
  const found = findings.filter((finding) => finding.rule === rule && finding.target === target);
  return { code, found, all: JSON.stringify(findings, ['rule', 'severity', 'target', 'message'], 1) };
}
