/** Techniques to make sealed fields unreadable for ever: by taking away, beside the documents, the keys that sealed them. */
import { collectionTarget, formatTarget } from '../../model/resource.ts';
import { escalations } from './escalating.ts';
import { type Place, scopeOf } from './place.ts';
import { releases } from './releases.ts';
import type { Technique } from './technique.ts';
import { removals, writes } from './writing.ts';

/**
 * Whoever can change or remove what lies in a key vault. A key that is gone can't be made again; what it sealed stays
 * ciphertext (manual, "Encryption Keys and Key Vaults"). Reading keys is not reading: they are sealed by the master key.
 */
export function keyLosses({ subject, name, circumstances }: Place): Technique[] {
  if (subject.kind !== 'collection') return [];
  return circumstances.keyVaults.flatMap((ns) => {
    const vault = collectionTarget(ns);
    const own = scopeOf(vault);
    const place: Place = {
      subject: vault,
      name: formatTarget(vault),
      circumstances: { ...circumstances, ...PLAIN },
      on: (action) => ({ action, on: own }),
    };
    // Of the escalations only one is not open at the documents just as well.
    const grants = escalations(place).filter(({ id }) => id === 'grant-role');
    return [...writes(place), ...removals(place), ...grants, ...releases(place)]
      .filter(({ outcomes }) => outcomes.some((outcome) => outcome === 'alter' || outcome === 'destroy'))
      .map((technique) => ({
        ...technique,
        id: `${OF_KEYS}${technique.id}`,
        outcomes: ['destroy'],
        does: `${technique.does}, and with the keys make what is sealed in ${name} unreadable`,
      }));
  });
}

/** What a key vault is: a collection like any other. */
const PLAIN = {
  expires: false,
  capped: false,
  keepsPreImages: false,
  logsDocuments: false,
  timeSeries: 'no',
  encryptedState: undefined,
  views: [],
  keyVaults: [],
  restrictingRoles: [],
} as const;

const OF_KEYS = 'keys-';

/** Whether the technique is used on a key vault instead of the place itself. */
export function isByKeys({ id }: Technique): boolean {
  return id.startsWith(OF_KEYS);
}
