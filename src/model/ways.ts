/**
 * The ways in which an outcome is brought about, as a closed list of named steps. Each says what an account must hold;
 * whoever holds all of it can. Tried on a MongoDB 4.4 server unless it says otherwise: test/live/ways carries each out.
 */
import { formatTarget, type Target } from './resource.ts';
import { escalations } from './ways/escalating.ts';
import { keyLosses } from './ways/keys.ts';
import { onSubject, type Place } from './ways/place.ts';
import { reads } from './ways/reading.ts';
import { releases } from './ways/releases.ts';
import { silences } from './ways/silencing.ts';
import type { Circumstances, Way } from './ways/way.ts';
import { removals, seals, writes } from './ways/writing.ts';

export { isByKeys } from './ways/keys.ts';
export {
  type Circumstances,
  EVERY_OUTCOME,
  type Requirement,
  takeover,
  type Way,
  type WayKind,
  wayOfAction,
} from './ways/way.ts';

/**
 * Every way there is to bring something about on a collection, on any collection of a database, or on any collection of
 * the cluster, in this release and these circumstances.
 */
export function waysAround(subject: Target, circumstances: Circumstances): readonly Way[] {
  const name = subject.kind === 'collection' ? formatTarget(subject) : `collections of ${formatTarget(subject)}`;
  const place: Place = { subject, name, circumstances, on: (action) => onSubject(action, subject) };
  return [
    ...writes(place),
    ...removals(place),
    ...seals(place),
    ...reads(place),
    ...silences(place),
    ...escalations(place),
    ...releases(place),
    ...keyLosses(place),
  ];
}

/** Those that take the least come first: of several ways that an account has, a reader is told the plainest. */
export function simplestFirst(ways: readonly Way[]): readonly Way[] {
  return [...ways].sort((a, b) => a.requires.length - b.requires.length);
}
