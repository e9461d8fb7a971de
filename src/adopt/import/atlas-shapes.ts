/** What Atlas calls differently from MongoDB: actions in capitals, roles on one collection, custom roles that all are of `admin`. */
import { knownActions } from '../../model/catalogue.ts';
import { type Command, fieldOf, isUnresolved, listOf, type Node, node, textOf, unresolved } from './node.ts';
import { type Declared, declare, documentNode, mapItems } from './resource-commands.ts';

/** `BYPASS_DOCUMENT_VALIDATION` → `bypassDocumentValidation` */
const ACTIONS: ReadonlyMap<string, string> = new Map(
  knownActions().map((action) => [action.toLowerCase(), action] as const),
);

export function atlasAction(action: Node): Node {
  const text = textOf(action);
  if (text === undefined) return action;
  const known = ACTIONS.get(text.replaceAll('_', '').toLowerCase());
  return known === undefined
    ? unresolved(`the action ${text} (only Atlas has that)`, action.line)
    : node(known, action.line);
}

/** One action with its resources, as MongoDB's privileges. */
export function atlasPrivileges(action: Node, resources: readonly Node[], names: ResourceNames): readonly Node[] {
  const actions = node([atlasAction(action)], action.line);
  return resources.map((resource) =>
    documentNode(resource.line, { resource: atlasResource(resource, names), actions }),
  );
}

interface ResourceNames {
  readonly database: string;
  readonly collection: string;
}

/** Examples of the Terraform provider have it where they seem to mean every database. */
const ANY_DATABASE = 'anyDatabase';

function atlasResource(resource: Node, { database, collection }: ResourceNames): Node {
  const cluster = fieldOf(resource, 'cluster');
  if (cluster?.data === true || textOf(cluster) === 'true') {
    return documentNode(resource.line, { cluster: node(true, resource.line) });
  }
  const any = node('', resource.line);
  const named = (key: string): Node => {
    const found = fieldOf(resource, key);
    if (found === undefined || found.data === null) return any;
    return key === database && textOf(found) === ANY_DATABASE
      ? unresolved(`the database ${ANY_DATABASE} (a name, or all of them)`, resource.line)
      : found;
  };
  return documentNode(resource.line, { db: named(database), collection: named(collection) });
}

/** A role of a user; one on a single collection is Atlas' alone. */
export function atlasRoles(
  roles: Node | undefined,
  { role, db, collection }: { readonly role: string; readonly db: string; readonly collection: string },
): Node | undefined {
  return mapItems(roles, (item) => {
    const only = fieldOf(item, collection);
    if (only !== undefined && only.data !== null && textOf(only) !== '') {
      return unresolved(`a role on the one collection ${textOf(only) ?? ''} (only Atlas has that)`, item.line);
    }
    return documentNode(item.line, { role: fieldOf(item, role), db: fieldOf(item, db) });
  });
}

/** A group of LDAP or of an identity provider: to MongoDB it is a role of `admin`, which its members hold. */
const GROUPS = new Set(['GROUP', 'IDP_GROUP']);

export interface AtlasAccount extends Omit<Declared, 'fields'> {
  readonly password?: Node | undefined;
  readonly roles: Node | undefined;
  readonly scopes: Node | undefined;
  /** When Atlas deletes it. */
  readonly until?: Node | undefined;
}

/** `logins`: how it logs in, for each way. By a certificate, LDAP, AWS or OIDC it is a user of `$external`. */
export function atlasAccount(account: AtlasAccount, logins: readonly (Node | undefined)[]): Command {
  const { password: pwd, roles, scopes, until, ...common } = account;
  const named = logins.map((login) => textOf(login) ?? 'NONE').filter((login) => login !== 'NONE');
  const beyond = beyondPolicies(scopes, until);
  const more = beyond === undefined ? {} : { beyond };
  if (named.some((login) => GROUPS.has(login))) {
    const { line } = common;
    return { ...declare('createRole', { ...common, db: node('admin', line), fields: { roles } }), ...more };
  }
  const open = logins.find((login) => login !== undefined && isUnresolved(login.data));
  return {
    ...declare('createUser', {
      ...common,
      db: common.db ?? (named.length > 0 ? node('$external', common.line) : undefined),
      uncertain: common.uncertain ?? (open && 'whether it is a user or a group hangs on how it logs in'),
      fields: { pwd, roles },
    }),
    ...more,
  };
}

function beyondPolicies(scopes: Node | undefined, until: Node | undefined): string | undefined {
  const clusters = items(scopes).map((scope) => textOf(fieldOf(scope, 'name')) ?? '…');
  const parts = [
    ...(clusters.length > 0 ? [`its scopes, by which it is on ${clusters.join(', ')} alone`] : []),
    ...(until === undefined || until.data === null
      ? []
      : [`its end, as Atlas deletes it after ${textOf(until) ?? '…'}`]),
  ];
  return parts.length > 0 ? parts.join('; without ') : undefined;
}

export function items(value: Node | undefined): readonly Node[] {
  return value === undefined ? [] : (listOf(value) ?? [value]);
}
