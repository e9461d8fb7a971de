/** How long those wait who change the program: the tests of every day, and all that has to pass before a change lands. */
import { join } from 'node:path';
import type { Figure, Finding, Suite } from '../figure.ts';
import { inFolder, type Line, ROOT, run, type Timing, timed } from '../measure.ts';

/** Without the servers of whoever measures: on the sandbox, which everybody has. */
const ON_THE_SANDBOX = { MONGOWARD_TEST_URI: '', MONGOMS_SYSTEM_BINARY: '' };

function line(command: string, args: readonly string[], cwd: string): Line {
  return { command, args, cwd, env: ON_THE_SANDBOX };
}

/** What was committed last, where nothing is installed. */
function onCleanCheckout(): Promise<Timing> {
  return inFolder(new Map(), async (folder) => {
    await run(line('git', ['clone', '--quiet', ROOT, 'checkout'], folder));
    return timed(1, () => run(line('bash', ['.ci/run'], join(folder, 'checkout'))));
  });
}

export const tests: Suite = {
  name: 'tests',
  about: 'The project’s own tests, on the sandbox, as whoever changes the program waits for them.',
  minutes: 7,
  async *run(): AsyncIterable<Finding> {
    const everyDay = await timed(1, () => run(line('npm', ['test'], ROOT)));
    yield figure('every-day', '`npm test`, property tests at a tenth of their runs', everyDay, 60_000);
    yield figure(
      'all',
      '`.ci/run` on a clean checkout, installing, checking and all runs of tests',
      await onCleanCheckout(),
      300_000,
    );
  },
};

function figure(name: string, what: string, timing: Timing, most: number): Figure {
  return { kind: 'figure', id: `tests/${name}`, what, ...timing, most: { ms: most } };
}
