/** `policy import`, and what was imported against a server on which the very commands of the file were carried out. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MongoClient } from 'mongodb';
import { importPolicy } from '../../src/adopt/import/import.ts';
import { plainOf, textOf } from '../../src/adopt/import/node.ts';
import type { Source } from '../../src/adopt/import/sources.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder, mongoward } from './terminal.ts';

const admin = { user: 'root', password: 'very-secret' };
let sandbox: Awaited<ReturnType<typeof startSandbox>>;

before(async () => {
  sandbox = await startSandbox({ root: admin });
});

after(() => sandbox.stop());

/** A role and a user each, with a name of their own. */
const FILES: readonly (readonly [source: Source, file: string, text: string])[] = [
  [
    'mongosh',
    'init.js',
    `db = db.getSiblingDB('m1');
db.createRole({ role: 'r', privileges: [{ resource: { db: 'm1', collection: 'a' }, actions: ['find'] }], roles: ['read'] });
db.createUser({ user: 'u', pwd: 's3cret', roles: ['r'] });
db.grantRolesToUser('u', [{ role: 'read', db: 'crm' }]);`,
  ],
  [
    'terraform',
    'main.tf',
    `resource "mongodb_db_role" "r" {\n  name = "tf"\n  privilege {\n    db = "shop"\n    collection = ""\n    actions = ["find"]\n  }\n}
resource "mongodb_db_user" "u" {\n  name = "tf"\n  password = "s3cret"\n  role {\n    role = mongodb_db_role.r.name\n    db = "admin"\n  }\n}`,
  ],
  [
    'ansible',
    'site.yml',
    '- mongodb_role: { database: a1, name: r, privileges: [{ resource: { db: a1, collection: x }, actions: [insert] }] }\n- mongodb_user: { database: a1, name: u, password: s3cret, roles: [r] }\n',
  ],
  [
    'psmdb',
    'cr.yaml',
    'kind: PerconaServerMongoDB\nspec:\n  roles: [{ role: r, db: p1, privileges: [{ resource: { db: p1, collection: x }, actions: [find] }], roles: [] }]\n  users: [{ name: u, db: p1, roles: [{ name: r, db: p1 }] }]\n',
  ],
  [
    'mongodbcommunity',
    'cr.yaml',
    'kind: MongoDBCommunity\nspec:\n  security: { roles: [{ role: r, db: c1, privileges: [{ resource: { db: c1, collection: x }, actions: [find] }], roles: [] }] }\n  users: [{ name: u, db: c1, roles: [{ name: r, db: c1 }] }]\n',
  ],
  [
    'atlas-kubernetes',
    'u.yaml',
    'kind: AtlasCustomRole\nspec: { role: { name: at, actions: [{ name: FIND, resources: [{ database: shop, collection: x }] }] } }\n---\nkind: AtlasDatabaseUser\nspec: { username: at, roles: [{ roleName: at, databaseName: admin }] }\n',
  ],
];

for (const [source, file, text] of FILES) {
  test(`${source}: imported, and planned where it was carried out, there is nothing to do`, async () => {
    const { commands } = await importPolicy(source, [{ file, text }], { name: 'x', variables: new Map() });
    const client = await new MongoClient(sandbox.uri(admin)).connect();
    try {
      for (const { name, target, db, fields } of commands) {
        const given = Object.fromEntries([...fields].map(([key, value]) => [key, plainOf(value)]));
        const command =
          name === 'createRole'
            ? { privileges: [], roles: [], ...given }
            : name === 'createUser'
              ? { roles: [], ...given, pwd: 'x' }
              : given;
        await client.db(textOf(db)).command({ [name]: textOf(target), ...command });
      }
    } finally {
      await client.close();
    }
    await inFolder({ [file]: text }, async (cwd) => {
      const ran = await mongoward(['policy', 'import', '--from', source, file], { cwd });
      assert.equal(ran.code, 0, ran.err);
      assert.match(ran.out, /\n1 role and 1 user taken over\.\n$/);
      const uri = sandbox.uri(admin);
      const plan = await mongoward(['migrate', 'plan', '--cluster', uri, '--check'], { cwd });
      assert.deepEqual([plan.code, plan.err], [0, ''], plan.out);
      assert.equal((await mongoward(['policy', 'lint'], { cwd })).out.includes('error'), false);
    });
  });
}

test('what is left out is named on standard error, and counts in the exit code', async () => {
  const text =
    "db.createUser({ user: 'a', pwd: 's3cret', roles: [] });\ndb.createUser({ user: 'b', roles: [ROLE] });\ndb.createUser({ user: 'c', roles: ['nobody-has-it'] });";
  await inFolder({ 'init.js': text }, async (cwd) => {
    const { code, out, err } = await mongoward(['policy', 'import', '--from', 'mongosh', 'init.js'], { cwd });
    assert.equal(code, 1);
    assert.match(out, /1 role and|0 roles and 3 users|users? taken over, 2 things left out/);
    assert.match(err, /^init\.js:1: a password of user a@test stands here in the clear/m);
    assert.match(err, /^init\.js:2: the user b@test is left out: something in its roles is ROLE/m);
    assert.match(err, /^left out: user c@test: the role nobody-has-it@test/m);
    assert.doesNotMatch(readFileSync(join(cwd, 'policies/imported-users-test.yaml'), 'utf8'), /s3cret|password/);
  });
});

