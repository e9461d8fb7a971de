/** How soon the program answers: an empty Node.js beside it. */
import type { Figure, Finding, Suite } from '../figure.ts';
import { versionOf } from '../machine.ts';
import { type Comparison, compared, inFolder, type Line, mongoward, node, type Run, run } from '../measure.ts';

const EMPTY = 'node -e 0';
const RUNS = 21;

const LINT = ['policy', 'lint', 'policies/audit-trail.yaml'];
const LINTING = '`policy lint` of the shipped policy';

/** An empty Node.js. */
const empty = (): Promise<Run> => run(node(['-e', '0']));

export const start: Suite = {
  name: 'start',
  about:
    'Start, as a hook or an editor pays it with every commit, beside an empty Node.js. A command keeps its compiled code for its next run.',
  minutes: 0.8,
  async *run(): AsyncIterable<Finding> {
    const version = await compared(RUNS, empty, () => run(mongoward(['--version'])));
    yield figure('version', '`mongoward --version`', version, { ratio: 1.3 });
    yield figure('lint', LINTING, await compared(RUNS, empty, () => run(mongoward(LINT))), { ratio: 2 });
    const first = await compared(RUNS, empty, () => inFolder(new Map(), (home) => run(lintWith(home))));
    yield figure('lint-first', `${LINTING}, for the first time`, first);
    yield await onNewerNode();
  },
};

function lintWith(home: string): Line {
  return mongoward(LINT, undefined, { env: { XDG_CACHE_HOME: home } });
}

/** On the Node.js of `MONGOWARD_BENCH_NODE`, whose own start is quicker. */
async function onNewerNode(): Promise<Finding> {
  const command = process.env['MONGOWARD_BENCH_NODE'];
  const version = command && versionOf(command, '--version');
  if (command === undefined || version === undefined) {
    const why = 'MONGOWARD_BENCH_NODE names no other Node.js';
    return { kind: 'unmeasured', id: 'start/lint-newer', what: `${LINTING}, on a newer Node.js`, why };
  }
  const found = await compared(
    RUNS,
    () => run({ ...node(['-e', '0']), command }),
    () => run({ ...mongoward(LINT), command }),
  );
  return figure('lint-newer', `${LINTING}, on Node.js ${version.slice(1)}`, found, { ratio: 2 });
}

function figure(name: string, what: string, found: Comparison, most?: Figure['most']): Figure {
  const base = { what: EMPTY, ms: found.baseMs, ratio: found.ratio };
  return { kind: 'figure', id: `start/${name}`, what, ms: found.ms, runs: RUNS, base, most };
}
