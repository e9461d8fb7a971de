/** What importing an entry loads, by Node.js itself: every module that is resolved or required. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { root, unbuilt } from './entries.ts';

/** Runs in the loader's own thread, and says where each import leads. */
const HOOKS = `
import { writeSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  writeSync(1, resolved.url + '\\n');
  return resolved;
}`;

const LOADER = `
import Module, { register } from 'node:module';
import { pathToFileURL } from 'node:url';
const load = Module._load;
Module._load = function (request, parent, main) {
  const file = Module._resolveFilename(request, parent, main);
  console.log(Module.isBuiltin(file) ? 'node:' + file.replace(/^node:/, '') : pathToFileURL(file).href);
  return load.call(this, request, parent, main);
};
register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(HOOKS)}));
await import(process.env.ENTRY);`;

/** The packages and the modules of Node.js that it brings. */
function loadedBy(entry: string): { readonly packages: readonly string[]; readonly builtins: readonly string[] } {
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', LOADER], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ENTRY: entry },
  });
  const urls = printed.split('\n').filter((line) => line !== '');
  assert.ok(urls.some((url) => url.endsWith(`/dist/library/${entry.replace('/', '-')}.js`)));
  const matching = (pattern: RegExp): readonly string[] =>
    [...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? []))].sort();
  return { packages: matching(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//), builtins: matching(/^node:(.*)$/) };
}

test('mongoward loads the parsers of BSON and YAML, and nothing that opens a socket, a file or a process', {
  skip: unbuilt,
}, () => {
  assert.deepEqual(loadedBy('mongoward'), { packages: ['bson', 'yaml'], builtins: ['buffer', 'crypto', 'process'] });
});

test('mongoward/cluster loads the driver, and still nothing of the command line', { skip: unbuilt }, () => {
  const { packages, builtins } = loadedBy('mongoward/cluster');
  assert.ok(packages.includes('mongodb'));
  assert.ok(builtins.includes('net'), 'the driver’s sockets are seen, so that they would be seen above');
  assert.deepEqual(
    packages.filter((name) => ['yargs', 'diff', 'json-schema-to-typescript'].includes(name)),
    [],
  );
});
