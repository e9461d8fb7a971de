/**
 * What accounts must be kept from, made of a policy's restrictions and of its collections: each demand is a place, the
 * techniques that lead to what is denied there, and whom it is about.
 */
import { getOrMake } from '../../model/keyed.ts';
import { formatNamespace, isAmong, type Namespace, parseNamespace, userKey } from '../../model/names.ts';
import type { Outcome } from '../../model/outcomes.ts';
import { collectionTarget, databaseTarget, type Resource, type Target } from '../../model/resource.ts';
import type { User } from '../../model/role.ts';
import type { Exemptions } from '../../policy/exemptions.ts';
import type { Intent, IntentCollection, IntentRestriction, Origin, Remedy } from '../../policy/intent.ts';
import { RULED_OUT } from '../../policy/presets.ts';
import { type RolesOf, selects } from '../../policy/selector.ts';
import type { ClusterState } from '../../state/state.ts';
import { circumstancesOf } from '../circumstances.ts';
import { onTarget, type Scope, scopeKey, withBuckets } from '../scope.ts';
import { EVERY_OUTCOME, isByKeys, type Technique, takeover, techniquesOn } from '../techniques.ts';
import { homesOfWriters } from '../writers.ts';

export interface Demand {
  /** `audit.*` or `audit.logs`. */
  readonly on: string;
  readonly db: string;
  readonly deny: readonly Outcome[];
  /** The techniques for one of the denied outcomes, those excepted that a release lets through whatever the grants are. */
  readonly techniques: readonly Technique[];
  /** Those that a release lets through. */
  readonly vulnerabilities: readonly Technique[];
  /**
   * Where every outcome is denied: whether a privilege is about the place. Of a role that must be narrowed, nothing there
   * is kept then, also what leads to no outcome.
   */
  readonly all?: (resource: Resource) => boolean;
  readonly remedy: Remedy;
  /** Why it is protected, if the policy does not name it: `it holds the keys of audit.logs`. */
  readonly because?: string;
  /** `restriction`: stated as one. `collection`: a collection's protection or exclusive access. */
  readonly from: 'restriction' | 'collection';
  readonly origin: Origin;
  covers(user: User): boolean;
}

/**
 * Every demand of the policy. `rolesOf` answers which roles a user holds, inherited ones and replaced ones included.
 * Accounts that are exempt are never covered. Whom a collection's `access` names for an outcome may bring it about there,
 * whatever a restriction says of everybody.
 */
export function demandsOf(
  intent: Intent,
  state: ClusterState,
  rolesOf: RolesOf,
  exemptions: Exemptions,
): readonly Demand[] {
  const stated = statedBy(intent, rolesOf, exemptions);
  return withWays(stated, waysIn(state, stated));
}

/** Those of them that restrictions state, as {@link demandsOf}. */
export function demandsOfRestrictions(
  intent: Intent,
  state: ClusterState,
  rolesOf: RolesOf,
  exemptions: Exemptions,
): readonly Demand[] {
  const stated = statedBy(intent, rolesOf, exemptions);
  return withWays(
    stated.filter(({ from }) => from === 'restriction'),
    waysIn(state, stated),
  );
}

/** A demand before it is known by which techniques it can be broken. */
type Stated = Omit<Demand, keyof Ways | 'all'> & { readonly place: Place };

function statedBy(intent: Intent, rolesOf: RolesOf, { isExempt }: Exemptions): readonly Stated[] {
  const stated = [
    ...intent.collections.flatMap(demandsOfCollection),
    ...intent.restrictions.flatMap((entry) =>
      entry.on.flatMap((on) => demandsOfRestriction(entry, on, intent, rolesOf)),
    ),
  ];
  return [...stated, ...stated.flatMap((demand) => demandsOnKeys(demand, intent))].map((demand) => ({
    ...demand,
    covers: (user) => !isExempt(user) && demand.covers(user),
  }));
}

function withWays(stated: readonly Stated[], ways: WaysTo): readonly Demand[] {
  return stated.map(({ place, ...demand }) => ({
    ...demand,
    ...(EVERY_OUTCOME.every((outcome) => demand.deny.includes(outcome)) && { all: place.all }),
    ...ways(place, demand.deny),
  }));
}

/** For sentences: `audit.*`; with the reason where the policy does not name it. */
export function placeText({ on, because }: Demand): string {
  return because === undefined ? on : `${on} (${because})`;
}

