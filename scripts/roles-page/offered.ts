/** Which techniques there are, in which releases and circumstances, and which of MongoDB's own roles reach them. */
import { assess } from '../../src/access/analysis.ts';
import { type Circumstances, type Technique, techniquesOn } from '../../src/access/techniques.ts';
import { CATALOGUES } from '../../src/model/catalogue.ts';
import type { RoleRef } from '../../src/model/names.ts';
import { collectionTarget } from '../../src/model/resource.ts';
import { compareVersions, releaseLine } from '../../src/model/version.ts';

const LOGS = collectionTarget({ db: 'audit', collection: 'logs' });

/** The database in which the account of the writer lives. */
export const HOME = 'accounts';

/** A database that has nothing to do with either. */
export const ELSEWHERE = 'shop';

/** Release lines, oldest first. */
export const LINES: readonly string[] = [...new Set(CATALOGUES.map(({ version }) => releaseLine(version)))].sort(
  compareVersions,
);

/** In each line its first patch, and one that has every mend of that line. */
const PATCHES = ['0', '999'] as const;

/** Where a technique is offered besides on a plain collection. */
const SETTINGS: readonly (readonly [string, Partial<Circumstances>])[] = [
  ['', {}],
  ['on a standalone', { standalone: true }],
  ['where documents expire', { expires: true }],
  ['on a capped collection', { capped: true }],
  ['where it keeps pre-images', { keepsPreImages: true }],
  ['where its validator warns', { logsDocuments: true }],
  ['where a view shows the collection', { views: ['recent'] }],
  [`where such a role is in ${ELSEWHERE}`, { restrictingRoles: [ELSEWHERE] }],
  ['on a time series', { timeSeries: 'buckets' }],
  ['on a time series', { timeSeries: 'viewless' }],
  ['for an account of a shard, on that shard', { shard: true }],
  ['where a config server is a shard', { configShard: true }],
  ['beside Queryable Encryption', { encryptedState: { esc: 'enxcol_.logs.esc', ecoc: 'enxcol_.logs.ecoc' } }],
];

export interface Offer {
  readonly technique: Technique;
  /** What the collection has to be; empty for any. */
  readonly setting: string;
  readonly releases: Releases;
  readonly topology: 'any' | 'sharded' | 'not sharded';
  /** The releases in which a mongod has it, and a router where a config server is a shard. */
  readonly onConfigShard: Releases;
}

export interface Releases {
  /** Lines in which some patch has it. */
  readonly lines: readonly string[];
  /** Lines of which a later patch does without. */
  readonly mended: readonly string[];
}

interface Place {
  readonly version: string;
  readonly line: string;
  readonly patched: boolean;
  readonly sharded: boolean;
}

const PLACES: readonly Place[] = LINES.flatMap((line) =>
  PATCHES.flatMap((patch) =>
    [false, true].map((sharded) => ({ version: `${line}.${patch}`, line, patched: patch === '999', sharded })),
  ),
);

function techniquesAt({ version, sharded }: Place, setting: Partial<Circumstances>): readonly Technique[] {
  const plain: Circumstances = {
    version,
    sharded,
    configShard: false,
    expires: false,
    capped: false,
    keepsPreImages: false,
    logsDocuments: false,
    timeSeries: 'no',
    views: [],
    keyVaults: [],
    homes: [HOME],
    restrictingRoles: [],
  };
  return techniquesOn(LOGS, { ...plain, ...setting });
}

/** Every technique, each as it is told of the newest release that has it. */
export function offers(): readonly Offer[] {
  const found = new Map<string, { technique: Technique; setting: string; places: Place[] }>();
  for (const [setting, circumstances] of SETTINGS) {
    for (const place of PLACES) {
      // A shard is a replica set.
      if (circumstances.shard === true && place.sharded) continue;
      for (const technique of techniquesAt(place, circumstances)) {
        const known = found.get(technique.id);
        if (known === undefined) found.set(technique.id, { technique, setting, places: [place] });
        else if (known.setting === setting) {
          known.technique = toldAs(known, technique, place);
          known.places.push(place);
        }
      }
    }
  }
  return [...found.values()].map(({ technique, setting, places }) => ({
    technique,
    setting,
    releases: releasesOf(places),
    topology: topologyOf(places),
    onConfigShard: releasesOf(
      PLACES.filter(
        (place) => place.sharded && techniquesAt(place, { configShard: true }).some(({ id }) => id === technique.id),
      ),
    ),
  }));
}

