/** Questions and plans about large clusters, from snapshots: as whole processes, reading the file included. */

import { formatSnapshot } from '../../src/state/snapshot.ts';
import type { ClusterState } from '../../src/state/state.ts';
import type { Figure, Finding, Growth, Suite } from '../figure.ts';
import { largeState } from '../inputs/state.ts';
import { inFolder, mongoward, run, type Timing, timed, withMemory } from '../measure.ts';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: bench }
restrictions:
  - { users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite }
`;
const WHO = ['policy', 'who', 'alter', 'audit.logs', '--format', 'json', '--snapshot', 'state.json'];
const PLAN = ['migrate', 'plan', '--policy', 'policy.yaml', '--snapshot', 'state.json'];
const RUNS = 5;
const USERS = 50_000;
const SIZES = [25_000, USERS, 100_000, 200_000];

/** Five users to a role, 25 to a database. */
function stateOf(users: number): ClusterState {
  const state = largeState({ roles: users / 5, users, databases: users / 25 });
  return { ...state, databases: [...(state.databases ?? []), { name: 'audit', collections: [] }] };
}

function withOneWideRole(state: ClusterState): ClusterState {
  const roles = [{ role: 'readWriteAnyDatabase', db: 'admin' }];
  return { ...state, users: (state.users ?? []).map((user) => ({ ...user, roles })) };
}

function measured(args: readonly string[], state: ClusterState, runs: number): Promise<Timing> {
  const files = new Map([
    ['state.json', formatSnapshot(state)],
    ['policy.yaml', POLICY],
  ]);
  return inFolder(files, (folder) => timed(runs, () => run(withMemory(mongoward(args, folder)))));
}

async function growth(id: string, what: string, args: readonly string[]): Promise<Growth> {
  const points: Growth['points'][number][] = [];
  for (const size of SIZES) {
    const { ms, mib = Number.NaN } = await measured(args, stateOf(size), 3);
    points.push({ size, ms, mib });
  }
  return { kind: 'growth', id, what, unit: 'users, with a fifth as many roles', points };
}

export const who: Suite = {
  name: 'who',
  about: 'Who can alter a collection, asked of a snapshot.',
  minutes: 1,
  async *run(): AsyncIterable<Finding> {
    const timing = await measured(WHO, stateOf(USERS), RUNS);
    const what = `\`policy who\` on 10,000 roles, ${USERS.toLocaleString('en')} users, 2,000 databases`;
    yield { kind: 'figure', id: 'who/large', what, ...timing, most: { ms: 800 } };
    yield await growth('who/growth', '`policy who`', WHO);
  },
};

export const plan: Suite = {
  name: 'plan',
  about: 'Planning a restriction over everybody, from a snapshot.',
  minutes: 3,
  async *run(): AsyncIterable<Finding> {
    const most: Figure['most'] = { ms: 3000, mib: 400 };
    const what = `\`migrate plan\` of a restriction on ${USERS.toLocaleString('en')} users`;
    const wide = await measured(PLAN, withOneWideRole(stateOf(USERS)), 3);
    yield { kind: 'figure', id: 'plan/wide', what: `${what} who hold one wide role`, ...wide, most };
    const own = await measured(PLAN, stateOf(USERS), 3);
    yield { kind: 'figure', id: 'plan/own', what: `${what} who hold two of 10,000 roles each`, ...own, most };
    yield await growth('plan/growth', '`migrate plan` of a restriction', PLAN);
  },
};
