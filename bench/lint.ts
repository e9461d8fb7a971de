/**
 * `policy lint` as a whole process: the shipped policy against `node -e 0`, and 10,000 roles and 10,000 users in 100
 * files against parsing the same files with the `yaml` package and nothing else. What is compared runs in turn; medians,
 * ratios, and the targets that they are held against.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/cli/main.js');

/** Prints the peak of its own memory, in KiB, when the program ends. */
const MEMORY = 'process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n"))';

const PARSE = `import { readdirSync, readFileSync } from 'node:fs';
import { parse } from ${JSON.stringify(join(root, 'node_modules/yaml/dist/index.js'))};
for (const name of readdirSync('policies')) parse(readFileSync('policies/' + name, 'utf8'));
`;

interface Run {
  readonly ms: number;
  readonly mib: number;
}

function run(args: readonly string[], cwd: string): Run {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 30 });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(stderr);
  return { ms, mib: Number(/peak (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function compare(what: string, runs: number, target: string, base: () => Run, subject: () => Run): void {
  const pairs = Array.from({ length: runs }, () => [base(), subject()] as const);
  const of = (side: 0 | 1): number => median(pairs.map((pair) => pair[side].ms));
  const ratio = median(pairs.map(([left, right]) => right.ms / left.ms));
  const memory = Math.round(median(pairs.map(([, right]) => right.mib)));
  const shown = Number.isNaN(memory) ? '' : `  ${memory} MiB`;
  console.log(
    `${what}  ${Math.round(of(1))} ms  base ${Math.round(of(0))} ms  ratio ${ratio.toFixed(2)}${shown}  target ${target}`,
  );
}

const FILES = 100;
const PER_FILE = 100;

/** Roles that inherit from each other within a file, and users who hold them; the first file protects a collection. */
function policyFile(file: number): string {
  const entries = Array.from({ length: PER_FILE }, (_, entry) => entry);
  const roles = entries.map((entry) => {
    const db = `app${(file * 7 + entry) % 500}`;
    const inherits = entry % 10 === 0 ? '' : `\n    roles: [role${file}x${entry - 1}@admin]`;
    return `  role${file}x${entry}@admin:\n    privileges:\n      - { on: ${db}.items, allow: [find, insert, update] }\n      - { on: ${db}.orders, allow: read-only }${inherits}\n`;
  });
  const users = entries.map(
    (entry) =>
      `  user${file}x${entry}@admin:\n    roles: [role${file}x${entry}@admin]\n    mechanisms: [SCRAM-SHA-256]\n    password: { fromEnv: USER_${file}_${entry} }\n    clientSource: [10.${file}.${entry}.0/24]\n`,
  );
  const head =
    file === 0
      ? 'collections:\n  audit.logs: { protection: append-only, access: { insert: [], read: [] } }\ncluster: { version: ">=8.0", tls: requireTLS, authorization: enabled }\n'
      : '';
  return `apiVersion: mongoward/v1\nmetadata: { name: large }\n${head}roles:\n${roles.join('')}users:\n${users.join('')}`;
}

const folder = mkdtempSync(join(tmpdir(), 'mongoward-bench-'));
try {
  const memory = join(folder, 'memory.mjs');
  writeFileSync(memory, MEMORY);
  compare(
    'lint of the shipped policy',
    21,
    '<= 3, aim 2.5',
    () => run(['-e', '0'], root),
    () => run([program, 'policy', 'lint', 'policies/audit-trail.yaml'], root),
  );
  mkdirSync(join(folder, 'policies'));
  for (let file = 0; file < FILES; file += 1) {
    writeFileSync(join(folder, `policies/${String(file).padStart(3, '0')}.yaml`), policyFile(file));
  }
  writeFileSync(join(folder, 'parse.mjs'), PARSE);
  compare(
    `lint of ${FILES * PER_FILE} roles and ${FILES * PER_FILE} users in ${FILES} files`,
    5,
    '<= 1.5, under 400 MiB',
    () => run([join(folder, 'parse.mjs')], folder),
    () => run(['--import', memory, program, 'policy', 'lint', '--format', 'json'], folder),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
