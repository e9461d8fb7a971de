/**
 * Builds dist/ from src/: the library as modules with their types, the program in a few CommonJS files.
 *
 * The program is linted with on every commit, so what counts is how soon it answers. Its files are the start, what reads a
 * command line, what answers a shell, the linter, what is about policies, what is about clusters, what reads the files of
 * other tools, the page of a report, the compiler of types, and what brings the sandbox along. The driver is a file as well,
 * asked for when a cluster is named.
 *
 * What dist/ was built from is kept there as a hash: as long as it is the same, there is nothing to do.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, transform } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const builtFrom = join(dist, '.built-from');
const inputs = inputsHash();
if (existsSync(builtFrom) && readFileSync(builtFrom, 'utf8') === inputs) process.exit();
rmSync(dist, { recursive: true, force: true });

const library = buildLibrary();

/** Of all that goes in: sources, settings, and the packages that are bundled. */
function inputsHash() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.js'];
  for (const file of [...sources, ...settings.map((name) => join(root, name))]) {
    const bytes = readFileSync(file);
    hash.update(`${file} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** In a process of its own, beside the bundles. */
async function buildLibrary() {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root }).catch(
    ({ stdout }) => {
      throw new Error(`the library does not compile:\n${stdout}`);
    },
  );
  // The validators are plain JavaScript already, and their types are written beside them.
  const validators = readdirSync(join(root, 'src/generated')).filter((file) => /^validate-.*\.(js|d\.ts)$/.test(file));
  for (const name of validators) cpSync(join(root, 'src/generated', name), join(dist, 'generated', name));
}

/** What yargs brings along and this program has no use for, by the name under which yargs imports it. */
const UNUSED_BY_YARGS = {
  // It measures help texts with tables of all scripts, which take 15 ms to load. Our help is in English letters: each is one
  // column wide, and a colour none.
  'string-width': `export default (text) => text.replace(/\\u001b\\[\\d+m/g, '').length;`,
  // It looks for a package.json to guess a version from, wherever it runs, and takes an error for none.
  'escalade/sync': `export default () => { throw undefined; };`,
  // Its assertions about itself; Node.js takes 3 ms to load what would show two values side by side.
  assert: `const holds = (is, message) => { if (!is) throw new Error(message); };
    export const strictEqual = (a, b, message) => holds(Object.is(a, b), message);
    export const notStrictEqual = (a, b, message) => holds(!Object.is(a, b), message);`,
};
const leanYargs = {
  name: 'lean-yargs',
  setup(build) {
    build.onResolve({ filter: /^(string-width|escalade\/sync|assert)$/ }, ({ path, importer }) =>
      path === 'string-width' || importer.includes('/node_modules/yargs/')
        ? { path, namespace: 'lean-yargs' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'lean-yargs' }, ({ path }) => ({ contents: UNUSED_BY_YARGS[path] }));
  },
};

/** Looked up once, here: each file of the program would read it anew. */
const knownVersion = {
  name: 'known-version',
  setup(build) {
    build.onLoad({ filter: /\/package-version\.ts$/ }, () => ({
      contents: `export const VERSION = ${JSON.stringify(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)};`,
    }));
  },
};

/** A sixth of what the linter loads is the parser of YAML. Nobody looks for its names in a stack. */
const shortNames = {
  name: 'short-names',
  setup(build) {
    build.onLoad({ filter: /\/node_modules\/yaml\/.*\.js$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { format: 'esm', minifyIdentifiers: true });
      return { contents: code };
    });
  },
};

/** The driver's parser of addresses loads tables of all scripts, which take 12 ms, for names of hosts that are not ASCII. */
const lateTables = {
  name: 'late-tables',
  setup(build) {
    build.onResolve({ filter: /^tr46$/ }, ({ namespace, resolveDir }) =>
      namespace === 'late-tables' ? undefined : { path: 'tr46', namespace: 'late-tables', pluginData: resolveDir },
    );
    build.onLoad({ filter: /.*/, namespace: 'late-tables' }, ({ pluginData }) => ({
      contents: `module.exports = { toASCII: (...given) => require('tr46').toASCII(...given), toUnicode: (...given) => require('tr46').toUnicode(...given) };`,
      resolveDir: pluginData,
    }));
  },
};

/**
 * The same parser as modules, of which what nobody calls is left out: for Node.js the package has one in CommonJS, which
 * comes whole. They differ in what they make of `!!binary`, a tag that is refused before.
 */
const yamlModules = {
  name: 'yaml-modules',
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, () => ({
      path: join(root, 'node_modules/yaml/browser/dist/index.js'),
      sideEffects: false,
    }));
    build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) =>
      resolveDir.includes('/yaml/browser/') ? { path: join(resolveDir, path), sideEffects: false } : undefined,
    );
  },
};

/** The files of src/cli/ that define a command. */
const COMMANDS = readdirSync(join(root, 'src/cli')).filter((file) =>
  readFileSync(join(root, 'src/cli', file), 'utf8').includes('= defineCommand('),
);
/** The one that runs on every commit has a file of its own. */
const LINT = 'policy-lint.ts';
/** Those that are about a cluster share a file, and the others share one. */
const ON_CLUSTERS = /^(cluster|drift|migrate)-/;
/** `policy types` alone loads it. */
const TYPES = 'json-schema-to-typescript';
/** What loads the other parts; the version is told without it. */
const LOADER = './parts.js';
/** Some 150 files, which take half as long to load when they are one. */
const DRIVER = 'mongodb';

/**
 * What has a file of its own, wherever it is asked for: the class Failure, by which one part knows an error of another's,
 * what reads the files of other tools, the page of a report, and what brings the sandbox along.
 */
const APART = {
  '/failure.ts': './failure.js',
  '/adopt/import/import.ts': './importing.js',
  '/demo/demo.ts': './demo.js',
  '/html/page.ts': './html-page.js',
  '/ephemeral/judge-document.ts': './judge-document.js',
  '/ephemeral/prove.ts': './prove.js',
};

/** A formatter of code of 9 MB, which the compiler of types loads and, told not to format, never calls. */
const noFormatter = {
  name: 'no-formatter',
  setup(build) {
    build.onResolve({ filter: /^prettier$/ }, () => ({ path: 'prettier', namespace: 'no-formatter' }));
    build.onLoad({ filter: /.*/, namespace: 'no-formatter' }, () => ({ contents: 'export {};' }));
  },
};

/**
 * The program in parts that load on demand. Each is one file: to find and read many takes longer than to skip what a command
 * does not run. What parts share is in each of them.
 */
const beside = {
  name: 'beside',
  setup(build) {
    build.onResolve({ filter: /\.ts$|^json-schema-to-typescript$|^mongodb$/ }, ({ path, kind, importer }) => {
      const part = kind === 'entry-point' || importer === '<stdin>' ? undefined : partOf(path, kind);
      if (part === undefined) return undefined;
      // The start loads what loads the parts, and that the first of them.
      return importer.endsWith('/src/cli/main.ts') && part !== LOADER
        ? { path: part, namespace: 'first-part' }
        : { path: part, external: true };
    });
    build.onLoad({ filter: /.*/, namespace: 'first-part' }, ({ path }) => ({
      contents: `module.exports = require('./parts.ts').loadPart(__dirname + '${path.slice(1)}');`,
      resolveDir: join(root, 'src/cli'),
    }));
  },
};

function partOf(path, kind) {
  const [, apart] = Object.entries(APART).find(([end]) => path.endsWith(end)) ?? [];
  if (apart !== undefined) return apart;
  if (path === DRIVER) return './driver.js';
  if (path === './parts.ts') return LOADER;
  if (kind !== 'dynamic-import') return undefined;
  if (path === TYPES) return './types-compiler.js';
  const file = path.replace('./', '');
  if (file === 'run.ts') return './run.js';
  if (file === LINT || file === 'completions.ts') return `./${file.replace('.ts', '.js')}`;
  if (!COMMANDS.includes(file)) return undefined;
  return ON_CLUSTERS.test(file) ? './cluster-commands.js' : './commands.js';
}

/** As Node.js wraps a CommonJS file before it compiles it: to do it here spares the start two copies of the text. */
const WRAPPER = ['(function (exports, require, module, __filename, __dirname) { ', '\n});'];
/** Those that Node.js loads itself, which wraps them. */
const UNWRAPPED = new Set(['main.js', 'parts.js']);

/** The address of the module, which CommonJS has not. */
const MODULE_URL = `const moduleUrl=require('node:url').pathToFileURL(__filename).href;`;
/** What the driver loads if it is installed, it finds from where it is installed itself. */
const FROM_THE_DRIVER = `require=require('node:module').createRequire(require.resolve('${DRIVER}'));`;

/** Bundles a file of src/, or the code that is given, to one of dist/cli/, and gives the paths of what went in. */
async function bundle(
  name,
  entry,
  { external = ['acorn', 'mongodb-memory-server'], banner = MODULE_URL, minifyIdentifiers = false } = {},
) {
  const [begin, end] = UNWRAPPED.has(name) ? ['', ''] : WRAPPER;
  const { metafile } = await build({
    ...(entry.endsWith('.ts')
      ? { entryPoints: [join(root, entry)] }
      : { stdin: { contents: entry, resolveDir: join(root, 'src/cli'), loader: 'ts' } }),
    outfile: join(dist, 'cli', name),
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    // A part is required, which is quicker than to import it.
    supported: { 'dynamic-import': false },
    // Of what reads a command line most is yargs: nobody looks for its names in a stack.
    minifyIdentifiers,
    minifyWhitespace: true,
    minifySyntax: true,
    external: ['bson', ...external],
    plugins: [leanYargs, knownVersion, shortNames, lateTables, noFormatter, yamlModules, beside],
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: `${begin}${banner}` },
    footer: { js: end },
    // They are in LICENSES.txt, whole.
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

function optionalPeersOf(name) {
  const { peerDependenciesMeta } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
  return Object.keys(peerDependenciesMeta);
}

/** What the authors of the packages whose code is in the files want to be said. */
function licensesOf(paths) {
  const packages = new Set(paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : `\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
      return `${name} ${version} (${license})\n${text}`;
    })
    .join('\n----\n\n');
}

