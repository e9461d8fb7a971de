/** `cluster snapshot`: a cluster's access-control state as a file, without any credentials. */
import { resolve } from 'node:path';
import { writeWhole } from '../files/write-file.ts';
import type { User } from '../model/role.ts';
import { secretIn, withoutSecrets } from '../policy/secrets.ts';
import { count } from '../report/layout.ts';
import { fromExtendedJson, toExtendedJson } from '../state/extended-json.ts';
import { formatSnapshot } from '../state/snapshot.ts';
import type { ClusterState } from '../state/state.ts';
import { defineCommand } from './command.ts';
import { withCluster, withConfig } from './common-options.ts';
import { loadConfig } from './files.ts';
import { loadActual } from './inputs.ts';

export const clusterSnapshot = defineCommand({
  command: 'snapshot',
  describe: 'Write roles, users, collections and settings of a cluster to a file',
  examples: [
    ['$0 cluster snapshot --cluster prod -o prod.json', 'For planning and reports without the cluster'],
    ['$0 cluster snapshot --cluster prod', 'To standard output'],
  ],
  options: (yargs) =>
    withCluster(withConfig(yargs)).option('output', {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'File to write (standard output)',
    }),
  run: async (args, terminal) => {
    const { state, name } = await loadActual(terminal, args, loadConfig(terminal, args.config), {
      keyVaults: 'found',
    });
    const text = formatSnapshot(withoutCustomSecrets(state));
    if (args.output === undefined) terminal.out(text);
    else writeWhole(resolve(terminal.cwd, args.output), args.output, text, { modeOfNew: 0o600, links: 'followed' });
    for (const { what, why } of state.unreadable) terminal.err(`not seen: ${what}: ${why}\n`);
    const known = [
      ...(state.roles ? [count(state.roles.filter((role) => role.isBuiltin !== true).length, 'custom role')] : []),
      ...(state.users ? [count(state.users.length, 'user')] : []),
      ...(state.databases ? [count(state.databases.length, 'database')] : []),
    ];
    const seen = known.length === 0 ? 'neither roles, users nor databases' : known.join(', ');
    if (args.output !== undefined) terminal.err(`${args.output}: ${seen} of ${name}\n`);
    return state.unreadable.length > 0 ? 2 : 0;
  },
});

/** Custom data is for anything, and some keep a password there: a snapshot is for many eyes. */
function withoutCustomSecrets(state: ClusterState): ClusterState {
  const { users, shards } = state;
  return {
    ...state,
    ...(users && { users: users.map(withoutSecretData) }),
    ...(shards && {
      shards: shards.map((shard) => (shard.users ? { ...shard, users: shard.users.map(withoutSecretData) } : shard)),
    }),
  };
}

function withoutSecretData(user: User): User {
  const { customData } = user;
  if (customData === undefined || secretIn(toExtendedJson(customData)) === undefined) return user;
  const shown = fromExtendedJson(withoutSecrets(toExtendedJson(customData)));
  return { ...user, customData: shown as NonNullable<User['customData']> };
}
