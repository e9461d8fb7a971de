/** The process killed before, during and after every single write: the next run finishes what it began. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { type Fate, startProxy, type Write } from './proxy.ts';
import { AFTER, after } from './scenario.ts';
import {
  assertJournalTells,
  doneBy,
  fingerprint,
  PASSWORD,
  planOf,
  type Runner,
  uriOf,
  withCluster,
  yes,
} from './world.ts';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Before the server has seen the write, while it works on it, after the client has its answer. */
const MOMENTS = ['before', 'during', 'after'] as const;

/** Kills at every write, `step` apart, and gives how many points there were. */
export async function killEverywhere(inWorld: Runner, step = 1): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-reliability-'));
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, AFTER);
  try {
    const whole = await inWorld(async ({ host }) => {
      const proxy = await startProxy(host);
      const code = await runProgram(policy, proxy.host, () => {});
      await proxy.stop();
      assert.equal(code, 0);
      return withCluster(host, async (cluster) => ({
        writes: proxy.writes.length,
        result: await fingerprint(cluster),
      }));
    });
    let points = 0;
    for (let index = 0; index < whole.writes; index += step) {
      for (const moment of MOMENTS) {
        await inWorld(({ host }) => killAt(host, policy, index, moment, whole.result));
        points += 1;
      }
    }
    return `${points} kill points (${whole.writes} writes), each finished by the next apply, same result, journal true`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killAt(
  host: string,
  policy: string,
  index: number,
  moment: (typeof MOMENTS)[number],
  result: string,
): Promise<void> {
  let kill = (): void => {};
  let killed = false;
  const proxy = await startProxy(host, (write: Write): Fate => {
    // What the dead process had already given to the kernel is still on its way.
    if (write.index < index || killed) return { kind: 'pass' };
    killed = true;
    if (moment === 'after') return { kind: 'pass', answered: kill };
    kill();
    return moment === 'before' ? { kind: 'swallow' } : { kind: 'pass' };
  });
  const at = `killed ${moment} write ${index}`;
  await withCluster(host, async (cluster) => {
    const operations = await planOf(cluster);
    const code = await runProgram(policy, proxy.host, (end) => {
      kill = end;
    });
    await proxy.stop();
    if (code === 0) {
      // The answer to the last write, which gives the lock back, may reach a process that then ends by itself.
      assert.equal(moment, 'after', at);
      assert.equal(index, proxy.writes.length - 1, at);
    } else assert.equal(code, 'SIGKILL', at);
    const done = await doneBy(cluster, operations);
    const left = await cluster.lock();
    if (left !== undefined) assert.ok(await cluster.breakLock(left), at);
    await applyPolicy(cluster, after, yes);
    assert.equal(await fingerprint(cluster), result, at);
    assertJournalTells(await cluster.journal('all'), done, at);
    assert.equal((await applyPolicy(cluster, after, yes)).outcome, 'in-place', at);
    assert.equal(await cluster.lock(), undefined, at);
  });
}

/** Runs `migrate apply`; its exit code, or the signal that ended it. */
function runProgram(
  policy: string,
  host: string,
  started: (kill: () => void) => void,
): Promise<number | string | null> {
  const line = ['migrate', 'apply', '--from-policy', '--prune', '--yes', '--policy', policy, '--cluster', uriOf(host)];
  const child = spawn(process.execPath, [program, ...line], {
    env: { ...process.env, PW: PASSWORD },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  started(() => void child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(said));
      else resolve(signal ?? code);
    });
  });
}
