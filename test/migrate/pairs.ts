/** Random pairs of a policy and the state of a cluster, for the laws that every plan keeps. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Role, User } from '../../src/model/role.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';
import type { ClusterState, Collection, OwnedObject } from '../../src/state/state.ts';
import { collection, owned, ref, state, ttl } from '../support/build.ts';

const ROLES = ['a@admin', 'b@admin', 'c@admin', 'd@admin', 'e@app', 'f@app', 'g@audit', '__proto__@admin'];
const BUILT_IN = ['read@app', 'readWrite@app', 'dbAdmin@audit'];
export const USERS = ['ann@admin', 'bob@admin', 'eve@app', 'CN=x@$external'];
const COLLECTIONS = ['audit.logs', 'audit.other', 'app.data'];
const ACTIONS = ['anyAction', 'find', 'insert', 'update', 'remove'];
const SCHEMAS = [undefined, { bsonType: 'object' }, { required: ['a', 'b'], bsonType: 'object' }];
const SOURCES = [undefined, ['10.0.0.0/8'], ['10.0.0.0/8', '192.168.0.1']];

export const dbOf = (name: string): string => ref(name).db;

/** Roles of the names given, of which each inherits only such that stand before it in some order: no cycle. */
function roles(names: readonly string[]) {
  const body = fc.record({
    there: fc.boolean(),
    grants: fc.dictionary(fc.constantFrom('logs', 'data', '*'), fc.subarray(ACTIONS, { minLength: 1 }), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    inherits: fc.subarray([...names, ...BUILT_IN]),
    source: fc.constantFrom(...SOURCES),
  });
  return fc
    .tuple(fc.shuffledSubarray([...names], { minLength: names.length }), fc.array(body, fixed(names.length)))
    .map(([order, bodies]) => {
      const present = order.filter((_name, index) => bodies[index]?.there);
      return present.map((name) => {
        const { grants, inherits, source } = bodies[order.indexOf(name)] as (typeof bodies)[number];
        const earlier = new Set([...present.slice(0, present.indexOf(name)), ...BUILT_IN]);
        const db = dbOf(name);
        const home = db === 'admin' ? 'app' : db;
        return {
          name,
          grants: Object.entries(grants).map(([what, actions]) => ({ db: home, what, actions })),
          inherits: inherits.filter((other) => earlier.has(other) && (db === 'admin' || dbOf(other) === db)),
          source,
        };
      });
    });
}

const fixed = (length: number) => ({ minLength: length, maxLength: length });
type RoleShape = ReturnType<typeof roles> extends fc.Arbitrary<(infer T)[]> ? T : never;

/** Users that hold some of the names given. */
function users(holdable: readonly string[]) {
  return fc
    .array(
      fc.record({
        there: fc.boolean(),
        holds: fc.subarray([...holdable, ...BUILT_IN]),
        mechanisms: fc.constantFrom(undefined, ['SCRAM-SHA-256'], ['SCRAM-SHA-1'], ['SCRAM-SHA-1', 'SCRAM-SHA-256']),
        source: fc.constantFrom(...SOURCES),
        customData: fc.constantFrom(undefined, { team: 'a' }, { team: 'b', floor: 3 }),
      }),
      fixed(USERS.length),
    )
    .map((list) =>
      list.flatMap(({ there, ...rest }, index) => (there ? [{ name: USERS[index] as string, ...rest }] : [])),
    );
}
type UserShape = ReturnType<typeof users> extends fc.Arbitrary<(infer T)[]> ? T : never;

const collections = fc
  .array(
    fc.record({
      there: fc.boolean(),
      schema: fc.constantFrom(...SCHEMAS),
      level: fc.constantFrom(undefined, 'strict', 'moderate', 'off'),
      action: fc.constantFrom(undefined, 'error', 'warn'),
      protection: fc.constantFrom('none', 'append-only', 'read-only'),
      retention: fc.constantFrom(undefined, 'forever', { atLeast: '1d' }),
      expiry: fc.constantFrom(undefined, 60, 86_400, 864_000),
    }),
    fixed(COLLECTIONS.length),
  )
  .map((list) =>
    list.flatMap(({ there, ...rest }, index) => (there ? [{ name: COLLECTIONS[index] as string, ...rest }] : [])),
  );
type CollectionShape = typeof collections extends fc.Arbitrary<(infer T)[]> ? T : never;

/** Roles, and users that hold such of them as exist. */
const withUsers = (names: readonly string[]) =>
  fc.record({ roles: roles(names), users: users(names) }).map(({ roles: made, users: accounts }) => {
    const known = new Set([...made.map(({ name }) => name), ...BUILT_IN]);
    return {
      roles: made,
      users: accounts.map((account) => ({ ...account, holds: account.holds.filter((name) => known.has(name)) })),
    };
  });

/** A policy and a state that overlap in names, and in what the record says of them. */
export const pairs = fc.record({
  wanted: withUsers(ROLES),
  wantedCollections: collections,
  present: withUsers([...ROLES, 'theirs@admin', 'theirs@app']),
  presentCollections: collections,
  ours: fc.subarray([...ROLES, ...USERS, ...COLLECTIONS]),
  created: fc.subarray([...ROLES, ...USERS, ...COLLECTIONS]),
  prune: fc.boolean(),
});
export type Pair = typeof pairs extends fc.Arbitrary<infer T> ? T : never;

/** The policy, compiled from what a person could have written. */
export function intentOf({ wanted, wantedCollections }: Pair): Intent {
  const document = {
    apiVersion: 'mongoward/v1',
    metadata: { name: 'p' },
    roles: named(wanted.roles, ({ grants, inherits, source }) => ({
      privileges: grants.map(({ db, what, actions }) => ({ on: `${db}.${what}`, allow: actions })),
      roles: inherits,
      ...(source && { clientSource: source }),
    })),
    users: named(wanted.users, ({ name, holds, mechanisms, source, customData }) => ({
      roles: holds,
      ...(dbOf(name) === '$external' ? {} : { password: { fromEnv: 'P' }, ...(mechanisms && { mechanisms }) }),
      ...(source && { clientSource: source }),
      ...(customData && { customData }),
    })),
    collections: named(wantedCollections, ({ schema, level, action, protection, retention }) => ({
      protection,
      ...(schema && { schema }),
      ...(level && { validationLevel: level }),
      ...(action && { validationAction: action }),
      ...(retention && { retention }),
    })),
  };
  const file = 'policy.yaml';
  const locate = () => ({ file, line: 1, column: 1, path: '' });
  const compiled = compilePolicy([
    { file, source: { file, text: JSON.stringify(document), data: document, locate }, problems: [] },
  ]);
  assert.deepEqual(compiled.problems, []);
  return compiled.intent as Intent;
}

function named<T extends { readonly name: string }>(entries: readonly T[], document: (entry: T) => object): object {
  return Object.fromEntries(entries.map((entry) => [entry.name, document(entry)]));
}

const restrictionsOf = (source: readonly string[] | undefined) =>
  source === undefined ? {} : { authenticationRestrictions: [{ clientSource: source }] };

export function actualOf({ present, presentCollections, ours, created }: Pair): ClusterState {
  const kindOf = (name: string): OwnedObject['kind'] =>
    name.includes('.') ? 'collection' : ROLES.includes(name) ? 'role' : 'user';
  const databases = new Map<string, Collection[]>();
  for (const shape of presentCollections) {
    const [db = '', name = ''] = shape.name.split('.');
    databases.set(db, [...(databases.get(db) ?? []), presentCollection(name, shape)]);
  }
  return state({
    roles: present.roles.map(presentRole),
    users: present.users.map(presentUser),
    databases: [...databases].map(([name, list]) => ({ name, collections: list })),
    objects: ours.map((name) => owned(kindOf(name), name, created.includes(name))),
  });
}

/** As `admin.system.roles` may hold it: the same resource twice. */
function presentRole({ name, grants, inherits, source }: RoleShape): Role {
  const privileges = grants.flatMap(({ db, what, actions }) =>
    [actions.slice(0, 2), actions.slice(1)].map((some) => ({
      resource: { db, collection: what === '*' ? '' : what },
      actions: some,
    })),
  );
  return { ...ref(name), privileges, roles: inherits.map(ref), ...restrictionsOf(source) };
}

function presentUser({ name, holds, mechanisms, source, customData }: UserShape): User {
  const external = dbOf(name) === '$external';
  return {
    user: ref(name).role,
    db: dbOf(name),
    roles: holds.map(ref),
    mechanisms: external ? ['external'] : (mechanisms ?? ['SCRAM-SHA-1', 'SCRAM-SHA-256']),
    ...restrictionsOf(source),
    ...(customData && { customData }),
  };
}

function presentCollection(name: string, { schema, level, action, expiry }: CollectionShape): Collection {
  const plain = collection(name);
  return {
    ...plain,
    options: {
      ...(schema && { validator: { $jsonSchema: schema } }),
      ...(level && { validationLevel: level }),
      ...(action && { validationAction: action }),
    },
    indexes: [...(plain.indexes ?? []), ...(expiry === undefined ? [] : [ttl(expiry)])],
  };
}
