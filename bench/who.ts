/**
 * `policy who alter audit.logs` as a whole process, from a snapshot file: 10,000 roles in six levels of inheritance,
 * 50,000 users, 2,000 databases; then doubled twice. Medians of five runs, wall time and peak memory.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatSnapshot } from '../src/state/snapshot.ts';
import { largeState } from './state.ts';

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const RUNS = 5;
/** Prints the peak of its own memory, in KiB, when the program ends. */
const MEMORY = 'process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n"))';

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'mongoward-bench-'));
try {
  writeFileSync(join(folder, 'memory.mjs'), MEMORY);
  for (const factor of [1, 2, 4]) {
    const size = { roles: 10_000 * factor, users: 50_000 * factor, databases: 2_000 * factor };
    const file = join(folder, `state-${factor}.json`);
    writeFileSync(file, formatSnapshot(largeState(size)));
    const runs = Array.from({ length: RUNS }, () => {
      const started = performance.now();
      const { status, stderr } = spawnSync(
        process.execPath,
        [
          '--import',
          join(folder, 'memory.mjs'),
          program,
          'policy',
          'who',
          'alter',
          'audit.logs',
          '--snapshot',
          file,
          '--format',
          'json',
        ],
        { encoding: 'utf8', maxBuffer: 1 << 30 },
      );
      if (status !== 0) throw new Error(stderr);
      return { ms: performance.now() - started, kib: Number(/peak (\d+)/.exec(stderr)?.[1]) };
    });
    const time = Math.round(median(runs.map(({ ms }) => ms)));
    const memory = Math.round(median(runs.map(({ kib }) => kib)) / 1024);
    console.log(
      `who alter audit.logs  ${size.roles} roles  ${size.users} users  ${size.databases} databases  ${time} ms  ${memory} MiB`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
