/** Commands on a cluster as whole processes, beside scripts that do the same with the bare driver. */
import type { Figure, Finding, Suite } from '../figure.ts';
import { type BenchServer, COUNT, clear, empty, fill, onMongod, TEAM } from '../inputs/cluster.ts';
import {
  type Comparison,
  compared,
  inFolder,
  type Line,
  mongoward,
  node,
  type Run,
  run,
  withMemory,
} from '../measure.ts';

const RUNS = 7;
const LARGE = { roles: 10_000, users: 10_000, databases: 200, collections: 5_000 };
const CLUSTERS = 10;
/** Ten names for one server. */
const CONFIG = `clusters:\n${Array.from({ length: CLUSTERS }, (_, at) => `  c${at}: { uri: { fromEnv: BENCH_URI } }\n`).join('')}`;
const READ = 'a bare script that reads the same';
const WRITE = 'a bare script that sends the same';
const script = (name: string, env: Line['env']): Line =>
  node([`bench/bare/${name}.mjs`], undefined, { env: env ?? {} });

export const live: Suite = {
  name: 'live',
  about:
    'Commands on a cluster, beside scripts with the bare driver. These read and send the same, compare nothing, keep no lock and no journal, and do not try whether a stranger gets in.',
  minutes: 4,
  run: () =>
    onMongod({ id: 'live/cluster', what: 'commands on a cluster' }, async function* (server) {
      yield* onTeam(server);
      yield* onFleet(server);
    }),
};

async function* onTeam(server: BenchServer): AsyncIterable<Finding> {
  const env = { BENCH_URI: server.uri, BENCH_COUNT: String(COUNT), BENCH_PASSWORD: 'a-password' };
  const note = `On ${server.label}.`;
  const size = `${COUNT} roles and ${COUNT} users`;
  const files = new Map([
    ['policy.yaml', TEAM],
    ['mongoward.config.yaml', CONFIG],
  ]);
  yield* await inFolder(files, async (folder): Promise<Finding[]> => {
    const ours = (...args: readonly string[]): Line => mongoward([...args, '--policy', 'policy.yaml'], folder, { env });
    const apply = ours('migrate', 'apply', '--from-policy', '--yes', '--cluster', 'c0');
    const report = ours('drift', 'report', '--cluster', 'c0');
    // Each begins with nothing.
    const anew = async (line: Line): Promise<Run> => {
      await empty(server.uri);
      return run(line);
    };
    const first = await compared(
      5,
      () => anew(script('write', env)),
      () => anew(apply),
    );
    const bare = (): Promise<Run> => run(script('read', env));
    const again = await compared(RUNS, bare, () => run(apply));
    const drift = await compared(RUNS, bare, () => run(report));
    const many = await compared(
      3,
      () => run(report),
      () => run(ours('drift', 'report', '--all-clusters')),
    );
    return [
      figure('apply', `\`migrate apply\` of ${size}`, WRITE, first, { ratio: 1.25 }, note),
      figure('again', `\`migrate apply\` of ${size} that are in place`, READ, again, { ratio: 1.3 }, note),
      figure('drift', `\`drift report\` of ${size}`, READ, drift, { ratio: 1.3 }, note),
      figure('clusters', `\`drift report\` of ten such clusters at once`, 'that of one', many, { ratio: 2 }, note),
    ];
  });
}

async function* onFleet(server: BenchServer): AsyncIterable<Finding> {
  const what = '`drift report` of 10,000 roles, 10,000 users, 200 databases, 5,000 collections';
  const env = { BENCH_URI: server.uri };
  await empty(server.uri);
  await fill(server.uri, LARGE);
  try {
    const files = new Map([
      [
        'policy.yaml',
        'apiVersion: mongoward/v1\nmetadata: { name: bench }\ncollections:\n  audit.logs: { protection: append-only }\n',
      ],
      ['mongoward.config.yaml', CONFIG],
    ]);
    yield await inFolder(files, async (folder): Promise<Finding> => {
      const args = ['drift', 'report', '--policy', 'policy.yaml', '--cluster', 'c0'];
      const report = withMemory(mongoward(args, folder, { codes: [0, 1], env }));
      const found = await compared(
        5,
        () => run(script('read', env)),
        () => run(report),
      );
      return figure('large', what, READ, found, { ratio: 1.5 }, `On ${server.label}.`);
    });
  } finally {
    await clear(server.uri, LARGE);
  }
}

function figure(
  name: string,
  what: string,
  beside: string,
  { ms, mib, runs, baseMs, ratio }: Comparison,
  most: Figure['most'],
  note: string,
): Figure {
  return {
    kind: 'figure',
    id: `live/${name}`,
    what,
    ms,
    mib,
    runs,
    base: { what: beside, ms: baseMs, ratio },
    most,
    note,
  };
}
