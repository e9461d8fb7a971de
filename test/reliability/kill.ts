/** The process killed before, during and after every single write: the next run finishes what it began. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { type Fate, startProxy, type Write } from './proxy.ts';
import type { Technique } from './ways.ts';
import { doneBy, fingerprint, journalSince, PASSWORD, type Runner, uriOf, withCluster } from './world.ts';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Before the server has seen the write, while it works on it, after the client has its answer. */
const MOMENTS = ['before', 'during', 'after'] as const;

/** Kills a run of that way at every write, and tells how many points there were. */
export async function killEverywhere(
  inWorld: Runner,
  what: string,
  wayOf: (folder: string, cluster: Cluster, host: string) => Technique | Promise<Technique>,
  step = 1,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-reliability-'));
  try {
    writeFileSync(join(folder, 'mongoward.config.yaml'), CLUSTERS);
    // A plan is for the cluster at one address, so that the program is to find it there each time.
    const { technique, at, writes, result, operations } = await inWorld(({ host }) =>
      withCluster(host, async (cluster) => {
        const proxy = await startProxy(host);
        const made = await wayOf(folder, cluster, proxy.host);
        await made.prepare(cluster);
        const count = (await made.operations(cluster)).length;
        const code = await runProgram(made, folder, proxy.host, () => {});
        await proxy.stop();
        assert.equal(code, 0);
        return {
          technique: made,
          at: Number(proxy.host.split(':')[1]),
          writes: proxy.writes.length,
          result: await fingerprint(cluster),
          operations: count,
        };
      }),
    );
    let points = 0;
    for (let index = 0; index < writes; index += step) {
      for (const moment of MOMENTS) {
        await inWorld(({ host }) => killAt({ technique, folder, at, result }, host, index, moment));
        points += 1;
      }
    }
    return `${what}, ${operations} operations: ${points} kill points (${writes} writes), each finished by the next run, same result, journal true`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Experiment {
  readonly technique: Technique;
  readonly folder: string;
  /** The port at which the program finds the cluster. */
  readonly at: number;
  /** The fingerprint of a run without harm. */
  readonly result: string;
}

async function killAt(
  { technique, folder, at: port, result }: Experiment,
  host: string,
  index: number,
  moment: (typeof MOMENTS)[number],
): Promise<void> {
  let kill = (): void => {};
  let killed = false;
  const at = `killed ${moment} write ${index}`;
  await withCluster(host, async (cluster) => {
    await technique.prepare(cluster);
    const operations = await technique.operations(cluster);
    const decide = (write: Write): Fate => {
      // What the dead process had already given to the kernel is still on its way.
      if (write.index < index || killed) return { kind: 'pass' };
      killed = true;
      if (moment === 'after') return { kind: 'pass', answered: kill };
      kill();
      return moment === 'before' ? { kind: 'swallow' } : { kind: 'pass' };
    };
    const proxy = await startProxy(host, decide, port);
    const code = await runProgram(technique, folder, proxy.host, (end) => {
      kill = end;
    });
    await proxy.stop();
    if (code === 0) {
      // The last write gives the lock back; whoever is killed once that is done may have ended by itself.
      assert.equal(index, proxy.writes.length - 1, at);
    } else assert.equal(code, 'SIGKILL', at);
    const done = await doneBy(cluster, operations);
    const left = await cluster.lock();
    if (left !== undefined) assert.ok(await cluster.breakLock(left), at);
    await technique.finish(cluster, async () => {
      const unharmed = await startProxy(host, undefined, port);
      await runProgram(technique, folder, unharmed.host, () => {}).finally(() => unharmed.stop());
    });
    assert.equal(await fingerprint(cluster), result, at);
    technique.assertTold(await journalSince(cluster), done, at);
    assert.deepEqual(await cluster.journal('unfinished'), [], at);
    assert.equal(await cluster.lock(), undefined, at);
  });
}

/** The cluster's name for the program, for `mongoward.config.yaml` in its folder. */
export const CLUSTERS = 'clusters:\n  reliability: { uri: { fromEnv: CLUSTER_URI } }\n';

/** Runs the program; its exit code, or the signal that ended it. */
export function runProgram(
  technique: Pick<Technique, 'argv'>,
  cwd: string,
  host: string,
  started: (kill: () => void) => void,
): Promise<number | string | null> {
  const line = ['migrate', ...technique.argv, '--cluster', 'reliability'];
  const child = spawn(process.execPath, [program, ...line], {
    cwd,
    env: { ...process.env, PW: PASSWORD, CLUSTER_URI: uriOf(host) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  started(() => void child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(said));
      else resolve(signal ?? code);
    });
  });
}
