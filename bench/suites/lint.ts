/** `policy lint` of a large policy, beside parsing the same files with the `yaml` package and nothing else. */
import { fileURLToPath } from 'node:url';
import type { Finding, Growth, Suite } from '../figure.ts';
import { policyFiles } from '../inputs/policies.ts';
import { compared, inFolder, mongoward, node, run, timed, withMemory } from '../measure.ts';

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

export const lint: Suite = {
  name: 'lint',
  about: 'Linting large policies, beside parsing the same YAML and doing nothing with it.',
  minutes: 2,
  async *run(): AsyncIterable<Finding> {
    yield await inFolder(policyFiles(10_000), (folder): Finding => {
      const { ms, mib, runs, baseMs, ratio } = compared(
        RUNS,
        () => run(node(['-e', PARSE], folder)),
        () => run(withMemory(mongoward(LINT, folder, CODES))),
      );
      const base = { what: 'parsing the same YAML', ms: baseMs, ratio };
      const what = '`policy lint` of 10,000 roles and 10,000 users in 100 files';
      return { kind: 'figure', id: 'lint/large', what, ms, mib, runs, base, most: { ratio: 1.3, mib: 400 } };
    });
    const points: Growth['points'][number][] = [];
    for (const size of [5_000, 10_000, 20_000, 40_000]) {
      points.push(
        await inFolder(policyFiles(size), (folder) => {
          const { ms, mib = Number.NaN } = timed(3, () => run(withMemory(mongoward(LINT, folder, CODES))));
          return { size, ms, mib };
        }),
      );
    }
    yield { kind: 'growth', id: 'lint/growth', what: '`policy lint`', unit: 'roles, and as many users', points };
  },
};
