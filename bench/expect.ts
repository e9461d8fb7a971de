/**
 * How long expectations take: 1,000 by the model, beyond what the same program takes to start; 100 on a server of its
 * own, beyond what a single one takes there, against what starting the server takes. Exits with 1 if one takes longer than it may.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalServer } from '../src/ephemeral/local-server.ts';
import { prove, type TestedFile } from '../src/ephemeral/prove.ts';
import type { ExpectationFile } from '../src/expect/expectation.ts';
import { compileExpectations, parseExpectationFile } from '../src/expect/parse.ts';
import { compilePolicy, parsePolicyFile } from '../src/policy/compile.ts';

const MOST_MODEL_MS = 1000;
/** Of what starting a server takes. */
const MOST_TIMES = 2;

const folder = mkdtempSync(join(tmpdir(), 'mongoward-bench-'));
const program = new URL('../dist/cli/main.js', import.meta.url).pathname;
const shipped = readFileSync(new URL('../policies/audit-trail.yaml', import.meta.url), 'utf8');
const { intent } = compilePolicy([parsePolicyFile({ file: 'audit-trail.yaml', text: shipped })]);
if (intent === undefined) throw new Error('the shipped policy is not valid');

/** Each in words of its own: accounts, actions, outcomes, commands, documents. */
const ENTRIES: readonly ((n: number) => string)[] = [
  () => '{ as: crud-service@admin, may: insert, on: audit.logs }',
  () => '{ as: crud-service@admin, mayNot: [alter, destroy], on: audit.logs }',
  (n) => `{ as: legacy@admin, mayNot: read, on: audit.c${n} }`,
  (n) => `{ as: legacy@admin, run: { insert: c${n}, documents: [{ n: ${n} }] }, db: billing, refused: false }`,
  (n) => `{ as: crud-service@admin, run: { delete: c${n}, deletes: [{ q: {}, limit: 0 }] }, db: audit, refused: true }`,
  (n) => `{ as: legacy@admin, may: [find, remove], on: orders.c${n} }`,
  (n) => `{ as: crud-service@admin, document: { event: e${n} }, into: audit.logs, refused: true }`,
  () => '{ as: "*", mayNot: destroy, on: audit.logs, except: root@admin }',
  (n) => `{ as: crud-service@admin, run: { find: c${n} }, db: audit, refused: true }`,
  () => '{ as: legacy@admin, mayNot: [update, remove], on: audit.logs }',
];

function write(name: string, count: number): string {
  const file = join(folder, name);
  const places = Array.from({ length: count }, (_, n) => `audit.c${n}`);
  // The database is for the logs alone: what the expectations name there is no collection, and may be asked about.
  const given = '{ databases: [orders, billing], users: { legacy@admin: [readWriteAnyDatabase@admin] } }';
  const entries = places.map(
    (_, n) => `  - ${ENTRIES[n % ENTRIES.length]?.(n).replace(/on: audit\.c\d+/, 'on: audit.*')}`,
  );
  writeFileSync(file, `apiVersion: mongoward/v1\ntest: audit-trail\ngiven: ${given}\nexpect:\n${entries.join('\n')}\n`);
  return file;
}

function timed(...argv: readonly string[]): number {
  const started = performance.now();
  execFileSync(process.execPath, [program, ...argv], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  return performance.now() - started;
}

const TODAY = new Date().toISOString().slice(0, 10);

async function proveMs(tested: TestedFile): Promise<number> {
  const from = performance.now();
  await prove([tested], { env: process.env, today: TODAY, say: () => {} });
  return performance.now() - from;
}

function expectationsIn(file: string): ExpectationFile {
  const { read } = compileExpectations(parseExpectationFile({ file, text: readFileSync(file, 'utf8') }), []);
  if (read === undefined) throw new Error('the expectations of this benchmark are not valid');
  return read;
}

/** The middle of several. */
function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

async function startServer(): Promise<{ readonly ms: number; readonly label: string; readonly simulated: boolean }> {
  const started = performance.now();
  const server = await startLocalServer({ root: { user: 'root', password: 'bench' }, env: process.env });
  const ms = performance.now() - started;
  await server.stop();
  return { ms, label: server.label, simulated: server.simulated };
}

try {
  writeFileSync(join(folder, 'audit-trail.yaml'), shipped);
  const [one, thousand, hundred] = [
    write('one.test.yaml', 1),
    write('thousand.test.yaml', 1000),
    write('hundred.test.yaml', 100),
  ];
  const rounds = [1, 2, 3, 4, 5];
  const start = median(rounds.map(() => timed('policy', 'test', one)));
  const model = median(rounds.map(() => timed('policy', 'test', thousand))) - start;
  console.log(
    `1,000 expectations by the model: ${model.toFixed(0)} ms beyond the start of ${start.toFixed(0)} ms; at most ${MOST_MODEL_MS}`,
  );

  const started = [await startServer(), await startServer(), await startServer()];
  const server = median(started.map(({ ms }) => ms));
  // The sandbox starts in no time.
  const isReal = started.every(({ simulated }) => !simulated);
  const subject = { intent, policies: [intent] };
  const proved = async (file: string): Promise<number> => {
    const times: number[] = [];
    for (const _ of started) times.push(await proveMs({ file: expectationsIn(file), subject }));
    return median(times);
  };
  // Starting the server and applying the policy are what a single one takes.
  const single = await proved(one);
  const beyond = (await proved(hundred)) - single;
  console.log(
    `100 expectations on ${started[0]?.label}: ${beyond.toFixed(0)} ms beyond the ${single.toFixed(0)} ms of a single one, of which its start takes ${server.toFixed(0)} ms; at most ${isReal ? `${MOST_TIMES} times that start` : 'anything'}`,
  );
  if (model > MOST_MODEL_MS || (isReal && beyond > MOST_TIMES * server)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
