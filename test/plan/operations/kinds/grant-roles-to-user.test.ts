import { refs, role, user } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const roles = [role('a@x', { 'x.y': ['find'] })];
const before = user('u@admin', []);
const after = user('u@admin', ['a@x']);

specify({
  change: { kind: 'grantRolesToUser', before, after },
  heading: '~ grant roles to user u@admin',
  from: { roles, users: [before] },
  to: { roles, users: [after] },
  moves: ['+find on x.y: u@admin'],
  undone: [{ kind: 'revokeRolesFromUser', before: after, after: before }],
  entry: `# 1. grant roles to user u@admin, undone by: revokeRolesFromUser
- kind: grantRolesToUser
  target: { user: u, db: admin }
  reason: why
  before: { roles: [] }
  roles: [ { role: a, db: x } ]`,
});

specifyCommands({
  grantRolesToUser: [
    { kind: 'grantRolesToUser', before, after },
    { db: 'admin', command: { grantRolesToUser: 'u', roles: refs('a@x') } },
  ],
});