function demandsOfCollection(entry: IntentCollection): Stated[] {
  const place = onCollection(entry.ns);
  const common = {
    place,
    on: place.on,
    db: place.db,
    remedy: entry.remedy,
    from: 'collection',
    origin: entry.origin,
  } as const;
  const made = (deny: readonly Outcome[], named: ReadonlySet<string>): Stated[] => {
    const isNamed = isAmong(named);
    return deny.length === 0 ? [] : [{ ...common, deny, covers: (user) => !isNamed(user) }];
  };
  return [
    ...made(RULED_OUT[entry.protection], new Set()),
    ...[...entry.access].flatMap(([outcome, users]) => made([outcome], new Set(users.map(userKey)))),
  ];
}

function demandsOfRestriction(entry: IntentRestriction, on: string, intent: Intent, rolesOf: RolesOf): Stated[] {
  const dot = on.indexOf('.');
  const db = on.slice(0, dot);
  const collection = on.slice(dot + 1);
  const isExcepted = isAmong(new Set(entry.except.map(userKey)));
  const selected = (user: User): boolean =>
    !isExcepted(user) && entry.users.some((selector) => selects(selector, user, rolesOf));
  const whole = collection === '*' ? onDatabase(db, []) : onCollection({ db, collection });
  const make = (place: Place, deny: readonly Outcome[], about: (user: User) => boolean): Stated[] =>
    deny.length === 0
      ? []
      : [
          {
            place,
            on: place.on,
            db: place.db,
            deny,
            remedy: entry.remedy,
            from: 'restriction',
            origin: entry.origin,
            covers: (user) => about(user) && selected(user),
          },
        ];
  const entries = intent.collections.filter(
    ({ ns }) => ns.db === db && (collection === '*' || ns.collection === collection),
  );
  const groups = groupNamed(entries, entry.deny);
  const isNamed = isAmong(new Set(groups.flatMap(({ users }) => [...users])));
  const ofNamed = groups.flatMap(({ users, allowed }) => {
    const about = isAmong(users);
    const except = [...allowed.keys()];
    return [
      ...[...allowed].flatMap(([name, outcomes]) => {
        const deny = entry.deny.filter((outcome) => !outcomes.includes(outcome));
        return make(onCollection({ db, collection: name }), deny, about);
      }),
      ...(collection === '*' ? make(onDatabase(db, except), entry.deny, about) : []),
    ];
  });
  return [...make(whole, entry.deny, (user) => !isNamed(user)), ...ofNamed];
}

interface Named {
  readonly users: ReadonlySet<string>;
  /** Outcomes that they may bring about, by collection. */
  readonly allowed: ReadonlyMap<string, readonly Outcome[]>;
}

const KEY_LOSS: readonly Outcome[] = ['alter', 'destroy'];

/**
 * Whoever must not destroy sealed documents must not take their keys away either. Whom the key vault's own entry names
 * for that may, as may whoever is named for the documents.
 */
function demandsOnKeys(demand: Stated, intent: Intent): Stated[] {
  if (!demand.deny.includes('destroy')) return [];
  return intent.collections.flatMap((entry) => {
    const ns = entry.encryption && parseNamespace(entry.encryption.keyVault);
    const of = formatNamespace(entry.ns);
    if (ns === undefined || (demand.on !== of && demand.on !== `${entry.ns.db}.*`)) return [];
    const vault = intent.collections.find((each) => formatNamespace(each.ns) === formatNamespace(ns));
    const isNamed = isAmong(
      new Set(
        [vault, entry].flatMap((each) => KEY_LOSS.flatMap((outcome) => each?.access.get(outcome) ?? [])).map(userKey),
      ),
    );
    const place = onCollection(ns);
    return [
      {
        place,
        on: place.on,
        db: place.db,
        deny: KEY_LOSS,
        remedy: demand.remedy,
        from: demand.from,
        origin: demand.origin,
        because: `it holds the keys of ${of}`,
        covers: (user) => !isNamed(user) && demand.covers(user),
      },
    ];
  });
}

/** The accounts that exclusive access names for something that is denied otherwise; those with the same rights together. */
function groupNamed(entries: readonly IntentCollection[], deny: readonly Outcome[]): readonly Named[] {
  const byUser = new Map<string, Map<string, Outcome[]>>();
  for (const { ns, access } of entries) {
    for (const [outcome, users] of access) {
      for (const key of deny.includes(outcome) ? users.map(userKey) : []) {
        const allowed = byUser.get(key) ?? new Map<string, Outcome[]>();
        byUser.set(key, allowed.set(ns.collection, [...(allowed.get(ns.collection) ?? []), outcome]));
      }
    }
  }
  const groups = new Map<string, { readonly users: Set<string>; readonly allowed: Map<string, Outcome[]> }>();
  for (const [key, allowed] of byUser) {
    const signature = JSON.stringify([...allowed]);
    const group = groups.get(signature) ?? { users: new Set<string>(), allowed };
    group.users.add(key);
    groups.set(signature, group);
  }
  return [...groups.values()];
}

