/** Every function that the package exports has a worked example, and every worked example runs. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { SymbolFlags } from 'typescript/unstable/sync';
import { examplesIn, needsCluster } from '../../scripts/examples.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { ENTRIES, type Entry, root, unbuilt, withEntries } from './entries.ts';

const CALLED = SymbolFlags.Function | SymbolFlags.Class;

// Inside of the package, which finds itself by its own name.
const folder = unbuilt === false ? mkdtempSync(join(root, 'dist/examples-')) : '';
after(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
});

const examples = withEntries(
  ENTRIES.map((entry) => `src/library/${entry}.ts`),
  examplesOf,
);
for (const [index, entry] of ENTRIES.entries()) {
  for (const [name, codes] of examples[index] ?? []) {
    test(`the example of ${name} of ${entry} runs`, { skip: unbuilt }, async () => {
      assert.notEqual(codes.length, 0, `${name} has no @example with a js block`);
      for (const code of codes) {
        assert.match(code, new RegExp(`\\b${name}\\b`));
        await run(code);
      }
    });
  }
}

for (const file of ['README.md', 'docs/library.md']) {
  test(`the examples of ${file} run`, { skip: unbuilt }, async () => {
    const codes = examplesIn(readFileSync(join(root, file), 'utf8'));
    assert.notEqual(codes.length, 0);
    for (const code of codes) await run(code);
  });
}

/** Every function and class that an entry exports, with the code of its examples. */
function examplesOf({ checker, exports }: Entry): ReadonlyMap<string, readonly string[]> {
  const called = [...exports].filter(([, { flags }]) => (flags & CALLED) !== 0);
  return new Map(
    called.map(([name, symbol]) => {
      const tags = checker.getJsDocTagsOfSymbol(symbol).filter((tag) => tag.name === 'example');
      return [name, tags.flatMap(({ text = '' }) => examplesIn(text))];
    }),
  );
}

let count = 0;

/** Imports it. One that connects has a server of its own. */
async function run(code: string): Promise<void> {
  count += 1;
  const file = join(folder, `example-${count}.mjs`);
  writeFileSync(file, code);
  const imported = (): Promise<unknown> => import(pathToFileURL(file).href);
  if (!needsCluster(code)) return void (await imported());
  const admin = { user: 'root', password: 'root password' };
  const sandbox = await startSandbox({ root: admin });
  process.env['MONGODB_URI'] = sandbox.uri(admin);
  try {
    await imported();
  } finally {
    delete process.env['MONGODB_URI'];
    await sandbox.stop();
  }
}