/** As the newest release has it. Of a sharded cluster it may be told in other words, which stand only for what is there alone. */
function toldAs(
  known: { readonly technique: Technique; readonly places: readonly Place[] },
  technique: Technique,
  { sharded }: Place,
): Technique {
  return sharded && known.places.some((place) => !place.sharded) ? known.technique : technique;
}

function topologyOf(places: readonly Place[]): Offer['topology'] {
  if (places.every(({ sharded }) => sharded)) return 'sharded';
  return places.some(({ sharded }) => sharded) ? 'any' : 'not sharded';
}

function releasesOf(places: readonly Place[]): Releases {
  const lines = LINES.filter((line) => places.some((place) => place.line === line));
  return {
    lines,
    mended: lines.filter((line) => !places.some((place) => place.line === line && place.patched)),
  };
}

export const EVERY_RELEASE = 'every release';

/** For sentences: "every release", "from 6.0 on", "4.4 to 5.0", "early 4.4". */
export function releasesText({ lines, mended }: Releases): string {
  if (mended.length === lines.length) return `early ${lines.join(', ')}`;
  return mended.length === 0 ? spanText(lines) : `${spanText(lines)}, of ${mended.join(', ')} early patches only`;
}

function spanText(lines: readonly string[]): string {
  const [first = '', last = ''] = [lines[0], lines.at(-1)];
  if (lines.length !== LINES.indexOf(last) - LINES.indexOf(first) + 1) return lines.join(', ');
  if (lines.length === LINES.length) return EVERY_RELEASE;
  if (last === LINES.at(-1)) return `from ${first} on`;
  return first === last ? first : `${first} to ${last}`;
}

/** MongoDB's own roles as they are granted: those of a database on `audit`, and on the server's own databases. */
const GRANTED: readonly RoleRef[] = [
  ...['read', 'readWrite', 'dbAdmin', 'userAdmin', 'dbOwner', 'enableSharding'].map((role) => ({ role, db: 'audit' })),
  ...['read', 'readWrite', 'dbAdmin'].flatMap((role) => ['local', 'config'].map((db) => ({ role, db }))),
  ...['userAdmin', 'dbOwner'].map((role) => ({ role, db: ELSEWHERE })),
  ...['readWrite', 'userAdmin'].map((role) => ({ role, db: 'admin' })),
  ...[...new Set(CATALOGUES.flatMap(({ admin }) => [...admin.keys()]))].sort().map((role) => ({ role, db: 'admin' })),
];

export interface Reach {
  readonly role: RoleRef;
  /** The techniques that somebody with this role alone has, each with the releases in which it is so. */
  readonly techniques: readonly {
    readonly technique: Technique;
    readonly releases: Releases;
    readonly topology: Offer['topology'];
  }[];
}

/** What each role reaches of a plain collection `audit.logs`, as a standalone, a replica set or sharded. */
export function reaches(): readonly Reach[] {
  return GRANTED.map((role) => {
    const user = { user: 'u', db: 'admin', roles: [role] };
    const found = new Map<string, { technique: Technique; places: Place[] }>();
    for (const place of PLACES) {
      const techniques = techniquesAt(place, {});
      for (const { technique } of assess({ roles: [], users: [user] }, place.version, techniques).can(
        user,
        techniques,
      )) {
        const known = found.get(technique.id);
        if (known === undefined) found.set(technique.id, { technique, places: [place] });
        else known.places.push(place);
      }
    }
    return {
      role,
      techniques: [...found.values()].map(({ technique, places }) => ({
        technique,
        releases: releasesOf(places),
        topology: topologyOf(places),
      })),
    };
  }).filter(({ techniques }) => techniques.length > 0);
}

/** Of the roles that hold the action, wherever: their names. */
export function holdersOf(action: string): readonly string[] {
  const names = CATALOGUES.flatMap(({ admin, database }) =>
    [...admin, ...database].flatMap(([name, privileges]) =>
      privileges().some(({ actions }) => actions.includes(action)) ? [name] : [],
    ),
  );
  return [...new Set(names)].sort();
}
