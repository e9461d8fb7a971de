/** Resources of the Terraform providers for MongoDB, as the commands that they come to. */
import { atlasAccount, atlasPrivileges, atlasRoles, items } from './atlas-shapes.ts';
import { type Command, fieldOf, type Node, node } from './node.ts';
import { declare, documentNode, mapItems, renamed } from './resource-commands.ts';

export interface Resource {
  readonly file: string;
  readonly type: string;
  readonly body: Node;
  readonly uncertain?: string | undefined;
}

type Make = (resource: Resource) => Command;

/** Provider megum1n/mongodb: a role is one of `admin` where no database is said. */
function ofAdmin(item: Node): Node {
  const role = fieldOf(item, 'role');
  return role === undefined
    ? item
    : documentNode(item.line, { role, db: fieldOf(item, 'db') ?? node('admin', item.line) });
}

/** Providers mongodb/mongodbatlas; Kaginari/mongodb with those made from it; megum1n/mongodb. */
const KINDS: Readonly<Record<string, Make>> = {
  mongodbatlas_database_user: atlasUser,
  mongodbatlas_custom_db_role: atlasRole,
  mongodb_db_user: userBy({ name: ['name'], db: ['auth_database'], roles: (body) => listAt(body, 'role') }),
  mongodb_db_role: roleBy({
    privileges: (body) => mapItems(listAt(body, 'privilege'), privilege),
    roles: (body) => listAt(body, 'inherited_role'),
  }),
  mongodb_user: userBy({
    name: ['username', 'name'],
    db: ['database', 'auth_database'],
    roles: (body) => mapItems(listAt(body, 'roles'), ofAdmin),
  }),
  mongodb_role: roleBy({
    privileges: (body) => listAt(body, 'privileges'),
    roles: (body) => mapItems(listAt(body, 'roles'), ofAdmin),
  }),
};

export const RESOURCE_TYPES: ReadonlySet<string> = new Set(Object.keys(KINDS));

export function commandFor(resource: Resource): Command | undefined {
  return KINDS[resource.type]?.(resource);
}

function atlasUser({ file, body, uncertain }: Resource): Command {
  return atlasAccount(
    {
      file,
      line: body.line,
      name: fieldOf(body, 'username'),
      db: fieldOf(body, 'auth_database_name') ?? fieldOf(body, 'database_name'),
      uncertain,
      password: fieldOf(body, 'password'),
      roles: atlasRoles(fieldOf(body, 'roles'), {
        role: 'role_name',
        db: 'database_name',
        collection: 'collection_name',
      }),
      scopes: fieldOf(body, 'scopes'),
    },
    ['x509_type', 'ldap_auth_type', 'aws_iam_type', 'oidc_auth_type'].map((key) => fieldOf(body, key)),
  );
}

function atlasRole({ file, body, uncertain }: Resource): Command {
  const privileges = items(fieldOf(body, 'actions')).flatMap((action) =>
    atlasPrivileges(fieldOf(action, 'action') ?? action, items(fieldOf(action, 'resources')), {
      database: 'database_name',
      collection: 'collection_name',
    }),
  );
  return declare('createRole', {
    file,
    line: body.line,
    name: fieldOf(body, 'role_name'),
    db: undefined,
    uncertain,
    fields: {
      privileges: node(privileges, body.line),
      roles: mapItems(fieldOf(body, 'inherited_roles'), (item) =>
        renamed(item, { role_name: 'role', database_name: 'db' }),
      ),
    },
  });
}

/** By the first of these fields that is there. */
function userBy(fields: { readonly name: Keys; readonly db: Keys; readonly roles: Lists }): Make {
  return ({ file, body, uncertain }) =>
    declare('createUser', {
      file,
      line: body.line,
      name: firstOf(body, fields.name),
      db: firstOf(body, fields.db),
      uncertain,
      fields: {
        pwd: fieldOf(body, 'password'),
        roles: fields.roles(body),
        mechanisms: filled(fieldOf(body, 'mechanisms')),
      },
    });
}

function roleBy(fields: { readonly privileges: Lists; readonly roles: Lists }): Make {
  return ({ file, body, uncertain }) =>
    declare('createRole', {
      file,
      line: body.line,
      name: fieldOf(body, 'name'),
      db: fieldOf(body, 'database'),
      uncertain,
      fields: { privileges: fields.privileges(body), roles: fields.roles(body) },
    });
}

type Keys = readonly string[];
type Lists = (body: Node) => Node | undefined;

/** In a state, what nobody said is null or empty. */
function filled(value: Node | undefined): Node | undefined {
  const isEmpty = value === undefined || value.data === null || (Array.isArray(value.data) && value.data.length === 0);
  return isEmpty ? undefined : value;
}

function firstOf(body: Node, keys: Keys): Node | undefined {
  return keys.map((key) => fieldOf(body, key)).find((found) => found !== undefined);
}

/** What is not said is empty. */
function listAt(body: Node, key: string): Node {
  return fieldOf(body, key) ?? node([], body.line);
}

function privilege(item: Node): Node {
  const cluster = fieldOf(item, 'cluster');
  const resource =
    cluster?.data === true
      ? { cluster }
      : { db: fieldOf(item, 'db'), collection: fieldOf(item, 'collection') ?? node('', item.line) };
  return documentNode(item.line, { resource: documentNode(item.line, resource), actions: fieldOf(item, 'actions') });
}
