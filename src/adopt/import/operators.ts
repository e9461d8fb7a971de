/** Resources of Percona's operator and of MongoDB's own, for clusters that they run themselves. */
import {
  type Command,
  fieldOf,
  type ImportNote,
  isUnresolved,
  listOf,
  type Node,
  type Reader,
  type ReadFile,
  textOf,
  together,
} from './node.ts';
import { declare, documentNode, ifMade, mapItems, renamed } from './resource-commands.ts';
import { yamlNodes } from './yaml-nodes.ts';

type Documents = (file: string, kind: string | undefined, spec: Node, notes: ImportNote[]) => readonly Command[];

function reader(wanted: RegExp, read: Documents): Reader {
  const one = (file: string, text: string): ReadFile => {
    const { documents, notes, hangsOn } = yamlNodes(file, text, { wanted, templates: true });
    const found: ImportNote[] = [...notes];
    const commands = documents.flatMap(resourcesIn).flatMap((document) => {
      const spec = fieldOf(document, 'spec');
      return spec === undefined ? [] : read(file, textOf(fieldOf(document, 'kind')), spec, found);
    });
    return { commands: commands.map((command) => ifMade(command, hangsOn(command.line))), notes: found };
  };
  return (files) => together(files.map(({ file, text }) => one(file, text)));
}

/** A `List` of `kubectl get -o yaml` holds resources. */
function resourcesIn(document: Node): readonly Node[] {
  const items = textOf(fieldOf(document, 'kind'))?.endsWith('List') ? fieldOf(document, 'items') : undefined;
  return items === undefined ? [document] : (listOf(items) ?? []);
}

/** `spec.users` and `spec.roles` of `PerconaServerMongoDB`. */
export const readPercona: Reader = reader(/kind["']?\s*:\s*["']?PerconaServerMongoDB\b/, (file, kind, spec, notes) => {
  if (kind !== 'PerconaServerMongoDB') return [];
  const users = usersIn(file, spec, notes);
  return [...each(file, fieldOf(spec, 'roles'), 'spec.roles', notes).map((role) => roleCommand(file, role)), ...users];
});

/** `spec.users` and `spec.security.roles` of `MongoDBCommunity`, `MongoDB` and such; `MongoDBUser`, `ClusterMongoDBRole`. */
export const readCommunity: Reader = reader(
  /kind["']?\s*:\s*["']?(?:MongoDB(?:Community|MultiCluster|User)?|ClusterMongoDBRole)\b/,
  (file, kind = '', spec, notes) => {
    if (kind === 'MongoDBUser') return [userCommand(file, spec, 'username')];
    if (kind === 'ClusterMongoDBRole') return [roleCommand(file, spec)];
    if (!DEPLOYMENTS.has(kind)) return [];
    const users = usersIn(file, spec, notes);
    const security = fieldOf(spec, 'security');
    const roles = fieldOf(security, 'roles') ?? fieldOf(fieldOf(security, 'authentication'), 'roles');
    return [...each(file, roles, 'spec.security.roles', notes).map((role) => roleCommand(file, role)), ...users];
  },
);

const DEPLOYMENTS = new Set(['MongoDBCommunity', 'MongoDB', 'MongoDBMultiCluster']);

function usersIn(file: string, spec: Node, notes: ImportNote[]): readonly Command[] {
  return each(file, fieldOf(spec, 'users'), 'spec.users', notes).map((user) => userCommand(file, user, 'name'));
}

/** `called`: the field that has the name. */
function userCommand(file: string, user: Node, called: string): Command {
  return declare('createUser', {
    file,
    line: user.line,
    name: fieldOf(user, called),
    db: fieldOf(user, 'db'),
    fields: { roles: mapItems(fieldOf(user, 'roles'), roleNode) },
  });
}

function each(file: string, list: Node | undefined, what: string, notes: ImportNote[]): readonly Node[] {
  const items = list === undefined || list.data === null ? [] : listOf(list);
  if (items !== undefined) {
    for (const { data, line } of items) {
      if (!isUnresolved(data)) continue;
      const message = `an entry of ${what} is left out: it hangs on ${data.unresolved}`;
      notes.push({ file, line, message, lost: true });
    }
    return items.filter(({ data }) => !isUnresolved(data));
  }
  const line = list?.line ?? 1;
  const why = list !== undefined && isUnresolved(list.data) ? 'it is put in by a template' : 'it is no list';
  notes.push({ file, line, message: `${what} is left out: ${why}`, lost: true });
  return [];
}

/** Operators name a role by `name`, MongoDB by `role`. */
function roleNode(item: Node): Node {
  return renamed(item, { name: 'role' });
}

function roleCommand(file: string, role: Node): Command {
  return declare('createRole', {
    file,
    line: role.line,
    name: fieldOf(role, 'role') ?? fieldOf(role, 'name'),
    db: fieldOf(role, 'db'),
    fields: {
      privileges: mapItems(fieldOf(role, 'privileges'), (item) =>
        documentNode(item.line, { resource: fieldOf(item, 'resource'), actions: fieldOf(item, 'actions') }),
      ),
      roles: mapItems(fieldOf(role, 'roles'), roleNode),
      authenticationRestrictions: fieldOf(role, 'authenticationRestrictions'),
    },
  });
}
