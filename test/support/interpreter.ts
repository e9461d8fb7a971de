/**
 * MongoDB's user, role and collection commands on a plain state: what a server does with `{db, command}` documents, and
 * what it refuses. It knows nothing of operations and plans.
 *
 * Source of the refusals: `src/mongo/db/commands/user_management_commands.cpp` and what a 4.4 server answered.
 */
import { knownActions } from '../../src/model/catalogue.ts';
import type { ClusterState, Collection } from '../../src/state/state.ts';

interface Reference {
  readonly role: string;
  readonly db: string;
}

interface StoredRole {
  /** Actions by the resource document's text. */
  readonly grants: Map<string, Set<string>>;
  readonly inherits: Map<string, Reference>;
  restrictions: readonly unknown[];
}

interface StoredUser {
  readonly holds: Map<string, Reference>;
  mechanisms: readonly string[];
  restrictions: readonly unknown[];
  customData: Readonly<Record<string, unknown>>;
}

interface StoredCollection {
  options: Record<string, unknown>;
  readonly indexes: Map<string, Record<string, unknown>>;
}

type Document = Readonly<Record<string, unknown>>;

/** The server's answer where it refuses. */
export class Refusal extends Error {}

const EVERYWHERE = new Set(['read', 'readWrite', 'dbAdmin', 'userAdmin', 'dbOwner', 'enableSharding']);
const IN_ADMIN = new Set([
  ...['readAnyDatabase', 'readWriteAnyDatabase', 'dbAdminAnyDatabase', 'userAdminAnyDatabase', 'root', '__system'],
  ...['clusterAdmin', 'clusterManager', 'clusterMonitor', 'hostManager', 'backup', 'restore'],
]);
const BOTH_MECHANISMS = ['SCRAM-SHA-1', 'SCRAM-SHA-256'];

export class Interpreter {
  readonly #server: ClusterState['server'];
  readonly #roles = new Map<string, StoredRole>();
  readonly #users = new Map<string, StoredUser>();
  readonly #collections = new Map<string, StoredCollection>();
  readonly #objects = new Map<string, Document>();

