/** Resources of the Atlas Kubernetes operator. */
import { atlasPrivileges, atlasRoles, isExternal, items } from './atlas-shapes.ts';
import { type Command, fieldOf, type Node, node, type Reader, type ReadFile, textOf, together } from './node.ts';
import { declare, mapItems, renamed } from './resource-commands.ts';
import { yamlNodes } from './yaml-nodes.ts';

/** `AtlasDatabaseUser`, `AtlasCustomRole`, and `customRoles` of an `AtlasProject`. */
export const readAtlasResources: Reader = (files) => together(files.map(({ file, text }) => readResources(file, text)));

function readResources(file: string, text: string): ReadFile {
  const { documents, notes } = yamlNodes(file, text, {
    wanted: /Atlas(DatabaseUser|CustomRole|Project)\b/,
    templates: true,
  });
  const commands = documents.flatMap((document): readonly Command[] => {
    const spec = fieldOf(document, 'spec');
    if (spec === undefined) return [];
    switch (textOf(fieldOf(document, 'kind'))) {
      case 'AtlasDatabaseUser':
        return [userCommand(file, spec)];
      case 'AtlasCustomRole': {
        const role = fieldOf(spec, 'role');
        return role === undefined ? [] : [roleCommand(file, role)];
      }
      case 'AtlasProject':
        return items(fieldOf(spec, 'customRoles')).map((role) => roleCommand(file, role));
      default:
        return [];
    }
  });
  return { commands, notes };
}

function userCommand(file: string, spec: Node): Command {
  const external = isExternal([fieldOf(spec, 'x509Type'), fieldOf(spec, 'oidcAuthType'), fieldOf(spec, 'awsIamType')]);
  return declare('createUser', {
    file,
    line: spec.line,
    name: fieldOf(spec, 'username'),
    db: fieldOf(spec, 'databaseName') ?? (external ? node('$external', spec.line) : undefined),
    fields: {
      roles: atlasRoles(fieldOf(spec, 'roles'), { role: 'roleName', db: 'databaseName', collection: 'collectionName' }),
    },
  });
}

function roleCommand(file: string, role: Node): Command {
  const privileges = items(fieldOf(role, 'actions')).flatMap((action) =>
    atlasPrivileges(fieldOf(action, 'name') ?? action, items(fieldOf(action, 'resources')), {
      database: 'database',
      collection: 'collection',
    }),
  );
  return declare('createRole', {
    file,
    line: role.line,
    name: fieldOf(role, 'name'),
    db: undefined,
    fields: {
      privileges: node(privileges, role.line),
      roles: mapItems(fieldOf(role, 'inheritedRoles'), (item) => renamed(item, { name: 'role', database: 'db' })),
    },
  });
}
