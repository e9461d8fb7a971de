/** How soon the program answers: an empty Node.js beside it. */
import type { Finding, Suite } from '../figure.ts';
import { versionOf } from '../machine.ts';
import { compared, inFolder, mongoward, node, run } from '../measure.ts';

const EMPTY = 'node -e 0';
const RUNS = 21;

export const start: Suite = {
  name: 'start',
  about: 'Cold start, as a hook or an editor pays it with every commit, beside an empty Node.js.',
  minutes: 0.6,
  async *run(): AsyncIterable<Finding> {
    const lines = [
      { id: 'version', what: '`mongoward --version`', args: ['--version'], most: { ratio: 1.3 } },
      {
        id: 'lint',
        what: '`policy lint` of the shipped policy',
        args: ['policy', 'lint', 'policies/audit-trail.yaml'],
        most: { ratio: 2 },
      },
    ];
    for (const { id, what, args, most } of lines) {
      const found = await compared(
        RUNS,
        () => run(node(['-e', '0'])),
        () => run(mongoward(args)),
      );
      const base = { what: EMPTY, ms: found.baseMs, ratio: found.ratio };
      yield { kind: 'figure', id: `start/${id}`, what, ms: found.ms, runs: RUNS, base, most };
    }
    yield* withCache();
  },
};

/** The second time and later, where Node.js keeps compiled code: this one, or that of `MONGOWARD_BENCH_NODE`. */
async function* withCache(): AsyncIterable<Finding> {
  const id = 'start/lint-compiled';
  const what = '`policy lint` of the shipped policy, its code compiled before';
  const command = process.env['MONGOWARD_BENCH_NODE'] ?? process.execPath;
  const version = (versionOf(command, '--version') ?? 'v0').slice(1);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 8)) {
    const why = `Node.js ${version} keeps no compiled code: 22.8 and newer do`;
    yield { kind: 'unmeasured', id, what, why };
    return;
  }
  yield await inFolder(new Map(), async (home): Promise<Finding> => {
    const env = { HOME: home, XDG_CACHE_HOME: home };
    const found = await compared(
      RUNS,
      () => run({ ...node(['-e', '0']), command }),
      () => run({ ...mongoward(['policy', 'lint', 'policies/audit-trail.yaml'], undefined, { env }), command }),
    );
    const base = { what: EMPTY, ms: found.baseMs, ratio: found.ratio };
    const note = `On Node.js ${version}.`;
    return { kind: 'figure', id, what, ms: found.ms, runs: RUNS, base, most: { ratio: 2 }, note };
  });
}
