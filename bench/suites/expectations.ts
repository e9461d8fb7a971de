/**
 * Expectations: 1,000 by the model, 100 on a server of their own; both beyond what a single one takes, which starts all that
 * is to be started.
 */
import { readFileSync } from 'node:fs';
import { startLocalServer } from '../../src/ephemeral/local-server.ts';
import { prove } from '../../src/ephemeral/prove.ts';
import type { ExpectationFile } from '../../src/expect/expectation.ts';
import { compileExpectations, parseExpectationFile } from '../../src/expect/parse.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { Finding, Suite } from '../figure.ts';
import { compared, inFolder, median, mongoward, run, stopwatch } from '../measure.ts';

const MOST_MODEL_MS = 1000;
/** Of what starting a server takes. */
const MOST_TIMES = 2;

const shipped = readFileSync(new URL('../../policies/audit-trail.yaml', import.meta.url), 'utf8');

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

function expectationsOf(count: number): string {
  // The database is for the logs alone: what the expectations name there is no collection, and may be asked about.
  const given = '{ databases: [orders, billing], users: { legacy@admin: [readWriteAnyDatabase@admin] } }';
  const entries = Array.from(
    { length: count },
    (_, n) => `  - ${ENTRIES[n % ENTRIES.length]?.(n).replace(/on: audit\.c\d+/, 'on: audit.*')}\n`,
  );
  return `apiVersion: mongoward/v1\ntest: audit-trail\ngiven: ${given}\nexpect:\n${entries.join('')}`;
}

export const expectations: Suite = {
  name: 'expectations',
  about: 'Expectations about a policy, beyond what a single one takes, which starts all that is to be started.',
  minutes: 0.5,
  async *run(): AsyncIterable<Finding> {
    yield await byTheModel();
    yield await onAServer();
  },
};

function byTheModel(): Promise<Finding> {
  const files = new Map([
    ['audit-trail.yaml', shipped],
    ['one.test.yaml', expectationsOf(1)],
    ['thousand.test.yaml', expectationsOf(1000)],
  ]);
  return inFolder(files, async (folder): Promise<Finding> => {
    const { ms, baseMs, runs } = await compared(
      5,
      () => run(mongoward(['policy', 'test', 'one.test.yaml'], folder)),
      () => run(mongoward(['policy', 'test', 'thousand.test.yaml'], folder)),
    );
    const note = 'Beyond what one expectation takes.';
    const what = '1,000 expectations by the model';
    return { kind: 'figure', id: 'expectations/model', what, ms: ms - baseMs, runs, most: { ms: MOST_MODEL_MS }, note };
  });
}

async function onAServer(): Promise<Finding> {
  const { intent } = compilePolicy([parsePolicyFile({ file: 'audit-trail.yaml', text: shipped })]);
  if (intent === undefined) throw new Error('the shipped policy is not valid');
  const subject = { intent, policies: [intent] };
  const today = new Date().toISOString().slice(0, 10);
  const proved = (count: number): Promise<number> => {
    const tested = { file: expectationFile(count), subject };
    return stopwatch(() => prove([tested], { env: process.env, today, say: () => {} }));
  };
  const what = '100 expectations on a server of their own';
  const rounds: { readonly start: number; readonly beyond: number }[] = [];
  for (let at = 0; at < 3; at += 1) {
    const started = performance.now();
    const server = await startLocalServer({ root: { user: 'root', password: 'bench' }, env: process.env });
    const start = performance.now() - started;
    await server.stop();
    // The sandbox starts in no time.
    if (server.simulated) return { kind: 'unmeasured', id: 'expectations/server', what, why: 'there is no mongod' };
    // Starting the server and applying the policy are what a single one takes.
    const single = await proved(1);
    rounds.push({ start, beyond: (await proved(100)) - single });
  }
  return {
    kind: 'figure',
    id: 'expectations/server',
    what,
    ms: median(rounds.map(({ beyond }) => beyond)),
    runs: rounds.length,
    base: {
      what: 'starting it',
      ms: median(rounds.map(({ start }) => start)),
      ratio: median(rounds.map(({ start, beyond }) => beyond / start)),
    },
    most: { ratio: MOST_TIMES },
    note: 'Beyond what one expectation takes there, on the mongod that was found.',
  };
}

function expectationFile(count: number): ExpectationFile {
  const parsed = parseExpectationFile({ file: 'bench.test.yaml', text: expectationsOf(count) });
  const { read } = compileExpectations(parsed, []);
  if (read === undefined) throw new Error('the expectations of this benchmark are not valid');
  return read;
}
