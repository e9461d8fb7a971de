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

/** The state as a shard's own accounts have it before them: a replica set, and no catalogue of a sharded cluster. */
export function stateOfShard(state: ClusterState, { users, roles }: Shard): ClusterState {
  const { users: _users, roles: _roles, shards: _shards, server, ...rest } = state;
  return {
    ...rest,
    server: { ...server, topology: 'replicaSet', shard: true },
    ...(users && { users }),
    ...(roles && { roles }),
  };
}
