/**
 * `migrate apply` of 200 roles and 200 users, against a bare driver script that sends the same commands with the same
 * concurrency; then a second apply that finds everything in place, against `drift report`. In one process on one server:
 * MONGOMS_SYSTEM_BINARY or a mongod on the PATH, else the sandbox. Medians of five runs, connections included; another
 * number of runs may be given.
 */

import { withClient } from '../src/cluster/connect.ts';
import { liveCluster } from '../src/cluster/live-cluster.ts';
import { driftReport } from '../src/drift/report.ts';
import { startLocalServer } from '../src/ephemeral/local-server.ts';
import { applyPolicy } from '../src/migrate/apply.ts';
import { wavesOf } from '../src/plan/operation-order.ts';
import type { Command } from '../src/plan/operations/mongo-command.ts';
import { makePlan } from '../src/plan/plan.ts';
import { compilePolicy, parsePolicyFile } from '../src/policy/compile.ts';
import { commandOf } from '../test/support/build.ts';

const COUNT = 200;
const RUNS = Number(process.argv[2] ?? 5);
const SIDE_BY_SIDE = 8;
const ROOT = { user: 'root', password: 'of-the-bench' };

const lines = (entry: (index: number) => string): string =>
  Array.from({ length: COUNT }, (_, i) => entry(i)).join('\n');
const text = `apiVersion: mongoward/v1
metadata: { name: bench }
roles:
${lines((i) => `  role${i}@bench: { privileges: [{ on: bench.c${i}, allow: [find, insert] }] }`)}
users:
${lines((i) => `  user${i}@bench: { roles: [role${i}@bench], mechanisms: [SCRAM-SHA-256], password: { fromEnv: PW } }`)}
`;
const { intent } = compilePolicy([parsePolicyFile({ file: 'bench.yaml', text })]);
if (intent === undefined) throw new Error('the policy of the bench does not compile');

const server = await startLocalServer({ root: ROOT, env: process.env });
const uri = server.uri(ROOT.user, ROOT.password);
const connected = <T>(work: Parameters<typeof withClient<T>>[2]): Promise<T> =>
  withClient(uri, { serverSelectionTimeoutMS: 5000 }, work);

async function empty(): Promise<void> {
  await connected(async (client) => {
    const db = client.db('bench');
    const { users } = await db.command({ usersInfo: 1 });
    for (const { user } of users) await db.command({ dropUser: user });
    const { roles } = await db.command({ rolesInfo: 1 });
    for (const { role } of roles) await db.command({ dropRole: role });
    await client.db('mongoward').dropDatabase();
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The operations' own commands as apply sends them, wave by wave. */
async function bare(waves: readonly (readonly Command[])[]): Promise<void> {
  await connected(async (client) => {
    for (const wave of waves) {
      const open = wave.values();
      const work = async (): Promise<void> => {
        for (const { db, command } of open) {
          await client.db(db).command({ ...command, writeConcern: { w: 'majority' } });
        }
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    }
  });
}

try {
  const yes = { secret: () => 'a-password', confirm: async () => true };
  const apply = () => connected((client) => applyPolicy(liveCluster(client, uri), intent, yes));
  const report = () =>
    connected(async (client) => driftReport(intent, await liveCluster(client, uri).read(), { today: '2026-11-24' }));
  await empty();
  const { operations } = makePlan(intent, await connected((client) => liveCluster(client, uri).read()));
  const waves = wavesOf(operations.filter(({ kind }) => kind !== 'recordObject')).map((wave) =>
    wave.map((operation) => commandOf(operation, 'a-password')),
  );
  const samples = { bare: [] as number[], apply: [] as number[], again: [] as number[], report: [] as number[] };
  for (let run = 0; run < RUNS; run += 1) {
    await empty();
    samples.bare.push(await timed(() => bare(waves)));
    await empty();
    samples.apply.push(await timed(apply));
    samples.again.push(await timed(apply));
    samples.report.push(await timed(report));
  }
  const [script, first, again, drift] = [samples.bare, samples.apply, samples.again, samples.report].map(median);
  const line = (what: string, ms = 0, base = 1): void =>
    console.log(`${what.padEnd(44)} ${Math.round(ms)} ms  ${(ms / base).toFixed(2)}`);
  console.log(`on ${server.label}`);
  line(`bare script, ${COUNT} roles and ${COUNT} users`, script, script);
  line('migrate apply of the same', first, script);
  line('drift report', drift, drift);
  line('migrate apply, everything in place', again, drift);
} finally {
  await server.stop();
}
