import { refs, role, user } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const before = role('a@admin', {}, ['b@x', 'c@x']);
const after = role('a@admin', {}, ['b@x']);
const others = [role('b@x'), role('c@x', { 'x.y': ['find'] })];
const users = [user('u@admin', ['a@admin'])];

specify({
  change: { kind: 'revokeRolesFromRole', before, after },
  heading: '~ revoke roles from role a@admin',
  from: { roles: [before, ...others], users },
  to: { roles: [after, ...others], users },
  moves: ['-find on x.y: u@admin'],
  undone: [{ kind: 'grantRolesToRole', before: after, after: before }],
  entry: `# 1. revoke roles from role a@admin, undone by: grantRolesToRole
- kind: revokeRolesFromRole
  target: { role: a, db: admin }
  reason: why
  before:
    privileges: []
    roles: [ { role: b, db: x }, { role: c, db: x } ]
  roles: [ { role: c, db: x } ]`,
});

specifyCommands({
  revokeRolesFromRole: [
    { kind: 'revokeRolesFromRole', before, after },
    { db: 'admin', command: { revokeRolesFromRole: 'a', roles: refs('c@x') } },
  ],
});
