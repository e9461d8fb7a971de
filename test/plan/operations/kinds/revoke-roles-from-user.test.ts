import { refs, role, user } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const roles = [role('a@x', { 'x.y': ['find'] })];
const before = user('u@admin', ['a@x']);
const after = user('u@admin', []);

specify({
  change: { kind: 'revokeRolesFromUser', before, after },
  heading: '~ revoke roles from user u@admin',
  from: { roles, users: [before] },
  to: { roles, users: [after] },
  moves: ['-find on x.y: u@admin'],
  undone: [{ kind: 'grantRolesToUser', before: after, after: before }],
  entry: `# 1. revoke roles from user u@admin, undone by: grantRolesToUser
- kind: revokeRolesFromUser
  target: { user: u, db: admin }
  reason: why
  before: { roles: [ { role: a, db: x } ] }
  roles: [ { role: a, db: x } ]`,
});

specifyCommands({
  revokeRolesFromUser: [
    { kind: 'revokeRolesFromUser', before, after },
    { db: 'admin', command: { revokeRolesFromUser: 'u', roles: refs('a@x') } },
  ],
});
