/**
 * Builds dist/ from src/: the library as modules with their types, and the program as one file.
 *
 * The program is linted with on every commit, so what counts is how soon it answers. One CommonJS file is read at once,
 * runs only the parts that the command needs, and asks for the driver when a cluster is named.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
// The validators are plain JavaScript already, and their types are written beside them.
for (const name of ['validators.js', 'validators.d.ts']) {
  cpSync(join(root, 'src/generated', name), join(dist, 'generated', name));
}

/**
 * yargs measures its help texts with string-width, which takes 15 ms to load the tables of all scripts. Our help is in
 * English letters: each is one column wide, and a colour none.
 */
const plainWidths = {
  name: 'plain-widths',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, () => ({ path: 'string-width', namespace: 'plain-widths' }));
    build.onLoad({ filter: /.*/, namespace: 'plain-widths' }, () => ({
      contents: `export default (text) => text.replace(/\\u001b\\[\\d+m/g, '').length;`,
    }));
  },
};

const program = join(dist, 'cli/main.js');
const { metafile } = await build({
  entryPoints: [join(root, 'src/cli/main.ts')],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  minifyWhitespace: true,
  minifySyntax: true,
  external: ['bson', 'mongodb', 'mongodb-memory-server', 'json-schema-to-typescript'],
  plugins: [plainWidths],
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: `const moduleUrl=require('node:url').pathToFileURL(__filename).href;` },
  logLevel: 'warning',
  metafile: true,
});
// Of the schema compiler only the few functions that its compiled validators call may be in the program.
const compilers = Object.keys(metafile.inputs).filter((path) =>
  /node_modules\/(ajv\/(?!dist\/runtime\/)|json-schema-to-typescript\/|mongodb\/)/.test(path),
);
if (compilers.length > 0) throw new Error(`these do not belong into the program: ${compilers.join(', ')}`);
chmodSync(program, 0o755);
// The package's files are modules, this one is not.
writeFileSync(join(dist, 'cli/package.json'), '{ "type": "commonjs" }\n');
