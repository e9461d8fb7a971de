import { privilege, role, user } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const before = role('a@admin', { 'x.y': ['anyAction'], 'x.z': ['find', 'insert'] });
const after = role('a@admin', { 'x.y': ['find'], 'x.z': ['find'] });
const users = [user('u@admin', ['a@admin'])];

specify({
  change: { kind: 'revokePrivilegesFromRole', before, after },
  heading: '~ revoke privileges from role a@admin',
  from: { roles: [before], users },
  to: { roles: [after], users },
  moves: ['-anyAction on x.y: u@admin', '-insert on x.z: u@admin'],
  undone: [{ kind: 'grantPrivilegesToRole', before: after, after: before }],
  entry: `# 1. revoke privileges from role a@admin, undone by: grantPrivilegesToRole
- kind: revokePrivilegesFromRole
  target: { role: a, db: admin }
  reason: why
  before:
    privileges:
      - { resource: { db: x, collection: y }, actions: [ anyAction ] }
      - { resource: { db: x, collection: z }, actions: [ find, insert ] }
    roles: []
  privileges:
    - { resource: { db: x, collection: y }, actions: [ anyAction ] }
    - { resource: { db: x, collection: z }, actions: [ insert ] }
  kept:
    - { resource: { db: x, collection: y }, actions: [ find ] }`,
});

specifyCommands({
  revokePrivilegesFromRole: [
    {
      kind: 'revokePrivilegesFromRole',
      before: role('a@admin', { 'x.y': ['find', 'insert'] }),
      after: role('a@admin', { 'x.y': ['find'] }),
    },
    { db: 'admin', command: { revokePrivilegesFromRole: 'a', privileges: [privilege('x.y', 'insert')] } },
  ],
  'revokePrivilegesFromRole of anyAction, beside which the server keeps no other action,': [
    { kind: 'revokePrivilegesFromRole', before, after },
    { db: 'admin', command: { updateRole: 'a', privileges: [privilege('x.y', 'find'), privilege('x.z', 'find')] } },
  ],
});
