/** Techniques to add, change and remove documents, to remove the collection, and to get past its validator. */
import type { Outcome } from '../../model/outcomes.ts';
import { compareVersions } from '../../model/version.ts';
import { mendedIn, VULNERABILITIES } from '../vulnerabilities.ts';
import {
  applyOpsAction,
  direct,
  onAnyCollection,
  onCluster,
  onDatabase,
  onNeighbour,
  type Place,
  since,
} from './place.ts';
import type { Circumstances, Technique } from './technique.ts';

export function writes(place: Place): Technique[] {
  const { name, on, circumstances } = place;
  return [
    direct('insert', ['insert'], [on('insert')], `insert into ${name}`),
    direct('update', ['alter'], [on('update')], `change documents of ${name}`),
    direct('remove', ['alter'], [on('remove')], `delete documents of ${name}`),
    ...(circumstances.capped
      ? [
          direct(
            'push-out',
            ['alter', 'destroy'],
            [on('insert')],
            `push the oldest documents of ${name} out, which is capped`,
          ),
        ]
      : []),
    ...(circumstances.sharded ? [] : [...applyOpsTechniques(name, on, circumstances.version), ...containers(place)]),
  ];
}

/**
 * `applyOps` entries `ci`, `cu` and `cd` name the storage of a collection by its own identifier: the collection that is
 * checked may be any other. Switched off by default on 8.3 (tried) and in 9.0 in development.
 */
function containers(place: Place): Technique[] {
  const entry = (action: string, outcomes: readonly Outcome[], does: string): Technique =>
    direct(
      `apply-ops-${action}`,
      outcomes,
      [onAnyCollection(action), onCluster('applyOps')],
      `${does} the storage of ${place.name} by applyOps, where its container entries are switched on`,
    );
  return [
    ...since('8.3', place, [
      entry('containerInsert', ['insert', 'alter', 'unseal'], 'write into'),
      entry('containerDelete', ['alter'], 'delete from'),
    ]),
    ...since('9.0', place, [entry('containerUpdate', ['alter', 'unseal'], 'change')]),
  ];
}

/** `applyOps` with an insert entry upserts. From 4.4.9 on it demands the cluster action besides (SERVER-36263). */
function applyOpsTechniques(name: string, on: Place['on'], version: string): Technique[] {
  const does = `replace documents of ${name} by applyOps, whose insert entries overwrite`;
  const needsAction = mendedIn(VULNERABILITIES.applyOpsUnchecked, version);
  return needsAction ? [direct('apply-ops', ['alter'], [on('insert'), onCluster('applyOps')], does)] : [];
}

export function removals(place: Place): Technique[] {
  const { name, on, circumstances } = place;
  return [
    direct('drop', ['alter', 'destroy'], [on('dropCollection')], `drop ${name}`),
    direct('drop-database', ['alter', 'destroy'], [onDatabase('dropDatabase', place)], `drop the database of ${name}`),
    direct(
      'convert-to-capped',
      ['alter', 'destroy', 'suppress'],
      [on('convertToCapped')],
      `cap ${name}, which removes documents`,
    ),
    direct('ttl-index', ['alter', 'destroy'], [on('createIndex')], `let documents of ${name} expire by a TTL index`),
    ...(canExpire(circumstances)
      ? [direct('ttl-change', ['alter', 'destroy'], [on('collMod')], `change when documents of ${name} expire`)]
      : []),
    direct('rename', ['destroy'], [onDatabase('renameCollectionSameDB', place)], `rename ${name} away`),
    ...['update', 'remove', 'dropCollection'].map((action) =>
      direct(
        `rename-and-${action}`,
        action === 'dropCollection' ? ['alter', 'destroy'] : ['alter'],
        [onDatabase('renameCollectionSameDB', place), onNeighbour(action, place)],
        `rename ${name} to a name under which it has ${action}`,
      ),
    ),
    direct(
      'rename-over',
      ['insert', 'alter', 'unseal'],
      [onDatabase('renameCollectionSameDB', place), onNeighbour('insert', place)],
      `put a collection of its own making in the place of ${name} by renaming`,
    ),
    ...(circumstances.sharded ? [] : forcedUuids(place)),
  ];
}

/**
 * Whether `collMod` lets documents expire. From 5.1 on it makes any single-field index a TTL index (manual, "TTL Indexes");
 * a time series expires by an option of its own.
 */
function canExpire({ expires, timeSeries, version }: Circumstances): boolean {
  return expires || timeSeries !== 'no' || compareVersions(version, '5.1') >= 0;
}

/**
 * `applyOps` with a `create` entry that forces a UUID: if the name is taken by a collection with another UUID, that one
 * gets a temporary name; if the UUID is taken, its collection gets the name. Meant for replication, and no weakness.
 */
function forcedUuids(place: Place): Technique[] {
  const { name, on, circumstances } = place;
  const forced = ['useUUID', 'forceUUID'].map(onCluster);
  const requires = [...forced, ...applyOpsAction(circumstances.version)];
  const create = onNeighbour('createCollection', place);
  return [
    direct(
      'apply-ops-create',
      ['destroy', 'unseal', 'suppress'],
      [on('createCollection'), ...requires],
      `put an empty collection, with or without a validator, in the place of ${name} by applyOps`,
    ),
    direct(
      'apply-ops-take',
      ['destroy'],
      [create, ...requires],
      `give ${name} the name of another collection by applyOps, which creates that with its UUID`,
    ),
    direct(
      'apply-ops-take-and-read',
      ['read'],
      [create, onNeighbour('find', place), ...requires],
      `give ${name} a name that it may read by applyOps, and read it there`,
    ),
  ];
}

export function seals({ name, on }: Place): Technique[] {
  return [
    direct('validator-removal', ['unseal'], [on('collMod')], `take the validator of ${name} away`),
    direct(
      'validation-bypass',
      ['unseal'],
      [on('insert'), on('bypassDocumentValidation')],
      `insert past the validator of ${name}`,
    ),
    direct(
      'validation-bypass-update',
      ['unseal'],
      [on('update'), on('bypassDocumentValidation')],
      `change documents past the validator of ${name}`,
    ),
    direct(
      'recreate',
      ['unseal'],
      [on('dropCollection'), on('insert')],
      `drop ${name} and insert, which makes it again without a validator`,
    ),
  ];
}
