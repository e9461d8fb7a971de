import { role } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const change = { kind: 'dropRole', before: role('a@app', { 'app.y': ['find'] }) } as const;

specify({
  change,
  heading: '- drop role a@app',
  from: { roles: [change.before] },
  to: { roles: [] },
  moves: [],
  undone: [{ kind: 'createRole', after: change.before }],
  entry: `# 1. drop role a@app, undone by: createRole
- kind: dropRole
  target: { role: a, db: app }
  reason: why
  before:
    privileges:
      - { resource: { db: app, collection: y }, actions: [ find ] }
    roles: []`,
});

specifyCommands({ dropRole: [change, { db: 'app', command: { dropRole: 'a' } }] });
