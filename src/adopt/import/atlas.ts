/** Resources of the Atlas Kubernetes operator. */
import { atlasAccount, atlasPrivileges, atlasRoles, items } from './atlas-shapes.ts';
import { type Command, fieldOf, type Node, node, type Reader, type ReadFile, textOf, together } from './node.ts';
import { declare, ifMade, mapItems, renamed } from './resource-commands.ts';
import { yamlNodes } from './yaml-nodes.ts';

/** `AtlasDatabaseUser`, `AtlasCustomRole`, and `customRoles` of an `AtlasProject`. */
export const readAtlasResources: Reader = (files) => together(files.map(({ file, text }) => readResources(file, text)));

function readResources(file: string, text: string): ReadFile {
  const { documents, notes, hangsOn } = yamlNodes(file, text, {
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
  return { commands: commands.map((command) => ifMade(command, hangsOn(command.line))), notes };
}

function userCommand(file: string, spec: Node): Command {
  return atlasAccount(
    {
      file,
      line: spec.line,
      name: fieldOf(spec, 'username'),
      db: fieldOf(spec, 'databaseName'),
      roles: atlasRoles(fieldOf(spec, 'roles'), {
        role: 'roleName',
        db: 'databaseName',
        collection: 'collectionName',
      }),
      scopes: fieldOf(spec, 'scopes'),
      until: fieldOf(spec, 'deleteAfterDate'),
    },
    ['x509Type', 'oidcAuthType', 'awsIamType'].map((key) => fieldOf(spec, key)),
  );
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
