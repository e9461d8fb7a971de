/**
 * Packs the package, installs it into an empty folder, and uses it there as a stranger would: the program, the library,
 * the shipped policy. Needs the npm registry for the dependencies.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'mongoward-package-'));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const run = (command, args) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const packed = execFileSync(npm, ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(npm, ['install', '--silent', '--no-audit', '--no-fund', join(folder, packed)]);
  const program = join(folder, 'node_modules/.bin/mongoward');
  run(program, ['policy', 'lint', 'node_modules/mongoward/policies']);
  run(program, ['demo']);
  writeFileSync(
    join(folder, 'use.js'),
    `import { compilePolicy, driftReport, makePlan, parsePolicyFile } from 'mongoward';
const text = 'apiVersion: mongoward/v1\\nmetadata: { name: x }\\nroles: { "r@a": {} }\\n';
const { intent } = compilePolicy([parsePolicyFile({ file: 'x.yaml', text })]);
const server = { version: '8.0.0', edition: 'community', topology: 'standalone' };
const state = { server, roles: [], users: [], databases: [], objects: [], unreadable: [] };
const kinds = makePlan(intent, state).operations.map((operation) => operation.kind);
if (kinds.join() !== 'recordObject,createRole') throw new Error(kinds.join());
if (driftReport(intent, state, '2026-01-01').findings.length !== 1) throw new Error('no finding');
`,
  );
  run(process.execPath, ['use.js']);
  console.log(`${packed}: installs into an empty folder, and runs`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
