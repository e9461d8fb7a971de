/**
 * Packs the package, installs it into an empty folder, and uses it there as a stranger would: the program, the demo, the
 * library by the examples of README.md and docs/library.md. Needs the npm registry for the dependencies.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startSandbox } from '../src/sandbox/server.ts';
import { examplesIn, needsCluster } from './examples.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'mongoward-package-'));
const MOST_PACKAGES = 20;
const MOST_BYTES = 20e6;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const packed = execFileSync(npm, ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(npm, ['install', '--silent', '--no-audit', '--no-fund', join(folder, packed)]);
  const weight = weigh();
  const program = join(folder, 'node_modules/.bin/mongoward');
  run(program, ['policy', 'lint', 'node_modules/mongoward/policies']);
  run(program, ['demo']);
  const examples = ['README.md', 'docs/library.md'].flatMap((path) =>
    examplesIn(readFileSync(join(root, path), 'utf8')),
  );
  for (const code of examples) await runExample(code);
  console.log(
    `${packed}: installs into an empty folder (${weight}), and runs there, with ${examples.length} examples of the library`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What an installation brings. Throws an Error where that is more than an installation may. */
function weigh(): string {
  const modules = join(folder, 'node_modules');
  const installed = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
  };
  const packages = Object.entries(installed.packages);
  const bytes = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([name]) => name);
  const weight = `${packages.length} packages, ${(bytes / 1e6).toFixed(1)} MB`;
  if (packages.length > MOST_PACKAGES || bytes > MOST_BYTES) throw new Error(`an installation brings ${weight}`);
  if (scripts.length > 0) throw new Error(`these run scripts when they are installed: ${scripts.join(', ')}`);
  return weight;
}

/** Each that connects has a server of its own, in this process. */
async function runExample(code: string): Promise<void> {
  const file = join(folder, 'example.js');
  writeFileSync(file, code);
  const admin = { user: 'root', password: 'root password' };
  const sandbox = needsCluster(code) ? await startSandbox({ root: admin }) : undefined;
  try {
    const env = sandbox === undefined ? process.env : { ...process.env, MONGODB_URI: sandbox.uri(admin) };
    await promisify(execFile)(process.execPath, [file], { cwd: folder, env });
  } finally {
    await sandbox?.stop();
  }
}
