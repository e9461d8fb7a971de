/** The holder stopped (SIGSTOP) past its lease: it lands at most the command already being sent, the next one verifies. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { startProxy } from './proxy.ts';
import { after, before } from './scenario.ts';
import { fingerprint, type Runner, withCluster, yes } from './world.ts';

const HOLDER = fileURLToPath(new URL('./holder.ts', import.meta.url));
const LEASE_MS = 1000;

/** Freezes the holder at every `step`th write. */
export async function freezeAt(inWorld: Runner, step: number): Promise<string> {
  const whole = await inWorld(({ host }) => freeze(host, Number.POSITIVE_INFINITY));
  let points = 0;
  let landed = 0;
  for (let index = 1; index < whole.writes - 1; index += step) {
    const frozen = await inWorld(({ host }) => freeze(host, index));
    assert.equal(frozen.result, whole.result, `frozen at write ${index}`);
    assert.ok(frozen.late <= 1, `frozen at write ${index}: ${frozen.late} commands landed after the lock was lost`);
    landed += frozen.late;
    points += 1;
  }
  return `${points} freezes past the lease: ${landed} commands landed afterwards, never more than one each; the next holder verified`;
}

interface Frozen {
  readonly writes: number;
  /** How many writes came from the holder after it was woken, the giving back of its lock excepted. */
  readonly late: number;
  readonly result: string;
}

async function freeze(host: string, at: number): Promise<Frozen> {
  let stop = (): void => {};
  let stopped = (): void => {};
  const asleep = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  let woken = false;
  let late = 0;
  const proxy = await startProxy(host, ({ index, target }) => {
    if (woken && target !== 'locks') late += 1;
    if (index === at) {
      stop();
      stopped();
    }
    return { kind: 'pass' };
  });
  const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, proxy.host, String(LEASE_MS)], { stdio: 'ignore' });
  stop = () => void child.kill('SIGSTOP');
  const ended = once(child, 'close');
  return withCluster(host, async (cluster) => {
    await Promise.race([asleep, ended]);
    if (child.exitCode === null && at !== Number.POSITIVE_INFINITY) {
      await sleep(LEASE_MS + 100);
      // Somebody else takes the cluster back to what it was, and writes to every target on the way.
      await applyPolicy(cluster, before, yes);
      woken = true;
      child.kill('SIGCONT');
      await ended;
      assert.equal(child.exitCode, 2, `frozen at write ${at}`);
      await applyPolicy(cluster, after, yes);
    }
    await proxy.stop();
    return { writes: proxy.writes.length, late, result: await fingerprint(cluster, false) };
  });
}
