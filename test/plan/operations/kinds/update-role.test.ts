import { role, user } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const RESTRICTIONS = [{ clientSource: ['10.0.0.1'] }];
const open = role('a@admin', { 'x.y': ['find'] });
const restricted = { ...open, authenticationRestrictions: RESTRICTIONS };
const users = [user('u@admin', ['a@admin'])];

specify({
  change: { kind: 'updateRole', before: open, after: restricted },
  heading: '~ change restrictions of role a@admin',
  from: { roles: [open], users },
  to: { roles: [restricted], users },
  moves: [],
  undone: [{ kind: 'updateRole', before: restricted, after: open }],
  entry: `# 1. change restrictions of role a@admin, undone by: updateRole
- kind: updateRole
  target: { role: a, db: admin }
  reason: why
  before:
    privileges:
      - { resource: { db: x, collection: y }, actions: [ find ] }
    roles: []
  after:
    authenticationRestrictions:
      - { clientSource: [ 10.0.0.1 ] }`,
});

specifyCommands({
  updateRole: [
    { kind: 'updateRole', before: open, after: restricted },
    { db: 'admin', command: { updateRole: 'a', authenticationRestrictions: RESTRICTIONS } },
  ],
  'updateRole that takes the restrictions away': [
    { kind: 'updateRole', before: restricted, after: open },
    { db: 'admin', command: { updateRole: 'a', authenticationRestrictions: [] } },
  ],
});