interface Place {
  readonly on: string;
  readonly db: string;
  readonly subject: Target;
  /** The collections of the database that are not meant. */
  readonly except: readonly string[];
  /** Whether a privilege on the resource is about nothing but this place and others of its kind. */
  all(resource: Resource): boolean;
  /** What a scope becomes that is about the subject alone. */
  widen(on: Scope): Scope;
}

type Ways = Pick<Demand, 'techniques' | 'vulnerabilities'>;
type WaysTo = (place: Place, deny: readonly Outcome[]) => Ways;

/**
 * The techniques on a place for what is denied, the same lists each time: many demands are about the same places. Of those
 * who write there only those matter who are not to be kept from it: a plan takes that right from the others.
 */
function waysIn(state: ClusterState, stated: readonly Stated[]): WaysTo {
  const onSubjects = new Map<string, readonly Technique[]>();
  const known = new Map<string, Ways>();
  return (place, deny) =>
    getOrMake(known, JSON.stringify([place.on, place.except, deny]), () => {
      const { subject } = place;
      const all = getOrMake(onSubjects, scopeKey(onTarget(subject)), () =>
        techniquesOn(subject, {
          ...circumstancesOf(state, subject),
          homes: homesOfWriters(state, subject, mayInsert(subject, stated)),
        }),
      );
      return denied(place, deny, all, state);
    });
}

/** Whether no demand about all of the place keeps the account from inserting. */
function mayInsert(subject: Target, stated: readonly Stated[]): (user: User) => boolean {
  const keeping = stated.filter(({ deny, place }) => deny.includes('insert') && isAllWithin(subject, place));
  return (user) => !keeping.some((demand) => demand.covers(user));
}

function isAllWithin(subject: Target, { subject: of, except }: Place): boolean {
  if (scopeKey(onTarget(of)) === scopeKey(onTarget(subject))) return except.length === 0;
  return (
    of.kind === 'database' &&
    subject.kind === 'collection' &&
    of.db === subject.db &&
    !except.includes(subject.collection)
  );
}

function denied(
  { db, widen }: Place,
  deny: readonly Outcome[],
  all: readonly Technique[],
  { users = [] }: ClusterState,
): Ways {
  const own = all
    .filter((technique) => !isByKeys(technique) && technique.outcomes.some((outcome) => deny.includes(outcome)))
    .map((technique) => mapped(technique, widen));
  const vulnerabilities = own.filter(({ kind }) => kind === 'server');
  const techniques = own.filter(({ kind }) => kind !== 'server');
  if (!users.some((user) => user.db === db)) return { techniques, vulnerabilities };
  const taking: Technique = {
    id: 'takeover',
    kind: 'escalation',
    outcomes: EVERY_OUTCOME,
    requires: [takeover(db)],
    does: `set the password of an account of ${db} and log in as it`,
  };
  return { techniques: [...techniques, taking], vulnerabilities };
}

/** A collection, and the buckets that hold its documents if it is a time series. */
function onCollection(ns: Namespace): Place {
  const subject = collectionTarget(ns);
  const own = scopeKey(onTarget(subject));
  const widen = (on: Scope): Scope => (scopeKey(on) === own ? withBuckets(subject) : on);
  return {
    on: formatNamespace(ns),
    // A wildcard over collections is about the database too (listCollections): only what names the collection counts.
    all: (resource) =>
      'db' in resource &&
      (resource.db === '' || resource.db === ns.db) &&
      ('collection' in resource ? resource.collection : resource.system_buckets) === ns.collection,
    db: ns.db,
    subject,
    except: [],
    widen,
  };
}

/** Every collection of a database, the server's own (`system.*`) included, but for those in `except`. */
function onDatabase(db: string, except: readonly string[]): Place {
  const subject = databaseTarget(db);
  const some = scopeKey({ kind: 'inside', of: subject });
  const buckets = scopeKey({ kind: 'buckets', of: subject });
  const widen = (on: Scope): Scope => {
    const key = scopeKey(on);
    if (key === buckets && except.length > 0) return { kind: 'without', of: on, collections: except };
    return key === some ? { kind: 'everything', db, except } : on;
  };
  return {
    on: `${db}.*`,
    all: (resource) => except.length === 0 && 'db' in resource && (resource.db === '' || resource.db === db),
    db,
    subject,
    except,
    widen,
  };
}

function mapped(technique: Technique, map: (on: Scope) => Scope): Technique {
  return { ...technique, requires: technique.requires.map(({ action, on }) => ({ action, on: map(on) })) };
}
