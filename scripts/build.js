/**
 * Builds dist/ from src/: the library as modules with their types, the program as one file, and the demo, with the sandbox
 * that it runs on, as another.
 *
 * The program is linted with on every commit, so what counts is how soon it answers. One CommonJS file is read at once,
 * runs only the parts that the command needs, and asks for the driver when a cluster is named, for the demo when that is.
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

/**
 * What bundles share stays a file of its own beside them: the class Failure, by which the program knows an error of
 * another bundle's, and what brings the sandbox along.
 */
const BESIDE = {
  '/failure.ts': './failure.js',
  '/demo/demo.ts': './demo.js',
  '/ephemeral/judge-document.ts': './judge-document.js',
  '/ephemeral/prove.ts': './prove.js',
};
const beside = {
  name: 'beside',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path, kind }) => {
      const [, file] = Object.entries(BESIDE).find(([end]) => path.endsWith(end)) ?? [];
      return kind === 'entry-point' || file === undefined ? undefined : { path: file, external: true };
    });
  },
};

/** Bundles a file of src/ to one of dist/cli/, and gives the paths of what went in. */
async function bundle(entry, name) {
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    outfile: join(dist, 'cli', name),
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    minifyWhitespace: true,
    minifySyntax: true,
    external: ['bson', 'mongodb', 'mongodb-memory-server', 'json-schema-to-typescript'],
    plugins: [plainWidths, beside],
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: `const moduleUrl=require('node:url').pathToFileURL(__filename).href;` },
    logLevel: 'warning',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

const inputs = await bundle('src/cli/main.ts', 'main.js');
await bundle('src/demo/demo.ts', 'demo.js');
await bundle('src/ephemeral/judge-document.ts', 'judge-document.js');
await bundle('src/ephemeral/prove.ts', 'prove.js');
await bundle('src/failure.ts', 'failure.js');
// Of the schema compiler only the few functions that its compiled validators call may be in the program.
const strangers = inputs.filter((path) =>
  /node_modules\/(ajv\/(?!dist\/runtime\/)|json-schema-to-typescript\/|mongodb\/)|^src\/(demo|ephemeral|sandbox)\//.test(
    path,
  ),
);
if (strangers.length > 0) throw new Error(`these do not belong into the program: ${strangers.join(', ')}`);
chmodSync(join(dist, 'cli/main.js'), 0o755);
// The package's files are modules, these are not.
writeFileSync(join(dist, 'cli/package.json'), '{ "type": "commonjs" }\n');
