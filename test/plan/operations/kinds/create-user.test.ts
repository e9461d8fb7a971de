import { refs, role, user } from '../../../support/build.ts';
import { SECRET, specify, specifyCommands } from './specify.ts';

const granting = role('a@x', { 'x.y': ['find'] });
const RESTRICTIONS = [{ clientSource: ['10.0.0.1'] }];
const made = user('u@admin', ['a@x'], {
  mechanisms: ['SCRAM-SHA-256'],
  authenticationRestrictions: RESTRICTIONS,
  customData: { team: 'a' },
});
const change = { kind: 'createUser', after: made, password: { fromEnv: 'P' } } as const;

specify({
  change,
  heading: '+ create user u@admin',
  from: { roles: [granting], users: [] },
  to: { roles: [granting], users: [made] },
  moves: ['+find on x.y: u@admin'],
  undone: [{ kind: 'dropUser', before: made }],
  entry: `# 1. create user u@admin, undone by: dropUser
- kind: createUser
  target: { user: u, db: admin }
  reason: why
  password: { fromEnv: P }
  after:
    roles: [ { role: a, db: x } ]
    mechanisms: [ SCRAM-SHA-256 ]
    authenticationRestrictions:
      - { clientSource: [ 10.0.0.1 ] }
    customData:
      team: a`,
});

specifyCommands({
  createUser: [
    change,
    {
      db: 'admin',
      command: {
        createUser: 'u',
        pwd: SECRET,
        roles: refs('a@x'),
        customData: { team: 'a' },
        mechanisms: ['SCRAM-SHA-256'],
        authenticationRestrictions: RESTRICTIONS,
      },
    },
    SECRET,
  ],
  'createUser in $external': [
    { kind: 'createUser', after: user('CN=x@$external', [], { mechanisms: ['external'] }) },
    { db: '$external', command: { createUser: 'CN=x', roles: [] } },
  ],
});
