import { privilege, role, user } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const before = role('a@admin', { 'x.y': ['find'] });
const after = role('a@admin', { cluster: ['inprog'], 'x.y': ['find', 'insert'] });
const users = [user('u@admin', ['a@admin'])];

specify({
  change: { kind: 'grantPrivilegesToRole', before, after },
  heading: '~ grant privileges to role a@admin',
  from: { roles: [before], users },
  to: { roles: [after], users },
  moves: ['+inprog on cluster: u@admin', '+insert on x.y: u@admin'],
  undone: [{ kind: 'revokePrivilegesFromRole', before: after, after: before }],
  entry: `# 1. grant privileges to role a@admin, undone by: revokePrivilegesFromRole
- kind: grantPrivilegesToRole
  target: { role: a, db: admin }
  reason: why
  before:
    privileges:
      - { resource: { db: x, collection: y }, actions: [ find ] }
    roles: []
  privileges:
    - { resource: { cluster: true }, actions: [ inprog ] }
    - { resource: { db: x, collection: y }, actions: [ insert ] }`,
});

specifyCommands({
  grantPrivilegesToRole: [
    { kind: 'grantPrivilegesToRole', before, after },
    {
      db: 'admin',
      command: {
        grantPrivilegesToRole: 'a',
        privileges: [privilege('cluster', 'inprog'), privilege('x.y', 'insert')],
      },
    },
  ],
});