test('where nothing could be taken over nothing is written, and the command fails', async () => {
  await inFolder({ 'init.js': 'print(1)' }, async (cwd) => {
    const { code, err } = await mongoward(['policy', 'import', '--from', 'mongosh', 'init.js'], { cwd });
    assert.deepEqual(
      [code, err],
      [2, 'mongoward: nothing in these files could be taken over: no user and no role\n  nothing was written\n'],
    );
    assert.equal(existsSync(join(cwd, 'policies')), false);
  });
});

test('hostile files end in a sentence, quickly', async () => {
  const deep = '['.repeat(5000);
  const files: readonly (readonly [Source, string])[] = [
    ['terraform', `a = ${deep}`],
    ['terraform', `a = "${'${'.repeat(2000)}`],
    ['ansible', `- mongodb_user: &a [*a, *a]`],
    ['psmdb', `kind: PerconaServerMongoDB\nspec: ${'{a: '.repeat(2000)}`],
    ['mongosh', 'db.createUser('.repeat(3000)],
    ['mongosh', `x = ${'('.repeat(20_000)}`],
    ['atlas-kubernetes', '\u0000\uffff{{{{{{'],
  ];
  for (const [source, text] of files) {
    await inFolder({ file: text }, async (cwd) => {
      const started = performance.now();
      const { code, err } = await mongoward(['policy', 'import', '--from', source, 'file'], { cwd });
      assert.equal(code, 2, err);
      assert.doesNotMatch(err, /unexpected error/, `${source} ${text.slice(0, 40)}`);
      assert.ok(performance.now() - started < 20_000);
    });
  }
});

test('a policy is exported, and what has no words there is named', async () => {
  const policy = `apiVersion: mongoward/v1
metadata: { name: shop }
roles:
  reader@admin: { privileges: [{ on: shop.orders, allow: [find] }] }
users:
  app@admin: { roles: [reader@admin], mechanisms: [SCRAM-SHA-256], password: { fromEnv: APP_PASSWORD } }
breakGlass:
  - { user: root@admin, reason: last resort, until: 2099-12-31 }
`;
  await inFolder({ 'policies/p.yaml': policy }, async (cwd) => {
    const ran = await mongoward(['policy', 'export', '--to', 'mongosh'], { cwd });
    assert.deepEqual(ran, {
      code: 0,
      out: `// Roles and users of a policy, for mongosh. Passwords are asked for.
db.getSiblingDB("admin").createRole({
  role: "reader",
  privileges: [{"resource":{"db":"shop","collection":"orders"},"actions":["find"]}],
  roles: [],
});
db.getSiblingDB("admin").createUser({
  user: "app",
  pwd: passwordPrompt(),
  roles: [{"role":"reader","db":"admin"}],
  mechanisms: ["SCRAM-SHA-256"],
});
`,
      err: 'note: not written, because another tool has no words for it: breakGlass\n',
    });
    const ansible = await mongoward(['policy', 'export', '--to', 'ansible'], { cwd });
    assert.equal(ansible.code, 1);
    assert.match(ansible.err, /left out: mechanisms of user app@admin: there is no word for it/);
  });
});

test('what is imported beside a policy becomes a part of it, and is refused where it is defined there already', async () => {
  const policy = 'apiVersion: mongoward/v1\nmetadata: { name: shop }\nusers: { app@admin: { roles: [read@shop] } }\n';
  const script = (name: string): string =>
    `db.getSiblingDB('admin').createUser({ user: '${name}', pwd: 'x', roles: [] });`;
  const files = { 'policies/shop.yaml': policy, 'etl.js': script('etl'), 'app.js': script('app') };
  await inFolder(files, async (cwd) => {
    const joined = await mongoward(['policy', 'import', '--from', 'mongosh', 'etl.js'], { cwd });
    assert.equal(joined.code, 0, joined.err);
    assert.match(
      (await mongoward(['policy', 'show'], { cwd })).out,
      /^policy: shop\nusers:\n {2}app@admin:\n[\s\S]*etl@admin:/,
    );
    const twice = await mongoward(['policy', 'import', '--from', 'mongosh', 'app.js', '--force'], { cwd });
    assert.equal(twice.code, 2);
    assert.match(
      twice.err,
      /^mongoward: what would be written contradicts the policy in policies\n {2}policies\/\S+ this user is already defined in \S+: keep one\n {2}name another folder by -o/,
    );
  });
});
