import { privilege, refs, role } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const RESTRICTIONS = [{ clientSource: ['10.0.0.1'] }];
const made = role('a@app', { 'app.y': ['find'] }, ['read@app']);

specify({
  change: { kind: 'createRole', after: made },
  heading: '+ create role a@app',
  from: { roles: [] },
  to: { roles: [made] },
  moves: [],
  undone: [{ kind: 'dropRole', before: made }],
  entry: `# 1. create role a@app, undone by: dropRole
- kind: createRole
  target: { role: a, db: app }
  reason: why
  after:
    privileges:
      - { resource: { db: app, collection: y }, actions: [ find ] }
    roles: [ { role: read, db: app } ]`,
});

specifyCommands({
  createRole: [
    { kind: 'createRole', after: made },
    { db: 'app', command: { createRole: 'a', privileges: [privilege('app.y', 'find')], roles: refs('read@app') } },
  ],
  'createRole with restrictions': [
    { kind: 'createRole', after: { ...role('a@admin'), authenticationRestrictions: RESTRICTIONS } },
    { db: 'admin', command: { createRole: 'a', privileges: [], roles: [], authenticationRestrictions: RESTRICTIONS } },
  ],
});
