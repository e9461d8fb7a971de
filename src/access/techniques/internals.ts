/** What servers may do among each other, and what takes somebody else's place: `internal` and `impersonate`. */
import { before, direct, onAnyCollection, onCluster, onData, type Place, since } from './place.ts';
import type { Technique } from './technique.ts';

export function internals(place: Place): Technique[] {
  const { circumstances } = place;
  const election = direct(
    'false-election',
    ['suppress'],
    [onCluster('internal')],
    `make the primary step down by asking for votes in a later term`,
  );
  return [
    // A session belongs to its user by a digest that whoever may impersonate can name, as $listLocalSessions shows it.
    direct(
      'foreign-session',
      ['suppress'],
      [onCluster('impersonate'), onCluster('listSessions'), onAnyCollection('find')],
      `have the writer's retryable writes refused by starting a later transaction in its session`,
    ),
    ...(circumstances.sharded ? shardedInternals(place) : [election, ...replacement(place)]),
    ...(circumstances.shard === true ? onShard(place) : []),
  ];
}

/**
 * 5.1 in development still asks for the rights to rename and to drop (tried); 8.3 asks for `internal` alone (tried). Which
 * release between them was the first to do so is not known.
 */
function replacement(place: Place): readonly Technique[] {
  return since('6.0', place, [
    direct(
      'internal-rename',
      ['insert', 'alter', 'destroy', 'unseal'],
      [onCluster('internal')],
      `put another collection in the place of ${place.name} by internalRenameIfOptionsAndIndexesMatch`,
    ),
  ]);
}

/**
 * What a shard takes from routers and from other shards asks for `internal` alone. A server that is no shard refuses all
 * of it ("Sharding is not enabled"; tried on 8.3).
 */
function onShard(place: Place): readonly Technique[] {
  const { name } = place;
  return [
    // Tried on 5.1; 8.3 takes it from a session, as a retryable write.
    ...since('5.0', place, [
      direct(
        'shard-internal-drop',
        ['alter', 'destroy'],
        [onCluster('internal')],
        `drop ${name} on its shard by _shardsvrDropCollectionParticipant`,
      ),
    ]),
    // Tried on 8.3; 5.1 has no such commands.
    ...since('6.0', place, [
      direct(
        'shard-internal-commands',
        ['read', 'insert', 'alter', 'unseal'],
        [onCluster('internal')],
        `read and change ${name} on its shard by clusterFind, clusterUpdate and clusterDelete`,
      ),
    ]),
  ];
}

/** The accounts of a sharded cluster are those of its config servers, to which anybody can connect directly. */
function shardedInternals(place: Place): readonly Technique[] {
  const { name } = place;
  return [
    // Tried on 4.4, which has no _configsvrRemoveChunks; the shard key where sharding is enabled for the database. 5.0 takes the other as long as its features are those of 4.4.
    ...before('5.0', place, [
      direct(
        'internal-drop',
        ['alter', 'destroy', 'suppress'],
        [onCluster('internal')],
        `drop ${name} by _configsvrDropCollection on a config server, and have a shard key refuse what comes later`,
      ),
    ]),
    ...since('5.0', place, [
      direct(
        'internal-chunks',
        ['destroy', 'suppress'],
        [onCluster('internal')],
        `have reads and writes of ${name} fail by _configsvrRemoveChunks on a config server`,
      ),
    ]),
    ...onData(place, [
      direct(
        'internal-commands',
        ['read', 'insert', 'alter', 'unseal'],
        [onCluster('internal')],
        `read and change ${name} by clusterFind and clusterUpdate on a config server that is a shard`,
      ),
    ]),
  ];
}
