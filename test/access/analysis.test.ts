import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Accounts, assess } from '../../src/access/analysis.ts';
import { type Circumstances, techniquesOn } from '../../src/access/techniques.ts';
import { formatUser } from '../../src/model/names.ts';
import type { Outcome } from '../../src/model/outcomes.ts';
import { collectionTarget } from '../../src/model/resource.ts';
import type { User } from '../../src/model/role.ts';
import { privilege, role, user } from '../support/build.ts';
import { MENDED } from '../support/circumstances.ts';

const LOGS = collectionTarget({ db: 'audit', collection: 'logs' });

function principals(accounts: Accounts, outcome: Outcome, given: Partial<Circumstances> = {}) {
  const circumstances = { ...MENDED, ...given };
  const techniques = techniquesOn(LOGS, circumstances).filter(({ outcomes }) => outcomes.includes(outcome));
  return assess(accounts, circumstances.version, techniques).who(techniques);
}

/** `kind: path`, for each account that can. */
function who(accounts: Accounts, outcome: Outcome, given: Partial<Circumstances> = {}): readonly string[] {
  return principals(accounts, outcome, given).map(({ kind, path }) => `${kind}: ${path.join(' → ')}`);
}

test('an account that can is told with its way, its steps and the privilege that they rest on', () => {
  const accounts = {
    roles: [role('a@admin', {}, ['b@audit']), role('b@audit', { 'audit.logs': ['find', 'remove'] })],
    users: [user('u@admin', ['a@admin']), user('none@admin', ['read@other'])],
  };
  const [found, ...others] = principals(accounts, 'alter');
  assert.deepEqual(others, []);
  assert.ok(found);
  const { technique, ...rest } = found;
  assert.equal(technique.id, 'remove');
  assert.deepEqual(rest, {
    user: user('u@admin', ['a@admin']),
    kind: 'direct',
    path: ['u@admin', 'a@admin', 'b@audit'],
    steps: ['delete documents of audit.logs'],
    privilege: privilege('audit.logs', 'find', 'remove'),
    action: 'remove',
    also: [],
  });
});

test("built-in roles count by the release's catalogue", () => {
  const users = ['readWrite@audit', 'read@audit', 'userAdmin@audit', 'root@admin', 'dbOwner@other'].map((name) =>
    user(`${name.split('@').join('-')}@admin`, [name]),
  );
  assert.deepEqual(who({ roles: [], users }, 'alter'), [
    'direct: readWrite-audit@admin → readWrite@audit',
    'escalation: userAdmin-audit@admin → userAdmin@audit',
    'direct: root-admin@admin → root@admin',
  ]);
});

test('nobody can on the strength of a role that does not exist, or of a cycle', () => {
  const roles = [role('a@admin', {}, ['b@admin']), role('b@admin', {}, ['a@admin', 'nobody@admin'])];
  assert.deepEqual(who({ roles, users: [user('u@admin', ['a@admin', 'gone@admin'])] }, 'alter'), []);
});

test('bits travel around a cycle', () => {
  const roles = [
    role('a@admin', {}, ['b@admin']),
    role('b@admin', { 'audit.logs': ['remove'] }, ['c@admin']),
    role('c@admin', {}, ['a@admin']),
  ];
  const users = ['a@admin', 'b@admin', 'c@admin'].map((name) => user(`of-${name}`, [name]));
  assert.deepEqual(who({ roles, users }, 'alter'), [
    'direct: of-a@admin → a@admin → b@admin',
    'direct: of-b@admin → b@admin',
    'direct: of-c@admin → c@admin → a@admin → b@admin',
  ]);
});

const REMOVER = role('remover@admin', { 'audit.logs': ['remove'] });

test('who may set the password of one who can, can too', () => {
  const accounts = {
    roles: [REMOVER, role('helpdesk@admin', { 'app.*': ['changePassword'] })],
    users: [
      user('able@app', ['remover@admin']),
      user('help@admin', ['helpdesk@admin']),
      user('other@admin', ['read@app']),
    ],
  };
  assert.deepEqual(who(accounts, 'alter'), [
    'direct: able@app → remover@admin',
    'escalation: help@admin → helpdesk@admin → able@app → remover@admin',
  ]);
  assert.deepEqual(principals(accounts, 'alter')[1]?.steps, [
    'set the password of able@app and log in as it',
    'delete documents of audit.logs',
  ]);
});

test('takeovers chain from database to database', () => {
  const setter = (db: string) => role(`setter-${db}@admin`, { [`${db}.*`]: ['changePassword'] });
  const accounts = {
    roles: [REMOVER, setter('one'), setter('two')],
    users: [
      user('last@three', ['setter-two@admin']),
      user('next@two', ['setter-one@admin']),
      user('able@one', ['remover@admin']),
    ],
  };
  assert.deepEqual(who(accounts, 'alter'), [
    'escalation: last@three → setter-two@admin → next@two → setter-one@admin → able@one → remover@admin',
    'escalation: next@two → setter-one@admin → able@one → remover@admin',
    'direct: able@one → remover@admin',
  ]);
  assert.deepEqual(who({ ...accounts, users: accounts.users.slice(0, 2) }, 'alter'), []);
});

