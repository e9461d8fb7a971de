/** The same 25 roles and 25 users by what people use otherwise, where it is installed. */
import { fileURLToPath } from 'node:url';
import type { Finding, Suite } from '../figure.ts';
import { type BenchServer, COUNT, empty, onMongod, TEAM } from '../inputs/cluster.ts';
import { versionOf } from '../machine.ts';
import { inFolder, type Line, median, mongoward, type Run, run } from '../measure.ts';

const RUNS = 3;
const PASSWORD = 'a-password';

interface Peer {
  readonly name: string;
  /** What it is called; where it does less, that. */
  readonly what: string;
  /** The command line, or why there is none. */
  line(server: BenchServer, folder: string): Line | string;
}

export const peers: Suite = {
  name: 'peers',
  about: `Bringing ${COUNT} roles and ${COUNT} users to an empty cluster, and the same once more, by what people use otherwise.`,
  minutes: 2,
  run: () =>
    onMongod({ id: 'peers/cluster', what: 'other tools' }, async function* (server) {
      for (const peer of [OURS, MONGOSH, ANSIBLE]) yield* measured(peer, server);
    }),
};

const OURS: Peer = {
  name: 'mongoward',
  what: '`migrate apply`',
  line: (_, folder) =>
    mongoward(['migrate', 'apply', '--from-policy', '--yes', '--cluster', 'bench', '--policy', 'policy.yaml'], folder),
};

/** Each role and user is looked up and made or updated, one after the other, as scripts for it are written. */
const MONGOSH: Peer = {
  name: 'mongosh',
  what: 'a mongosh script, which updates whatever is there',
  line: ({ uri }, folder) => {
    const command = process.env['MONGOWARD_BENCH_MONGOSH'] ?? 'mongosh';
    if (versionOf(command, '--version') === undefined) return 'mongosh is not on the PATH, nor MONGOWARD_BENCH_MONGOSH';
    const script = fileURLToPath(new URL('../bare/team.mongosh.js', import.meta.url));
    return { command, args: ['--quiet', '--norc', uri, script], cwd: folder };
  },
};

const ANSIBLE: Peer = {
  name: 'ansible',
  what: "Ansible's community.mongodb, which looks at no privileges of roles that are there",
  line: ({ uri }, folder) => {
    if (versionOf('ansible-doc', '-t', 'module', 'community.mongodb.mongodb_user') === undefined) {
      return 'Ansible with community.mongodb is not installed';
    }
    const playbook = fileURLToPath(new URL('../bare/team.ansible.yaml', import.meta.url));
    const { hostname, port, username, password } = new URL(uri.replace(/^mongodb:/, 'http:'));
    const settings = { host: hostname, server_port: port || '27017', user: username, password, count: COUNT };
    return { command: 'ansible-playbook', args: ['-e', JSON.stringify(settings), playbook], cwd: folder };
  },
};

async function* measured(peer: Peer, server: BenchServer): AsyncIterable<Finding> {
  const files = new Map([
    ['policy.yaml', TEAM],
    ['mongoward.config.yaml', 'clusters:\n  bench: { uri: { fromEnv: BENCH_URI } }\n'],
  ]);
  yield* await inFolder(files, async (folder): Promise<Finding[]> => {
    const found = peer.line(server, folder);
    const id = `peers/${peer.name}`;
    if (typeof found === 'string') return [{ kind: 'unmeasured', id, what: peer.what, why: found }];
    const line = { ...found, env: { BENCH_URI: server.uri, BENCH_PASSWORD: PASSWORD, BENCH_COUNT: String(COUNT) } };
    const first: Run[] = [];
    const again: Run[] = [];
    for (let at = 0; at < RUNS; at += 1) {
      await empty(server.uri);
      first.push(await run(line));
      again.push(await run(line));
    }
    const figure = (name: string, what: string, runs: readonly Run[]): Finding => ({
      kind: 'figure',
      id: `${id}-${name}`,
      what,
      ms: median(runs.map(({ ms }) => ms)),
      runs: RUNS,
      note: `On ${server.label}.`,
    });
    return [
      figure('first', `${peer.what}, on an empty cluster`, first),
      figure('again', `${peer.what}, once more`, again),
    ];
  });
}
