/** Techniques that only a sharded cluster offers: by its own catalogue in `config`, and by the key that it shards by. */
import { formatTarget } from '../../model/resource.ts';
import { before, direct, onCollection, type Place, since } from './place.ts';
import type { Technique } from './technique.ts';

/** Without its place in `config` no router finds a collection. Each tried on two shards of 5.1 in development, and all but the last on 8.3. */
export function sharding(place: Place): Technique[] {
  const { name, on, circumstances } = place;
  if (!circumstances.sharded) return circumstances.shard === true ? onShard(place) : [];
  return [
    direct(
      'rewrite-chunks',
      ['destroy', 'suppress'],
      [onCollection('update', 'config', 'chunks')],
      `make documents of ${name} vanish by rewriting config.chunks`,
    ),
    direct(
      'remove-chunks',
      ['destroy', 'suppress'],
      [onCollection('remove', 'config', 'chunks')],
      `have reads and writes of ${name} fail by deleting from config.chunks`,
    ),
    direct(
      'rewrite-databases',
      ['destroy', 'suppress'],
      [onCollection('update', 'config', 'databases')],
      `make documents of ${name} vanish by sending its database to another shard in config.databases`,
    ),
    // The database is taken for a new one, and whoever writes next may have it made on another shard.
    direct(
      'remove-databases',
      ['destroy', 'suppress'],
      [onCollection('remove', 'config', 'databases')],
      `make documents of ${name} vanish by deleting its database from config.databases`,
    ),
    ...collections(place),
    ...shardKeys(place),
    // Of a collection that holds documents the key needs an index: whoever can make one needs nothing else.
    direct(
      'unique-shard-key',
      ['suppress'],
      [on('enableSharding')],
      `shard ${name}, as long as it is empty, by a unique key that refuses the writer's documents`,
    ),
    // No field of a shard key may hold an array.
    ...since('5.0', place, [
      direct(
        'array-shard-key',
        ['suppress'],
        [on('reshardCollection')],
        `shard ${name} anew by a field that is an array in the writer's documents, which refuses them`,
      ),
    ]),
  ];
}

/** A router that reads the entry anew refuses every command on the collection if a field has the wrong type. */
function collections({ name }: Place): readonly Technique[] {
  return [
    direct(
      'rewrite-collections',
      ['destroy', 'suppress'],
      [onCollection('update', 'config', 'collections')],
      `have reads and writes of ${name} fail by an entry of the wrong form in config.collections`,
    ),
    direct(
      'insert-collections',
      ['destroy', 'suppress'],
      [onCollection('insert', 'config', 'collections')],
      `have reads and writes of ${name} fail, as long as it is not sharded, by inserting into config.collections`,
    ),
    direct(
      'remove-collections',
      ['destroy', 'suppress'],
      [onCollection('remove', 'config', 'collections')],
      `make documents of ${name} on other shards vanish by deleting from config.collections`,
    ),
  ];
}

/** Where a chunk begins and ends are values of the shard key out of documents. */
function shardKeys(place: Place): readonly Technique[] {
  const { name } = place;
  return [
    direct(
      'chunk-bounds',
      ['read'],
      [onCollection('find', 'config', 'chunks')],
      `see values of the shard key of ${name} in config.chunks`,
    ),
    direct(
      'chunk-history',
      ['read'],
      [onCollection('find', 'config', 'changelog')],
      `see values of the shard key of ${name} in config.changelog`,
    ),
    shardVersion(place),
  ];
}

function shardVersion({ name, on }: Place): Technique {
  return direct(
    'shard-version',
    ['read'],
    [on('getShardVersion')],
    `see values of the shard key of ${name} by getShardVersion with fullMetadata`,
  );
}

/** A shard keeps the chunks that it has heard of. One of several refuses the command from 8.0 on (tried on 5.1 and 8.3). */
function onShard(place: Place): Technique[] {
  const { subject, name } = place;
  const cache = `cache.chunks.${formatTarget(subject)}`;
  return [
    ...(subject.kind === 'collection'
      ? [
          direct(
            'chunk-cache',
            ['read'],
            [onCollection('find', 'config', cache)],
            `see values of the shard key of ${name} in config.${cache}`,
          ),
        ]
      : []),
    ...before('8.0', place, [shardVersion(place)]),
  ];
}
