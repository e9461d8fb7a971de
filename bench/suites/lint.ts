/** `policy lint` of a large policy, beside parsing the same files with the `yaml` package and nothing else. */
import { fileURLToPath } from 'node:url';
import type { Finding, Growth, Suite } from '../figure.ts';
import { policyFiles } from '../inputs/policies.ts';
import { compared, inFolder, mongoward, node, type Run, run, timed, withMemory } from '../measure.ts';

const YAML = fileURLToPath(import.meta.resolve('yaml'));
const PARSE = `
  const { readdirSync, readFileSync } = require('node:fs');
  const { parse } = require(${JSON.stringify(YAML)});
  for (const name of readdirSync('.')) parse(readFileSync(name, 'utf8'));
`;
const RUNS = 5;
const LINT = ['policy', 'lint', '.', '--format', 'json'];
/** It has its say about so many roles; how often it says it is not measured. */
const CODES = { codes: [0, 1] };

/** What is refused because it is too large is not linted. */
async function linted(folder: string): Promise<Run> {
  const found = await run(withMemory(mongoward(LINT, folder, CODES)));
  if (found.out.includes('"document/schema"')) throw new Error('the policy is refused, and not linted');
  return found;
}

export const lint: Suite = {
  name: 'lint',
  about: 'Linting large policies, beside parsing the same YAML and doing nothing with it.',
  minutes: 2,
  async *run(): AsyncIterable<Finding> {
    yield await inFolder(policyFiles(10_000), async (folder): Promise<Finding> => {
      const { ms, mib, runs, baseMs, ratio } = await compared(
        RUNS,
        () => run(node(['-e', PARSE], folder)),
        () => linted(folder),
      );
      const base = { what: 'parsing the same YAML', ms: baseMs, ratio };
      const what = '`policy lint` of 10,000 roles and 10,000 users in 100 files';
      return { kind: 'figure', id: 'lint/large', what, ms, mib, runs, base, most: { ratio: 1.3, mib: 400 } };
    });
    const points: Growth['points'][number][] = [];
    // One policy has no more than 20,000 roles.
    for (const size of [2_500, 5_000, 10_000, 20_000]) {
      points.push(
        await inFolder(policyFiles(size), async (folder) => {
          const { ms, mib = Number.NaN } = await timed(3, () => linted(folder));
          return { size, ms, mib };
        }),
      );
    }
    yield { kind: 'growth', id: 'lint/growth', what: '`policy lint`', unit: 'roles, and as many users', points };
  },
};