test('a right to set passwords must reach the database: an exact collection does not', () => {
  const roles = [REMOVER, role('a@admin', { 'app.system.users': ['changePassword'], 'x.*': ['changePassword'] })];
  const users = [user('able@app', ['remover@admin']), user('u@admin', ['a@admin'])];
  assert.deepEqual(who({ roles, users }, 'alter'), ['direct: able@app → remover@admin']);
});

test('a user of $external has no password that somebody could set', () => {
  const roles = [REMOVER, role('setter@admin', { '$external.*': ['changePassword'], '*.*': ['changePassword'] })];
  const users = [user('CN=able@$external', ['remover@admin']), user('u@admin', ['setter@admin'])];
  assert.deepEqual(who({ roles, users }, 'alter'), ['direct: CN=able@$external → remover@admin']);
});

const INSERTER = role('inserter@admin', { 'audit.logs': ['insert'] });

test('a weakness of the release is told for old releases only, and never hides what a grant allows', () => {
  const accounts = {
    roles: [INSERTER, REMOVER],
    users: [user('both@admin', ['inserter@admin', 'remover@admin']), user('writer@admin', ['inserter@admin'])],
  };
  assert.deepEqual(who(accounts, 'alter', { version: '4.4.4' }), [
    'direct: both@admin → remover@admin',
    'server: writer@admin → inserter@admin',
  ]);
  assert.deepEqual(who(accounts, 'alter', { version: '5.0.0' }), ['direct: both@admin → remover@admin']);
  assert.deepEqual(who(accounts, 'alter', { version: '4.4.4', sharded: true }), ['direct: both@admin → remover@admin']);
});

test('an account that only the release lets through is not worth taking over', () => {
  const accounts = {
    roles: [INSERTER, role('setter@admin', { 'app.*': ['changePassword'] })],
    users: [user('writer@app', ['inserter@admin']), user('u@admin', ['setter@admin'])],
  };
  assert.deepEqual(who(accounts, 'alter', { version: '4.4.4' }), ['server: writer@app → inserter@admin']);
});

test('of several ways the first of the best kind is told, by the first of the shortest paths', () => {
  const roles = [
    role('long@admin', {}, ['remover@admin']),
    role('b@admin', { 'audit.logs': ['remove', 'dropCollection'] }),
    role('granter@admin', { 'audit.*': ['grantRole'] }),
    REMOVER,
  ];
  const held = ['granter@admin', 'long@admin', 'b@admin', 'remover@admin'];
  assert.deepEqual(who({ roles, users: [user('u@admin', held)] }, 'alter'), ['direct: u@admin → b@admin']);
  assert.deepEqual(who({ roles: roles.toReversed(), users: [user('u@admin', held)] }, 'alter'), [
    'direct: u@admin → b@admin',
  ]);
});

test('the answer is in the order of the users', () => {
  const users = ['z@admin', 'a@admin', 'm@app'].map((name) => user(name, ['root@admin']));
  assert.deepEqual(
    principals({ roles: [], users }, 'alter').map((found) => formatUser(found.user)),
    ['z@admin', 'a@admin', 'm@app'],
  );
});

test('a role named __proto__ is a role', () => {
  const accounts = {
    roles: [role('__proto__@admin', { 'audit.logs': ['remove'] })],
    users: [user('__proto__@admin', ['__proto__@admin']), user('constructor@admin', ['toString@admin'])],
  };
  assert.deepEqual(who(accounts, 'alter'), ['direct: __proto__@admin → __proto__@admin']);
});

test('one account is told all its ways, takeovers last', () => {
  const u = user('u@admin', ['mixed@admin']);
  const accounts = {
    roles: [
      REMOVER,
      role('mixed@admin', {
        'audit.*': ['remove', 'grantRole'],
        'app.*': ['changePassword'],
        'admin.*': ['changePassword'],
      }),
    ],
    users: [user('able@app', ['remover@admin']), u],
  };
  const techniques = techniquesOn(LOGS, MENDED).filter(({ outcomes }) => outcomes.includes('alter'));
  const all = (someone: User) =>
    assess(accounts, MENDED.version, techniques)
      .can(someone, techniques)
      .map(({ kind, technique, steps }) => `${kind} ${technique.id} ${steps.length}`);
  assert.deepEqual(all(u), ['direct remove 1', 'escalation grant-role 1', 'escalation remove 2']);
  assert.deepEqual(all(user('stranger@admin', ['mixed@admin'])), []);
});

test('20,000 roles, each inheriting the next, hand their bits on', () => {
  const length = 20_000;
  const roles = Array.from({ length }, (_, index) =>
    role(
      `r${index}@admin`,
      index + 1 < length ? {} : { 'audit.logs': ['remove'] },
      index + 1 < length ? [`r${index + 1}@admin`] : [],
    ),
  );
  const [found] = principals({ roles, users: [user('u@admin', ['r0@admin'])] }, 'alter');
  assert.equal(found?.path.length, length + 1);
});
