/** What a release lets through that no grant says. */
import type { Outcome } from '../../model/outcomes.ts';
import { compareVersions } from '../../model/version.ts';
import { mendedIn, VULNERABILITIES, type Vulnerability } from '../vulnerabilities.ts';
import { applyOpsAction, onAnyCollection, onAnyDatabase, onCluster, onNeighbour, type Place } from './place.ts';
import type { Requirement, Technique } from './technique.ts';

export function releases(place: Place): Technique[] {
  const { name, on, circumstances } = place;
  const { version, sharded } = circumstances;
  const server = (
    vulnerability: Vulnerability,
    id: string,
    outcomes: readonly Outcome[],
    requires: readonly Requirement[],
    does: string,
  ): Technique[] =>
    mendedIn(vulnerability, version)
      ? []
      : [{ id, kind: 'server', outcomes, requires, does, remedy: vulnerability.remedy }];
  const useUUID = onCluster('useUUID');
  if (sharded) return [];
  return [
    ...server(
      VULNERABILITIES.applyOpsUnchecked,
      'apply-ops-unchecked',
      ['alter'],
      [on('insert')],
      `replace documents of ${name} by applyOps, whose insert entries overwrite`,
    ),
    // The privilege is looked for in the database of the UUID's collection, except for a renaming, which names its own.
    ...uuidEntries(version).flatMap((action) =>
      server(
        VULNERABILITIES.applyOpsByUuid,
        `apply-ops-uuid-${action}`,
        ['alter', 'destroy'],
        [useUUID, onNeighbour(action, place), ...applyOpsAction(version)],
        `have applyOps check ${action} on another collection and carry it out on ${name}`,
      ),
    ),
    ...server(
      VULNERABILITIES.applyOpsByUuid,
      'apply-ops-uuid-collMod',
      ['unseal', 'suppress'],
      [useUUID, onNeighbour('collMod', place), ...applyOpsAction(version)],
      `have applyOps check collMod on another collection and carry it out on ${name}`,
    ),
    ...server(
      VULNERABILITIES.applyOpsByUuid,
      'apply-ops-uuid-rename',
      ['destroy'],
      [useUUID, onAnyDatabase('renameCollectionSameDB'), ...applyOpsAction(version)],
      `have applyOps check a renaming in another database and carry it out on ${name}`,
    ),
    ...server(
      VULNERABILITIES.applyOpsByUuid,
      'apply-ops-uuid-read',
      ['read'],
      [useUUID, onAnyDatabase('renameCollectionSameDB'), onAnyCollection('find'), ...applyOpsAction(version)],
      `have applyOps move ${name} to another database, and read it there`,
    ),
  ];
}

/** From 5.1 on `applyOps` knows no `convertToCapped` entry ("Unknown oplog entry command type", tried on 5.1 and 8.3 in development). */
function uuidEntries(version: string): readonly string[] {
  return compareVersions(version, '5.1') >= 0 ? ['dropCollection'] : ['dropCollection', 'convertToCapped'];
}
