import { user } from '../../../support/build.ts';
import { SECRET, specify, specifyCommands } from './specify.ts';

const form = user('u@admin', [], { mechanisms: ['SCRAM-SHA-256'] });
const change = { kind: 'rotatePassword', before: form, after: form, password: { fromFile: 'p.txt' } } as const;

specify({
  change,
  heading: '~ set a new password for user u@admin',
  from: { users: [form] },
  to: { users: [form] },
  moves: [],
  undone: ['the password that it had before is not known'],
  entry: `# 1. set a new password for user u@admin
# undone by: nothing, the password that it had before is not known
- kind: rotatePassword
  target: { user: u, db: admin }
  reason: why
  password: { fromFile: p.txt }
  before:
    roles: []
    mechanisms: [ SCRAM-SHA-256 ]`,
});

specifyCommands({
  rotatePassword: [
    change,
    { db: 'admin', command: { updateUser: 'u', pwd: SECRET, mechanisms: ['SCRAM-SHA-256'] } },
    SECRET,
  ],
});
