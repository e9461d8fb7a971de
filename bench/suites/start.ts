/** How soon the program answers: an empty Node.js beside it. */
import type { Finding, Suite } from '../figure.ts';
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

/** The second time and later, where Node.js keeps compiled code. */
async function* withCache(): AsyncIterable<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const what = '`policy lint` of the shipped policy, its code compiled before';
  if (major < 22 || (major === 22 && minor < 8)) {
    const why = `Node.js ${process.versions.node} keeps no compiled code: 22.8 and newer do`;
    yield { kind: 'unmeasured', id: 'start/lint-compiled', what, why };
    return;
  }
  yield await inFolder(new Map(), async (home): Promise<Finding> => {
    const env = { HOME: home, XDG_CACHE_HOME: home };
    const found = await compared(
      RUNS,
      () => run(node(['-e', '0'])),
      () => run(mongoward(['policy', 'lint', 'policies/audit-trail.yaml'], undefined, { env })),
    );
    const base = { what: EMPTY, ms: found.baseMs, ratio: found.ratio };
    return { kind: 'figure', id: 'start/lint-compiled', what, ms: found.ms, runs: RUNS, base, most: { ratio: 2 } };
  });
}