const exportsOf = (files) => files.map((file) => `export * from './${file}';`).join('\n');
const parts = await Promise.all([
  bundle('main.js', 'src/cli/main.ts'),
  bundle('parts.js', 'src/cli/parts.ts'),
  bundle('run.js', 'src/cli/run.ts', { minifyIdentifiers: true }),
  bundle('policy-lint.js', `src/cli/${LINT}`),
  bundle('completions.js', 'src/cli/completions.ts'),
  bundle('commands.js', exportsOf(COMMANDS.filter((file) => file !== LINT && !ON_CLUSTERS.test(file)))),
  bundle('cluster-commands.js', exportsOf(COMMANDS.filter((file) => ON_CLUSTERS.test(file)))),
]);
const apart = await Promise.all([
  bundle('demo.js', 'src/demo/demo.ts'),
  bundle('judge-document.js', 'src/ephemeral/judge-document.ts'),
  bundle('prove.js', 'src/ephemeral/prove.ts'),
  bundle('failure.js', 'src/failure.ts'),
  bundle('html-page.js', 'src/report/html/page.ts'),
  bundle('importing.js', 'src/adopt/import/import.ts'),
  bundle('types-compiler.js', `export { compile } from '${TYPES}';`),
  bundle('driver.js', `export * from '${DRIVER}';`, { external: optionalPeersOf(DRIVER), banner: FROM_THE_DRIVER }),
]);
writeFileSync(join(dist, 'cli/LICENSES.txt'), licensesOf([...parts, ...apart].flat()));
// Of the schema compiler only the few functions that its compiled validators call may be in the program.
const strangers = parts
  .flat()
  .filter((path) =>
    /node_modules\/(ajv\/(?!dist\/runtime\/)|json-schema-to-typescript\/|mongodb\/)|^src\/(demo|ephemeral|sandbox)\//.test(
      path,
    ),
  );
if (strangers.length > 0) throw new Error(`these do not belong into the program: ${strangers.join(', ')}`);
chmodSync(join(dist, 'cli/main.js'), 0o755);
// The package's files are modules, these are not.
writeFileSync(join(dist, 'cli/package.json'), '{ "type": "commonjs" }\n');
await library;
writeFileSync(builtFrom, inputs);
