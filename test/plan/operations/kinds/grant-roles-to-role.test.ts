import { refs, role, user } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const before = role('a@admin', {}, ['b@x']);
const after = role('a@admin', {}, ['b@x', 'c@x']);
const others = [role('b@x'), role('c@x', { 'x.y': ['find'] })];
const users = [user('u@admin', ['a@admin'])];

specify({
  change: { kind: 'grantRolesToRole', before, after },
  heading: '~ grant roles to role a@admin',
  from: { roles: [before, ...others], users },
  to: { roles: [after, ...others], users },
  moves: ['+find on x.y: u@admin'],
  undone: [{ kind: 'revokeRolesFromRole', before: after, after: before }],
  entry: `# 1. grant roles to role a@admin, undone by: revokeRolesFromRole
- kind: grantRolesToRole
  target: { role: a, db: admin }
  reason: why
  before:
    privileges: []
    roles: [ { role: b, db: x } ]
  roles: [ { role: c, db: x } ]`,
});

specifyCommands({
  grantRolesToRole: [
    { kind: 'grantRolesToRole', before, after },
    { db: 'admin', command: { grantRolesToRole: 'a', roles: refs('c@x') } },
  ],
});
