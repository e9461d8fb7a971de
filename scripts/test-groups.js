/** Bundles test files to a few modules, each of which is run in one process. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** A module of a bundle still finds what lies beside its source. */
const places = {
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', () => JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', () => JSON.stringify(dirname(path))),
    }));
  },
};

/**
 * The files that take longest, in seconds, since what they take decides when the last process ends: every day, and where
 * that is something else with all runs of their property tests.
 */
const LONG = {
  'test/access/commands/commands-lib.test.ts': [3],
  'test/ci/action.test.ts': [4],
  'test/cli/commands.test.ts': [3],
  'test/cli/data-keys.test.ts': [3],
  'test/cli/demo.test.ts': [4],
  'test/cli/documented.test.ts': [16],
  'test/cli/hostile-server.test.ts': [2, 10],
  'test/cli/logins.test.ts': [8, 40],
  'test/cli/migrations.test.ts': [4],
  'test/cli/pending.test.ts': [3],
  'test/cli/plan-files.test.ts': [11],
  'test/cli/startup.test.ts': [7],
  'test/cli/violations.test.ts': [3],
  'test/conformance/restrictions.test.ts': [7],
  'test/expect/mutations.test.ts': [5],
  'test/input/yaml.test.ts': [3, 35],
  'test/library/examples.test.ts': [3],
  'test/live/drift.test.ts': [27],
  'test/migrate/migration-file.property.test.ts': [3, 30],
  'test/migrate/reverse.property.test.ts': [2, 32],
  'test/migrate/settle.property.test.ts': [1, 8],
  'test/plan/restrictions/restrict.property.test.ts': [7, 74],
  'test/report/browser.test.ts': [0, 19],
  'test/watch/watch.test.ts': [1, 11],
};
/** What any other takes. */
const USUAL = [0.4];

/**
 * Deals `files`, paths from `root`, to `count` groups at most, each about as long as the others, and gives the paths of
 * their modules in `folder`.
 */
export async function bundleTests({ root, folder, files, count, seed, full }) {
  const groups = dealt(files, count, full);
  return Promise.all(
    groups.map(async (group, index) => {
      const outfile = join(folder, `group-${index + 1}.test.mjs`);
      await build({
        stdin: { contents: entry(group, seed, full), resolveDir: root, loader: 'js' },
        outfile,
        absWorkingDir: root,
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20.19',
        packages: 'external',
        sourcemap: 'inline',
        // Node.js reads the sources where it shows a line of them.
        sourcesContent: false,
        plugins: [places],
        logLevel: 'warning',
      });
      return outfile;
    }),
  );
}

/** The longest first, each to the group that has the least to do. */
function dealt(files, count, full) {
  const groups = Array.from({ length: Math.min(count, files.length) }, () => ({ seconds: 0, files: [] }));
  const lengthOf = (file) => {
    const [everyDay, ofAll = everyDay] = LONG[file] ?? USUAL;
    return full ? ofAll : everyDay;
  };
  for (const file of files.toSorted((a, b) => lengthOf(b) - lengthOf(a))) {
    const group = groups.reduce((least, each) => (each.seconds < least.seconds ? each : least));
    group.files.push(file);
    group.seconds += lengthOf(file);
  }
  return groups.map((group) => group.files.sort());
}

/** What `require` brings is run there and then, so that the hooks and tests of a file belong to its suite. */
function entry(files, seed, full) {
  return [
    `import { describe } from 'node:test';`,
    `import fc from 'fast-check';`,
    `fc.configureGlobal({ seed: ${seed}, numRuns: ${full ? 100 : 10} });`,
    ...files.map((file) => `describe(${JSON.stringify(file)}, () => { require(${JSON.stringify(`./${file}`)}); });`),
  ].join('\n');
}
