/** Builds dist/ from src/. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
// The validators are plain JavaScript already, and their types are written beside them.
for (const name of ['validators.js', 'validators.d.ts']) {
  cpSync(join(root, 'src/generated', name), join(root, 'dist/generated', name));
}
