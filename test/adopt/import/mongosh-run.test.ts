/** A script that is run makes what was read of it: nothing else than that gets into a policy, whatever variables hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { formatRole, formatUser } from '../../../src/model/names.ts';
import { imported } from './told.ts';

type Roles = readonly (string | { readonly role: string; readonly db: string })[];

/** The users that a script makes in a shell of ours, as `name@db: roles`. */
function run(script: string, env: Readonly<Record<string, string>>): readonly string[] {
  const users = new Map<string, Set<string>>();
  const on = (db: string): object => {
    const key = (name: string): string => `${name}@${db}`;
    const named = (roles: Roles): readonly string[] =>
      roles.map((role) => (typeof role === 'string' ? `${role}@${db}` : `${role.role}@${role.db}`));
    return {
      getSiblingDB: on,
      getUser: (name: string) => users.get(key(name)) ?? null,
      createUser: ({ user, roles }: { readonly user: string; readonly roles: Roles }) =>
        users.set(key(user), new Set(named(roles))),
      dropUser: (name: string) => users.delete(key(name)),
      updateUser: (name: string, { roles }: { readonly roles: Roles }) => users.set(key(name), new Set(named(roles))),
      grantRolesToUser: (name: string, roles: Roles) => {
        for (const role of named(roles)) users.get(key(name))?.add(role);
      },
    };
  };
  const pwd = 'asked';
  runInContext(script, createContext({ db: on('test'), process: { env }, passwordPrompt: () => pwd, print: () => {} }));
  return [...users].map(([user, roles]) => `${user}: ${[...roles].sort().join(' ')}`);
}

const user = (name: string, roles = "['read']", on = 'db'): string =>
  `${on}.createUser({ user: ${name}, pwd: passwordPrompt(), roles: ${roles} });`;

