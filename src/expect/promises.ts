/** Everything that a policy promises, as expectations: what its accounts may, and what nobody else may. */
import { demandsOf } from '../access/violations/demand.ts';
import { roleGraph } from '../model/graph.ts';
import { formatNamespace, formatUser, userKey } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { canonicalPrivileges } from '../model/privilege.ts';
import { formatResource, type Resource } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent, IntentCollection } from '../policy/intent.ts';
import { RULED_OUT } from '../policy/presets.ts';
import { rolesHeld } from '../policy/selector.ts';
import type { ClusterState } from '../state/state.ts';
import { isTriedAtCollections } from './probes.ts';

/** An entry of `expect`, as it is written, and what it is about, for a comment above the first of each group. */
export interface Promised {
  readonly about: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

export interface Promises {
  /** Accounts that could use every database: what a restriction is for. */
  readonly given: {
    readonly databases: readonly string[];
    readonly users: Readonly<Record<string, readonly string[]>>;
  };
  readonly promised: readonly Promised[];
}

/** Strangers that restrictions with `remedy: rewrite` keep out, by the roles that reach furthest. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  'stranger-data@admin': ['readWriteAnyDatabase@admin'],
  'stranger-dba@admin': ['dbAdminAnyDatabase@admin'],
};

/** `state`: the cluster that the policy alone makes, for the roles of its accounts. `today`: `YYYY-MM-DD`. */
export function promisesOf(intent: Intent, state: ClusterState, today?: string): Promises {
  const rewrites = intent.restrictions.some(
    ({ remedy, users }) =>
      remedy === 'rewrite' && users.some((each) => each.kind === 'pattern' && each.pattern === '*'),
  );
  const work = grants(intent, state);
  const isElsewhere = work.some(({ entry }) => String(entry['on']).startsWith(ELSEWHERE.db));
  return {
    given: {
      databases: rewrites || isElsewhere ? [formatNamespace(ELSEWHERE)] : [],
      users: rewrites ? STRANGERS : {},
    },
    promised: [
      ...work,
      ...intent.collections.flatMap((entry) => ofCollection(entry, intent)),
      ...restrictions(intent, state, today),
      ...(rewrites ? keepings() : []),
    ],
  };
}

function grants(intent: Intent, { roles = [], server }: ClusterState): readonly Promised[] {
  const graph = roleGraph(roles, server.version);
  const own = new Set(intent.roles.map(({ role }) => `${role.db}.${role.role}`));
  return intent.users.flatMap(({ user }) => {
    // What a built-in role grants is MongoDB's promise, and dozens of lines.
    const held = graph.closure(user.roles);
    const privileges = canonicalPrivileges(
      held.filter((role) => own.has(`${role.db}.${role.role}`)).flatMap((role) => role.privileges),
    );
    const builtin = held.filter((role) => role.isBuiltin === true);
    return [
      ...privileges.flatMap(({ resource, actions }) =>
        placesOf(resource, actions).map(
          ({ on, may }): Promised => ({ about: WORK, entry: { as: formatUser(user), may: one(may), on } }),
        ),
      ),
      ...builtin.flatMap((role) => {
        const on = role.db === 'admin' ? undefined : role.db;
        const [first] = role.privileges.filter(
          ({ resource }) => 'collection' in resource && resource.db === role.db && resource.collection === '',
        );
        if (on === undefined || first === undefined) return [];
        const action = ['insert', 'find'].find((each) => first.actions.includes(each)) ?? first.actions[0];
        return [{ about: WORK, entry: { as: formatUser(user), may: action, on } }];
      }),
    ];
  });
}

const WORK = 'What accounts need for their work';

/** What stands for any database: a grant on all of them is tried there. */
const ELSEWHERE = { db: 'elsewhere', collection: 'things' } as const;

interface Allowed {
  readonly on: string;
  readonly may: readonly string[];
}

/** Where the actions of a privilege are tried, as an expectation writes it; none for what it has no word for. */
function placesOf(resource: Resource, actions: readonly string[]): readonly Allowed[] {
  if ('cluster' in resource) return [{ on: 'cluster', may: actions }];
  if ('system_buckets' in resource) return [];
  const { db, collection } = 'anyResource' in resource ? { db: '', collection: '' } : resource;
  if (db !== '' && collection !== '') return [{ on: formatResource(resource), may: actions }];
  const at = { db: db === '' ? ELSEWHERE.db : db, collection: collection === '' ? ELSEWHERE.collection : collection };
  const inside = actions.filter((action) => collection !== '' || isTriedAtCollections(action));
  return [
    { on: at.db, may: actions.filter((action) => !inside.includes(action)) },
    { on: db === '' || collection !== '' ? `${at.db}.${at.collection}` : at.db, may: inside },
  ].filter(({ may }) => may.length > 0);
}

function one<T>(list: readonly T[]): T | readonly T[] {
  const [first] = list;
  return list.length === 1 && first !== undefined ? first : list;
}

function ofCollection(entry: IntentCollection, intent: Intent): readonly Promised[] {
  const on = formatNamespace(entry.ns);
  const exempt = intent.breakGlass.map(({ user }) => formatUser(user));
  const nobody = (outcomes: readonly Outcome[], except: readonly string[]): Promised => ({
    about: `What nobody may do to ${on}`,
    entry: { as: '*', mayNot: one(outcomes), on, ...(except.length === 0 ? {} : { except: one(except) }) },
  });
  const ruledOut = RULED_OUT[entry.protection];
  const accesses = [...entry.access].map(([outcome, users]) =>
    nobody([outcome], [...new Set([...users.map(formatUser), ...exempt])]),
  );
  return [...(ruledOut.length === 0 ? [] : [nobody(ruledOut, exempt)]), ...accesses, ...documents(entry, intent)];
}

/**
 * Documents that the validator refuses: one that lacks what is required, and one for each field in the clear. What would
 * be taken but for that is taken, where the schema is so simple that such a document can be told.
 */
function documents({ ns, schema = {}, encryption, access }: IntentCollection, intent: Intent): readonly Promised[] {
  const writer = access.get('insert')?.[0] ?? writerOf(intent, ns);
  if (writer === undefined) return [];
  const into = formatNamespace(ns);
  const promised = (document: object, refused: boolean): Promised => ({
    about: `What the validator of ${into} refuses`,
    entry: { document, into, as: formatUser(writer), refused },
  });
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const properties: Readonly<Record<string, unknown>> = Object(schema['properties'] ?? {});
  const base = Object.fromEntries(required.map((name) => [name, sample(typeIn(properties[name]))]));
  const fields = Object.entries(encryption?.fields ?? {});
  return [
    ...(isSimple(schema, required) && fields.length + required.length > 0 ? [promised(base, false)] : []),
    ...(required.length === 0 ? [] : [promised({}, true)]),
    ...fields.map(([path, { bsonType }]) => promised({ ...base, ...nested(path, sample(bsonType)) }, true)),
  ];
}

const SAYING_LITTLE = new Set(['bsonType', 'required', 'properties', 'title', 'description']);

/** Whether the types of what is required are all that a document must have. */
function isSimple(schema: Readonly<Record<string, unknown>>, required: readonly string[]): boolean {
  const properties: Readonly<Record<string, unknown>> = Object(schema['properties'] ?? {});
  return (
    Object.keys(schema).every((key) => SAYING_LITTLE.has(key)) &&
    required.every((name) =>
      Object.keys(Object(properties[name] ?? {})).every((key) => ['bsonType', 'description'].includes(key)),
    )
  );
}

function typeIn(property: unknown): string {
  const type: unknown = Object(property ?? {})['bsonType'];
  return typeof type === 'string' ? type : 'string';
}

function writerOf({ users, roles }: Intent, ns: IntentCollection['ns']): User | undefined {
  const writers = new Set(
    roles
      .filter(({ role }) =>
        role.privileges.some(
          ({ resource, actions }) => actions.includes('insert') && formatResource(resource) === formatNamespace(ns),
        ),
      )
      .map(({ role }) => `${role.db}.${role.role}`),
  );
  return users.find(({ user }) => user.roles.some(({ role, db }) => writers.has(`${db}.${role}`)))?.user;
}

function nested(path: string, value: unknown): Readonly<Record<string, unknown>> {
  const [name = '', ...rest] = path.split('.');
  return { [name]: rest.length === 0 ? value : nested(rest.join('.'), value) };
}

/** A value in the clear of the type that is sealed. */
function sample(bsonType: string): unknown {
  if (bsonType === 'object') return { plain: 'text' };
  if (bsonType === 'array') return ['plain'];
  if (bsonType === 'bool') return true;
  if (bsonType === 'objectId') return { $oid: '65a000000000000000000000' };
  if (bsonType === 'date') return { $date: '2026-01-01T00:00:00Z' };
  return ['int', 'long', 'double', 'decimal'].includes(bsonType) ? 1 : 'plain';
}

/** Nobody but whom the restriction does not cover, or whom a collection's `access` names; alike outcomes together. */
function restrictions(intent: Intent, state: ClusterState, today: string | undefined): readonly Promised[] {
  const users = state.users ?? [];
  const rolesOf = rolesHeld(roleGraph(state.roles ?? [], state.server.version));
  const exemptions = exemptionsOn(intent, today);
  return intent.restrictions.flatMap((entry) =>
    entry.on.flatMap((place) => {
      const byExcept = new Map<string, { readonly except: readonly string[]; readonly outcomes: Outcome[] }>();
      for (const outcome of entry.deny) {
        const about = demandsOf(
          { ...intent, collections: [], restrictions: [{ ...entry, on: [place] }] },
          state,
          rolesOf,
          exemptions,
        );
        const named = namedFor(intent, place, outcome);
        const others = users.filter((user) => named.has(userKey(user)) || !about.some(({ covers }) => covers(user)));
        const except = [...new Set([...others, ...intent.breakGlass.map(({ user }) => user)].map(formatUser))];
        const key = except.join('\n');
        const group = byExcept.get(key) ?? { except, outcomes: [] };
        group.outcomes.push(outcome);
        byExcept.set(key, group);
      }
      return [...byExcept.values()].map(
        ({ except, outcomes }): Promised => ({
          about: `What the restriction on ${place} denies`,
          entry: { as: '*', mayNot: one(outcomes), on: place, ...(except.length === 0 ? {} : { except: one(except) }) },
        }),
      );
    }),
  );
}

/** Whom `access` of a collection at the place names for the outcome: a restriction does not speak of them. */
function namedFor({ collections }: Intent, place: string, outcome: Outcome): ReadonlySet<string> {
  const at = collections.filter(({ ns }) => place === `${ns.db}.*` || place === formatNamespace(ns));
  return new Set(at.flatMap(({ access }) => access.get(outcome) ?? []).map(userKey));
}

/** What a restriction leaves of wide accounts. */
function keepings(): readonly Promised[] {
  const about = 'What accounts keep that could use every database';
  return [
    {
      about,
      entry: { as: 'stranger-data@admin', may: ['find', 'insert', 'update', 'remove'], on: formatNamespace(ELSEWHERE) },
    },
    { about, entry: { as: 'stranger-dba@admin', may: ['collMod', 'createIndex'], on: formatNamespace(ELSEWHERE) } },
  ];
}
