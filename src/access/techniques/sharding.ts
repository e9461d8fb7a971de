/** Techniques that only a sharded cluster offers: by its own catalogue in `config`, and by the key that it shards by. */
import { direct, onCollection, type Place, since } from './place.ts';
import type { Technique } from './technique.ts';

/** Without its place in `config` no router finds a collection. Each tried on two shards of 5.1 in development. */
export function sharding(place: Place): Technique[] {
  const { name, on, circumstances } = place;
  if (!circumstances.sharded) return [];
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