/** What each makes that can be told by reading; of everything else nothing is said. */
const SCRIPTS: Readonly<Record<string, readonly [script: string, read: readonly string[]]>> = {
  'a variable that is assigned again': [
    `let n = 'a'; ${user('n')} n = 'b'; ${user('n')}`,
    ['a@test: read@test', 'b@test: read@test'],
  ],
  'one that is assigned on a condition': [`let n = 'a'; if (process.env.PROD) { n = 'b'; } ${user('n')}`, []],
  'one that a function assigns': [`let n = 'a'; function f() { n = 'b'; } f(); ${user('n')}`, []],
  'one that a function assigns that runs at once': [
    `let n = 'a'; (() => { n = 'b'; })(); ${user('n')}`,
    ['b@test: read@test'],
  ],
  'one that a loop assigns': [`let n = 'a'; for (let i = 0; i < 2; i++) n = 'b' + i; ${user('n')}`, []],
  'one that a catch assigns': [`let n = 'a'; try { nothing(); } catch { n = 'b'; } ${user('n')}`, []],
  'one that is longer than it was': [`let n = 'a'; n += '2'; ${user('n')}`, []],
  'one that counts': [`let k = 1; k++; ${user("'u' + k")}`, []],
  'one that a pattern assigns': [`let n = 'a'; [n] = ['b']; ${user('n')}`, []],
  'a list that grows': [`const r = ['read']; r.push('root'); ${user("'a'", 'r')}`, []],
  'a list that grows by another name': [`const r = ['read']; const s = r; s.push('root'); ${user("'a'", 'r')}`, []],
  'a list that grows inside a document': [
    `const r = ['read']; const o = { r }; o.r.push('root'); ${user("'a'", 'r')}`,
    [],
  ],
  'a list of which an item changes': [`const r = ['read']; r[0] = 'root'; ${user("'a'", 'r')}`, []],
  'a list that a function changes': [
    `const r = ['read']; function more(list) { list.push('root'); } more(r); ${user("'a'", 'r')}`,
    [],
  ],
  'a document of which a field changes': [
    `const o = { user: 'a', pwd: passwordPrompt(), roles: ['read'] }; o.roles = ['root']; db.createUser(o);`,
    [],
  ],
  'a document into which another goes': [
    `const o = { user: 'a', pwd: passwordPrompt(), roles: ['read'] }; Object.assign(o, { roles: ['root'] }); db.createUser(o);`,
    [],
  ],
  'a document that loses a field': [
    `const o = { user: 'a', pwd: passwordPrompt(), roles: ['read'] }; delete o.x; db.createUser(o);`,
    [],
  ],
  'a list that is spread out': [
    `const r = ['read']; ${user("'a'", "[...r, 'dbAdmin']")}`,
    ['a@test: dbAdmin@test read@test'],
  ],
  'a text that is handed on': [`const n = 'a'; function say(x) {} say(n); ${user('n')}`, ['a@test: read@test']],
  'the variable of a loop, and one outside of the same name': [
    `const n = 'a'; for (const n of ['b', 'c']) ${user('n')} ${user('n', "['dbAdmin']")}`,
    ['a@test: dbAdmin@test', 'b@test: read@test', 'c@test: read@test'],
  ],
  'the parameter of forEach, and one outside of the same name': [
    `const n = 'a'; ['b'].forEach((n) => { ${user('n')} }); ${user('n', "['dbAdmin']")}`,
    ['a@test: dbAdmin@test', 'b@test: read@test'],
  ],
  'a variable of a block': [
    `const n = 'a'; { const n = 'b'; ${user('n')} } ${user('n', "['dbAdmin']")}`,
    ['a@test: dbAdmin@test', 'b@test: read@test'],
  ],
  'a variable of a block that has nothing': [`const n = 'a'; { let n; n = String(1); ${user('n')} }`, []],
  'a parameter of a function, and one outside of the same name': [
    `const n = 'a'; function f(n) { ${user('n', "['root']")} } f('z'); ${user("'b'")}`,
    ['b@test: read@test'],
  ],
  'a loop over documents that lack a field': [
    `const n = 'a'; for (const { n } of [{ n: 'b' }, {}]) if (n) ${user('n')}`,
    [],
  ],
  'the database on a condition': [`if (process.env.PROD) { db = db.getSiblingDB('shop'); } ${user("'a'")}`, []],
  'the database by a function': [`function f() { db = db.getSiblingDB('shop'); } f(); ${user("'a'")}`, []],
  'the database in a loop': [
    `for (const name of ['shop', 'crm']) { db = db.getSiblingDB(name); ${user("'a'")} }`,
    ['a@crm: read@crm', 'a@shop: read@shop'],
  ],
  'a database in a variable, on a condition': [
    `let d = db; if (process.env.PROD) d = db.getSiblingDB('shop'); ${user("'a'", "['read']", 'd')}`,
    [],
  ],
  'an item that is passed over': [
    `for (const n of ['a', 'b']) { if (n === 'a') continue; ${user('n', "['root']")} } ${user("'c'")}`,
    ['c@test: read@test'],
  ],
  'an item for which a function returns': [
    `['a', 'b'].forEach((n) => { if (n === 'a') return; ${user('n', "['root']")} }); ${user("'c'")}`,
    ['c@test: read@test'],
  ],
  'a loop that stops halfway': [
    `for (const n of ['a', 'b']) { ${user('n')} if (process.env.PROD) break; }`,
    ['a@test: read@test'],
  ],
  'a script that ends on a condition': [
    `(() => { ${user("'a'")} if (process.env.PROD) return; ${user("'b'")} })(); ${user("'c'")}`,
    ['a@test: read@test', 'c@test: read@test'],
  ],
  'a loop that ends itself': [`while (true) { break; } ${user("'a'")}`, ['a@test: read@test']],
  'an error on a condition': [`if (process.env.NEVER) throw new Error('no'); ${user("'a'")}`, ['a@test: read@test']],
  'what a catch makes': [
    `try { nothing(); } catch { ${user("'a'", "['root']")} } ${user("'b'")}`,
    ['b@test: read@test'],
  ],
  'what a catch changes': [`${user("'a'")} try { nothing(); } catch { db.grantRolesToUser('a', ['root']); }`, []],
};

for (const [what, [script, read]] of Object.entries(SCRIPTS)) {
  test(`mongosh, read and run: ${what}`, async () => {
    const { users } = await imported('mongosh', { text: script, told: [] });
    const shown = users.map((one) => `${formatUser(one)}: ${one.roles.map(formatRole).sort().join(' ')}`);
    assert.deepEqual(shown.sort(), read);
    for (const env of [{}, { PROD: '1' }]) {
      const made = run(script, env);
      for (const one of shown) assert.ok(made.includes(one), `${one} is read, and run it makes ${made.join(', ')}`);
    }
  });
}