  constructor(state: ClusterState) {
    this.#server = state.server;
    for (const role of state.roles ?? []) {
      this.#roles.set(id(role.db, role.role), {
        grants: new Map(),
        inherits: references(role.roles),
        restrictions: role.authenticationRestrictions ?? [],
      });
      this.#grant(id(role.db, role.role), role.privileges);
    }
    for (const user of state.users ?? []) {
      this.#users.set(id(user.db, user.user), {
        holds: references(user.roles),
        mechanisms: user.mechanisms ?? BOTH_MECHANISMS,
        restrictions: user.authenticationRestrictions ?? [],
        customData: user.customData ?? {},
      });
    }
    for (const { name: db, collections } of state.databases ?? []) {
      for (const { name, options, indexes } of collections ?? []) {
        const byName = new Map((indexes ?? []).map((index) => [index.name, { ...index }]));
        this.#collections.set(id(db, name), { options: { ...options }, indexes: byName });
      }
    }
    for (const object of state.objects ?? []) {
      this.#objects.set(`${object.kind} ${object.target}`, { ...object });
    }
  }

  /** What a reader would then find. */
  state(): ClusterState {
    const databases = new Map<string, Collection[]>();
    for (const [key, { options, indexes }] of this.#collections) {
      const [db, name] = named(key);
      const list = databases.get(db) ?? [];
      const shown = [...indexes.values()].map((index) => index as Collection['indexes'] & object as never);
      list.push({ name, type: 'collection', options, indexes: shown });
      databases.set(db, list);
    }
    return {
      server: this.#server,
      roles: [...this.#roles].map(([key, role]) => {
        const [db, name] = named(key);
        return {
          role: name,
          db,
          privileges: [...role.grants].map(([resource, actions]) => ({
            resource: JSON.parse(resource),
            actions: [...actions],
          })),
          roles: [...role.inherits.values()],
          authenticationRestrictions: role.restrictions as [],
        };
      }),
      users: [...this.#users].map(([key, { holds, mechanisms, restrictions, customData }]) => {
        const [db, name] = named(key);
        return {
          user: name,
          db,
          roles: [...holds.values()],
          mechanisms: db === '$external' ? ['external'] : mechanisms,
          authenticationRestrictions: restrictions as [],
          customData,
        };
      }),
      databases: [...databases].map(([name, collections]) => ({ name, collections })),
      settings: {},
      objects: [...this.#objects.values()].map((document) => {
        const { _id, ...object } = document;
        return object as never;
      }),
      unreadable: [],
    };
  }

  /** `action on resource` for all that a user can do, through all the roles that it holds; nothing if there is no such user. */
  effective(db: string, name: string): ReadonlySet<string> {
    const able = new Set<string>();
    const open = [...(this.#users.get(id(db, name))?.holds.keys() ?? [])];
    const seen = new Set<string>();
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      const role = this.#roles.get(key);
      if (role === undefined) able.add(`all of ${key}`);
      for (const [resource, actions] of role?.grants ?? []) {
        const meant = actions.has('anyAction') ? [...knownActions(), 'anyAction'] : actions;
        for (const action of meant) able.add(`${action} on ${resource}`);
      }
      open.push(...(role?.inherits.keys() ?? []));
    }
    return able;
  }

  run(db: string, command: Document): void {
    const [name = ''] = Object.keys(command);
    const handler = this.#handlers[name];
    if (handler === undefined) throw new Refusal(`no such command: '${name}'`);
    const unknown = Object.keys(command).filter((field) => field !== name && !handler.fields.includes(field));
    if (unknown.length > 0) throw new Refusal(`${name} has no field ${unknown.join(', ')}`);
    handler.run(db, String(command[name]), command);
  }

  readonly #handlers: Readonly<
    Record<
      string,
      { readonly fields: readonly string[]; readonly run: (db: string, name: string, command: Document) => void }
    >
  > = {
    createRole: {
      fields: ['privileges', 'roles', 'authenticationRestrictions'],
      run: (db, name, { privileges, roles, authenticationRestrictions }) => {
        if (this.#exists({ role: name, db })) throw new Refusal(`Role "${name}@${db}" already exists`);
        const inherits = this.#known(list(roles, 'roles'));
        this.#staysInDatabase(db, inherits, list(privileges, 'privileges'));
        const restrictions = authenticationRestrictions === undefined ? [] : list(authenticationRestrictions, 'a');
        this.#roles.set(id(db, name), { grants: new Map(), inherits, restrictions });
        this.#grant(id(db, name), list(privileges, 'privileges'));
      },
    },
    grantPrivilegesToRole: {
      fields: ['privileges'],
      run: (db, name, { privileges }) => {
        this.#role(db, name);
        this.#staysInDatabase(db, new Map(), some(privileges, 'privileges'));
        this.#grant(id(db, name), some(privileges, 'privileges'));
      },
    },
    revokePrivilegesFromRole: {
      fields: ['privileges'],
      run: (db, name, { privileges }) => {
        const { grants } = this.#role(db, name);
        for (const { resource, actions } of some(privileges, 'privileges') as Document[]) {
          const key = resourceText(resource as Document);
          const held = grants.get(key);
          const taken = list(actions, 'actions').map(String);
          if (held?.has('anyAction') && !taken.includes('anyAction'))
            throw new Refusal('not known: anyAction without some');
          if (taken.includes('anyAction')) held?.clear();
          for (const action of taken) held?.delete(action);
          if (grants.get(key)?.size === 0) grants.delete(key);
        }
      },
    },
    grantRolesToRole: {
      fields: ['roles'],
      run: (db, name, { roles }) => {
        const role = this.#role(db, name);
        const added = this.#known(some(roles, 'roles'));
        this.#staysInDatabase(db, added, []);
        for (const [key] of added) {
          if (this.#reaches(key, id(db, name))) throw new Refusal(`Granting ${key} to ${db}.${name} would be a cycle`);
        }
        for (const [key, reference] of added) role.inherits.set(key, reference);
      },
    },
    revokeRolesFromRole: {
      fields: ['roles'],
      run: (db, name, { roles }) => {
        const role = this.#role(db, name);
        for (const key of references(some(roles, 'roles')).keys()) role.inherits.delete(key);
      },
    },
    updateRole: {
      fields: ['privileges', 'authenticationRestrictions'],
      run: (db, name, { privileges, authenticationRestrictions }) => {
        if (privileges === undefined && authenticationRestrictions === undefined) {
          throw new Refusal('updateRole must change something');
        }
        const role = this.#role(db, name);
        if (privileges !== undefined) {
          this.#staysInDatabase(db, new Map(), list(privileges, 'privileges'));
          role.grants.clear();
          this.#grant(id(db, name), list(privileges, 'privileges'));
        }
        if (authenticationRestrictions !== undefined) {
          role.restrictions = list(authenticationRestrictions, 'authenticationRestrictions');
        }
      },
    },
    dropRole: {
      fields: [],
      run: (db, name) => {
        this.#role(db, name);
        this.#roles.delete(id(db, name));
        for (const { inherits } of this.#roles.values()) inherits.delete(id(db, name));
        for (const { holds } of this.#users.values()) holds.delete(id(db, name));
      },
    },
    createUser: {
      fields: ['pwd', 'roles', 'customData', 'mechanisms', 'authenticationRestrictions'],
      run: (db, name, { pwd, roles, customData, mechanisms, authenticationRestrictions }) => {
        if (this.#users.has(id(db, name))) throw new Refusal(`User "${name}@${db}" already exists`);
        const external = db === '$external';
        if (external && pwd !== undefined) throw new Refusal('Cannot set the password for users defined on $external');
        if (!external && pwd === undefined) throw new Refusal("Must provide a 'pwd' field");
        if (external && mechanisms !== undefined) throw new Refusal('$external users have no SCRAM mechanisms');
        this.#users.set(id(db, name), {
          holds: this.#known(list(roles, 'roles')),
          mechanisms: mechanisms === undefined ? BOTH_MECHANISMS : list(mechanisms, 'mechanisms').map(String),
          restrictions: authenticationRestrictions === undefined ? [] : list(authenticationRestrictions, 'a'),
          customData: (customData ?? {}) as Document,
        });
      },
    },
    grantRolesToUser: {
      fields: ['roles'],
      run: (db, name, { roles }) => {
        const { holds } = this.#user(db, name);
        for (const [key, reference] of this.#known(some(roles, 'roles'))) holds.set(key, reference);
      },
    },
    revokeRolesFromUser: {
      fields: ['roles'],
      run: (db, name, { roles }) => {
        const { holds } = this.#user(db, name);
        for (const key of references(some(roles, 'roles')).keys()) holds.delete(key);
      },
    },
    updateUser: {
      fields: ['pwd', 'customData', 'mechanisms', 'authenticationRestrictions'],
      run: (db, name, command) => {
        const user = this.#user(db, name);
        const { pwd, customData, mechanisms, authenticationRestrictions } = command;
        if (Object.keys(command).length < 2) throw new Refusal('updateUser must change something');
        if (mechanisms !== undefined || pwd !== undefined) {
          const wanted = mechanisms === undefined ? BOTH_MECHANISMS : list(mechanisms, 'mechanisms').map(String);
          if (pwd === undefined && wanted.some((mechanism) => !user.mechanisms.includes(mechanism))) {
            throw new Refusal('mechanisms field must be a subset of previously set mechanisms');
          }
          user.mechanisms = wanted;
        }
        if (authenticationRestrictions !== undefined) user.restrictions = list(authenticationRestrictions, 'a');
        if (customData !== undefined) user.customData = customData as Document;
      },
    },
    dropUser: {
      fields: [],
      run: (db, name) => {
        this.#user(db, name);
        this.#users.delete(id(db, name));
      },
    },
    create: {
      fields: ['validator', 'validationLevel', 'validationAction'],
      run: (db, name, { create, ...options }) => {
        if (this.#collections.has(id(db, name))) throw new Refusal(`Collection ${db}.${name} already exists`);
        this.#collections.set(id(db, name), {
          options,
          indexes: new Map([['_id_', { v: 2, key: { _id: 1 }, name: '_id_' }]]),
        });
      },
    },
    collMod: {
      fields: ['validator', 'validationLevel', 'validationAction'],
      run: (db, name, { collMod, ...options }) => {
        const collection = this.#collection(db, name);
        collection.options = { ...collection.options, ...options };
        if (Object.keys((options['validator'] ?? { kept: true }) as object).length === 0) {
          delete collection.options['validator'];
        }
      },
    },
    createIndexes: {
      fields: ['indexes'],
      run: (db, name, { indexes }) => {
        const collection = this.#collection(db, name);
        for (const index of some(indexes, 'indexes') as Document[]) {
          collection.indexes.set(String(index['name']), { ...index });
        }
      },
    },
    dropIndexes: {
      fields: ['index'],
      run: (db, name, { index }) => {
        const { indexes } = this.#collection(db, name);
        if (index === '_id_') throw new Refusal('cannot drop _id index');
        if (!indexes.delete(String(index))) throw new Refusal(`index not found with name [${String(index)}]`);
      },
    },
    update: {
      fields: ['updates'],
      run: (db, name, { updates }) => {
        if (db !== 'mongoward' || name !== 'objects') throw new Refusal(`not authorized on ${db}.${name}`);
        for (const { q, u, upsert } of some(updates, 'updates') as Document[]) {
          const { _id } = q as Document;
          if (upsert !== true && !this.#objects.has(String(_id))) continue;
          this.#objects.set(String(_id), { ...(u as Document), _id });
        }
      },
    },
    delete: {
      fields: ['deletes'],
      run: (db, name, { deletes }) => {
        if (db !== 'mongoward' || name !== 'objects') throw new Refusal(`not authorized on ${db}.${name}`);
        for (const { q, limit } of some(deletes, 'deletes') as Document[]) {
          if (limit !== 1) throw new Refusal('the record is cleared entry by entry');
          this.#objects.delete(String((q as Document)['_id']));
        }
      },
    },
  };

  #role(db: string, name: string): StoredRole {
    const found = this.#roles.get(id(db, name));
    if (found === undefined) throw new Refusal(`Could not find role ${name}@${db}`);
    return found;
  }

  #user(db: string, name: string): StoredUser {
    const found = this.#users.get(id(db, name));
    if (found === undefined) throw new Refusal(`Could not find user ${name}@${db}`);
    return found;
  }

  #collection(db: string, name: string): StoredCollection {
    const found = this.#collections.get(id(db, name));
    if (found === undefined) throw new Refusal(`ns does not exist: ${db}.${name}`);
    return found;
  }

  #exists({ role, db }: Reference): boolean {
    return this.#roles.has(id(db, role)) || EVERYWHERE.has(role) || (IN_ADMIN.has(role) && db === 'admin');
  }

  #known(roles: readonly unknown[]): Map<string, Reference> {
    const found = references(roles);
    for (const [key, reference] of found) {
      if (!this.#exists(reference)) throw new Refusal(`Could not find role: ${key}`);
    }
    return found;
  }

  #staysInDatabase(db: string, inherits: ReadonlyMap<string, Reference>, privileges: readonly unknown[]): void {
    if (db === 'admin') return;
    for (const reference of inherits.values()) {
      if (reference.db !== db) throw new Refusal(`Roles on the '${db}' database cannot be granted those of others`);
    }
    for (const { resource } of privileges as Document[]) {
      if ((resource as Document)['db'] !== db) throw new Refusal(`Roles on '${db}' cannot hold privileges elsewhere`);
    }
  }

  #grant(key: string, privileges: readonly unknown[]): void {
    const grants = this.#roles.get(key)?.grants;
    for (const { resource, actions } of privileges as Document[]) {
      const text = resourceText(resource as Document);
      const held = grants?.get(text) ?? new Set<string>();
      for (const action of list(actions, 'actions')) held.add(String(action));
      grants?.set(text, held.has('anyAction') ? new Set(['anyAction']) : held);
    }
  }

  #reaches(from: string, goal: string): boolean {
    const seen = new Set<string>();
    const open = [from];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (key === goal) return true;
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(...(this.#roles.get(key)?.inherits.keys() ?? []));
    }
    return false;
  }
}

function id(db: string, name: string): string {
  return `${db}\0${name}`;
}

function named(key: string): readonly [db: string, name: string] {
  const [db = '', name = ''] = key.split('\0');
  return [db, name];
}

function references(roles: readonly unknown[]): Map<string, Reference> {
  return new Map((roles as readonly Reference[]).map(({ role, db }) => [id(db, role), { role, db }]));
}

function resourceText(resource: Document): string {
  return JSON.stringify(Object.fromEntries(Object.entries(resource).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function list(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal(`"${field}" must be a list`);
  return value;
}

function some(value: unknown, field: string): readonly unknown[] {
  const found = list(value, field);
  if (found.length === 0) throw new Refusal(`"${field}" must not be empty`);
  return found;
}
