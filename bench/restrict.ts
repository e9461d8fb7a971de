/**
 * `migrate plan` of a restriction over everybody, as a whole process, from a snapshot: 10,000 roles in six levels, 50,000
 * users, 2,000 databases; once they all hold `readWriteAnyDatabase`, once two of the 10,000 roles each. Wall time and peak
 * memory, medians of three runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatSnapshot } from '../src/state/snapshot.ts';
import type { ClusterState } from '../src/state/state.ts';
import { largeState } from './state.ts';

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const RUNS = 3;
/** Prints the peak of its own memory, in KiB, when the program ends. */
const MEMORY = 'process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n"))';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: bench }
restrictions:
  - { users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite }
`;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'mongoward-bench-'));

function measure(what: string, state: ClusterState): void {
  const file = join(folder, 'state.json');
  writeFileSync(file, formatSnapshot(state));
  const argv = ['migrate', 'plan', '--policy', join(folder, 'policy.yaml'), '--snapshot', file];
  const runs = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--import', join(folder, 'memory.mjs'), program, ...argv], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      // Pending migrations of the working directory would be planned upon.
      cwd: folder,
    });
    if (status !== 0) throw new Error(stderr);
    return { ms: performance.now() - started, kib: Number(/peak (\d+)/.exec(stderr)?.[1]) };
  });
  const time = Math.round(median(runs.map(({ ms }) => ms)));
  const memory = Math.round(median(runs.map(({ kib }) => kib)) / 1024);
  console.log(`plan a restriction, ${what}  10000 roles  50000 users  2000 databases  ${time} ms  ${memory} MiB`);
}

try {
  writeFileSync(join(folder, 'memory.mjs'), MEMORY);
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  const base = largeState({ roles: 10_000, users: 50_000, databases: 2_000 });
  const own = { ...base, databases: [...(base.databases ?? []), { name: 'audit', collections: [] }] };
  const wide = [{ role: 'readWriteAnyDatabase', db: 'admin' }];
  measure('everybody with one wide role', {
    ...own,
    users: (own.users ?? []).map((user) => ({ ...user, roles: wide })),
  });
  measure('everybody with roles of their own', own);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
