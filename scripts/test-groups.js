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
 * Deals `files`, paths from `root`, to `count` groups at most, and gives the paths of their modules in `folder`. The files
 * of a room are alike in length, and go to different groups.
 */
export async function bundleTests({ root, folder, files, count, seed, full }) {
  const groups = Array.from({ length: Math.min(count, files.length) }, (_, group) =>
    files.filter((_, index) => index % count === group),
  );
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
        plugins: [places],
        logLevel: 'warning',
      });
      return outfile;
    }),
  );
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
