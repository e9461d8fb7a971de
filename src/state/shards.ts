/** The accounts that each shard of a cluster has for itself: they act on that shard past every mongos. */
import type { Role, User } from '../model/role.ts';
import type { ClusterState } from './state.ts';

export interface Shard {
  readonly name: string;
  /** Absent, as `roles`: nobody could look. */
  readonly users?: readonly User[];
  /** Its custom roles, and MongoDB's own as it defines them. */
  readonly roles?: readonly Role[];
  /** Why nobody could look, after "because". */
  readonly why?: string;
}

/** Where accounts are: the cluster itself, or one of its shards. */
export interface Place {
  readonly state: ClusterState;
  /** The shard's name; absent of the cluster itself. */
  readonly shard?: string;
}

/** The cluster, then each shard as its own accounts have it before them: what holds of accounts is asked of every one. */
export function placesOf(state: ClusterState): readonly Place[] {
  const shards = (state.shards ?? []).map((shard) => ({ state: stateOfShard(state, shard), shard: shard.name }));
  return [{ state }, ...shards];
}

/** The state as a shard's own accounts have it before them: a replica set, and no catalogue of a sharded cluster. */
function stateOfShard(state: ClusterState, { users, roles }: Shard): ClusterState {
  const { users: _users, roles: _roles, shards: _shards, server, ...rest } = state;
  const { configShard: _configShard, ...release } = server;
  return {
    ...rest,
    server: { ...release, topology: 'replicaSet', shard: true },
    ...(users && { users }),
    ...(roles && { roles }),
  };
}
