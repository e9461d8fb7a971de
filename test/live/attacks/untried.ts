/** Techniques without an attack here, and why. */
export const UNTRIED: Readonly<Record<string, string>> = {
  'buckets-split-vector': 'as split-vector, on a collection like any other',
  'buckets-apply-ops-create': 'ends the server: tried by hand on three members of 5.1',
  'retryable-writes-cap':
    'takes a command without a session, which drivers do not send; tried by hand on three members of 8.3: every retryable write was refused, with another primary too',
  'shard-internal-drop': 'takes an account of a shard; tried by hand on 5.1: the collection was gone',
  'shard-internal-commands':
    'takes an account of a shard; tried by hand on 8.3: clusterFind showed the documents, and clusterDelete deleted them',
  'chunk-cache': 'takes an account of a shard; tried by hand on 5.1 and 8.3: it showed where chunks begin and end',
  'array-shard-key':
    'takes five minutes; tried by hand on two shards of 5.1: the writer was told “Shard key cannot contain array values”',
  'block-replica-set-writes': 'switched off by default in 9.0 in development; read in its source',
  'internal-commands': 'takes a config server that is a shard; read in the source of 9.0',
  'sampled-queries': 'takes minutes until queries are sampled; read in the source of 9.0',
  'sampled-queries-find': 'as sampled-queries',
  'backup-files': 'takes an Enterprise server; read in the source of 9.0',
  ...Object.fromEntries(
    ['containerInsert', 'containerDelete', 'containerUpdate'].map((action) => [
      `apply-ops-${action}`,
      'switched off by default: “Container ops are not enabled” (8.3); read in the source of 9.0',
    ]),
  ),
  'cap-oplog': 'ends the server for good; tried by hand on a replica set: it aborts, and does not start again',
};
