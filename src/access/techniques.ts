/**
 * The techniques by which an outcome is brought about, as a closed list. Each says what an account must hold;
 * whoever holds all of it can. Tried on a MongoDB 4.4 server unless it says otherwise: test/live/attacks carries each out.
 */
import { formatTarget, type Target } from '../model/resource.ts';
import { encryptedState } from './techniques/encrypted-state.ts';
import { escalations } from './techniques/escalating.ts';
import { internals } from './techniques/internals.ts';
import { keyLosses } from './techniques/keys.ts';
import { type Place, scopeOf } from './techniques/place.ts';
import { reads } from './techniques/reading.ts';
import { releases } from './techniques/releases.ts';
import { sharding } from './techniques/sharding.ts';
import { silences } from './techniques/silencing.ts';
import type { Circumstances, Technique } from './techniques/technique.ts';
import { onTimeSeries } from './techniques/time-series.ts';
import { removals, seals, writes } from './techniques/writing.ts';

export { isByKeys } from './techniques/keys.ts';
export {
  type Circumstances,
  EVERY_OUTCOME,
  meets,
  type Requirement,
  requireAction,
  requirementKey,
  requirementText,
  type Technique,
  type TechniqueKind,
  takeover,
  techniqueOfAction,
} from './techniques/technique.ts';

/**
 * Every technique that brings something about on a collection, on any collection of a database, or on any collection of
 * the cluster, in this release and these circumstances.
 */
export function techniquesOn(subject: Target, circumstances: Circumstances): readonly Technique[] {
  const name = subject.kind === 'collection' ? formatTarget(subject) : `collections of ${formatTarget(subject)}`;
  const own = scopeOf(subject);
  const place: Place = { subject, name, circumstances, on: (action) => ({ action, on: own }) };
  const techniques = [
    ...writes(place),
    ...removals(place),
    ...seals(place),
    ...reads(place),
    ...silences(place),
    ...sharding(place),
    ...internals(place),
    ...escalations(place),
    ...releases(place),
    ...keyLosses(place),
    ...encryptedState(place),
  ];
  return onTimeSeries(techniques, place);
}

/** Those that take the least come first: of several techniques that an account has, a reader is told the plainest. */
export function simplestFirst(techniques: readonly Technique[]): readonly Technique[] {
  return [...techniques].sort((a, b) => a.requires.length - b.requires.length);
}
