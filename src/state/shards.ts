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

/** Where accounts are in two states of one cluster. */
export interface PlaceInBoth {
  readonly before: ClusterState;
  readonly after: ClusterState;
  readonly shard?: string;
}

/**
 * The cluster, then the shards of which both states know the accounts. A shard that is in one state alone has no account
 * in the other.
 */
export function placesOfBoth(before: ClusterState, after: ClusterState): readonly PlaceInBoth[] {
  if (before.shards === undefined || after.shards === undefined) return [{ before, after }];
  const [old, now] = [placesByShard(before), placesByShard(after)];
  const shards = [...new Set([...old.keys(), ...now.keys()])].sort();
  return [
    { before, after },
    ...shards.flatMap((shard) => {
      const [had, has] = [old.get(shard), now.get(shard)];
      const there = had ?? has;
      if (there === undefined) return [];
      const none = { ...there, users: [] };
      const sides = { before: had ?? none, after: has ?? none };
      const isKnown = [sides.before, sides.after].every(
        ({ users, roles }) => users !== undefined && roles !== undefined,
      );
      return isKnown ? [{ ...sides, shard }] : [];
    }),
  ];
}

function placesByShard(state: ClusterState): ReadonlyMap<string, ClusterState> {
  return new Map(
    placesOf(state).flatMap(({ state: there, shard }) => (shard === undefined ? [] : [[shard, there] as const])),
  );
}

/** An account of a shard is another one than that of the same name that logs in through mongos. */
export function nameInPlace(name: string, shard: string | undefined): string {
  return shard === undefined ? name : `${name} of shard ${shard}`;
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
