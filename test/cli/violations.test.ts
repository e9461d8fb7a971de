/** What would violate a policy is refused before anything is written, whatever wanted to write it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const GLASS = 'breakGlass: [{ user: root@admin, reason: last resort, until: 2099-12-31 }]';
const TRAIL = `apiVersion: mongoward/v1
metadata: { name: audit-trail }
${GLASS}
collections:
  audit.logs: { protection: append-only }
`;
const SHOP = `apiVersion: mongoward/v1
metadata: { name: shop }
roles:
  shop@admin:
    privileges:
      - { on: audit.logs, allow: [remove] }
users:
  shop@admin: { roles: [shop@admin], password: { fromEnv: APP_PASSWORD } }
`;

interface Space {
  readonly folder: string;
  run(line: string): Promise<Ran>;
  /** What there is besides what the server brings along: users, roles, whether Mongoward has written anything. */
  written(): Promise<readonly string[]>;
  byHand<T>(work: (client: MongoClient) => Promise<T>): Promise<T>;
}

function space(files: Readonly<Record<string, string>>, work: (space: Space) => Promise<void>): Promise<void> {
  const config = 'clusters:\n  here: { uri: { fromEnv: HERE } }\n';
  return inFolder({ 'mongoward.config.yaml': config, ...files }, async (folder) => {
    const sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
    const env = { HERE: `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`, APP_PASSWORD: 'also-secret' };
    try {
      await work({
        folder,
        run: (line) => mongoward([...line.split(' '), '--cluster', 'here'], { cwd: folder, env }),
        written: () =>
          withMongo(env.HERE, async (client) => {
            const admin = client.db('admin');
            const { users } = await admin.command({ usersInfo: { forAllDBs: true } });
            const { roles } = await admin.command({ rolesInfo: 1 });
            const own = await client.db('mongoward').listCollections().toArray();
            return [...users, ...roles, ...own].map(({ _id, name }) => String(_id ?? name)).sort();
          }),
        byHand: (byHand) => withMongo(env.HERE, byHand),
      });
    } finally {
      await sandbox.stop();
    }
  });
}

test('a policy is refused that opens what another policy of the run protects, and nothing is written', async () => {
  await space({ 'policies/a.yaml': TRAIL, 'policies/b.yaml': SHOP }, async ({ folder, run, written }) => {
    const before = await written();
    const { code, err } = await run('migrate apply --from-policy --policy policies/b.yaml --yes');
    assert.equal(code, 2);
    assert.match(err, /what would be written violates what the policies demand/);
    assert.match(
      err,
      /policies\/a\.yaml:5: shop@admin can alter audit\.logs through shop@admin\. It can delete documents/,
    );
    assert.deepEqual(await written(), before);

    const plan = await run('migrate plan --policy policies/b.yaml --check');
    assert.equal(plan.code, 1);
    assert.match(plan.out, /What would be written violates what the policies demand:\n {2}x shop@admin can alter/);
    const made = await run('migrate new shop --policy policies/b.yaml');
    assert.equal(made.code, 2);
    assert.match(made.err, /shop@admin can alter audit\.logs.*no file was written; mend what is named above/s);
    assert.equal(existsSync(join(folder, 'migrations')), false);
    const { violations } = JSON.parse((await run('migrate plan --policy policies/b.yaml --format json')).out);
    assert.deepEqual(violations, [
      {
        rule: 'protection/append-only',
        policy: 'audit-trail',
        target: 'shop@admin',
        message:
          'shop@admin can alter audit.logs through shop@admin. It can delete documents of audit.logs. Revoke shop@admin, or name shop@admin under breakGlass',
        path: ['shop@admin', 'shop@admin', 'remove on audit.logs'],
        file: 'policies/a.yaml',
        line: 5,
      },
    ]);
  });
});

test('an adopted account that others manage is not made with a grant that the policy rules out', async () => {
  const policy = `${TRAIL}roles:
  r@admin: { privileges: [{ on: audit.logs, allow: [remove] }] }
users:
  old@admin: { roles: [r@admin], adopted: true, password: { fromEnv: APP_PASSWORD } }
unmanaged: [old@admin]
restrictions: [{ users: "*", on: audit.*, deny: [write], remedy: rewrite }]
`;
  await space({ 'policies/p.yaml': policy }, async ({ run, written }) => {
    const before = await written();
    assert.equal((await run('policy lint policies/p.yaml')).code, 1);
    const { code, err } = await run('migrate apply --from-policy --yes');
    assert.equal(code, 2);
    assert.match(err, /old@admin can alter audit\.logs/);
    assert.deepEqual(await written(), before);
  });
});

test('a migration that somebody forged is seen by the plan and refused before the first write', async () => {
  await space({ 'policies/p.yaml': TRAIL }, async ({ folder, run, written, byHand }) => {
    await byHand((client) => client.db('admin').command({ createUser: 'billing', pwd: 'x', roles: [] }));
    assert.equal((await run('migrate new first')).code, 0);
    const [name = ''] = readdirSync(join(folder, 'migrations')).filter((file) => file.endsWith('.yaml'));
    const text = readFileSync(join(folder, 'migrations', name), 'utf8');
    const forged = `${text.trimEnd()}
  # revoke root@admin from billing@admin
  - kind: grantRolesToUser
    target: { user: billing, db: admin }
    reason: it is no longer needed
    before: { roles: [], mechanisms: [SCRAM-SHA-1, SCRAM-SHA-256] }
    roles: [{ role: root, db: admin }]
`;
    writeFileSync(join(folder, 'migrations', name), forged);
    const rebased = await mongoward(['migrate', 'rebase'], { cwd: folder });
    assert.equal(rebased.code, 0, rebased.out + rebased.err);

    const plan = await run('migrate plan --check');
    assert.equal(plan.code, 1, plan.out + plan.err);
    assert.match(plan.out, /billing@admin can alter and destroy audit\.logs/);
    const before = await written();
    const { code, err } = await run('migrate apply --yes');
    assert.equal(code, 2);
    assert.match(err, /billing@admin can alter and destroy audit\.logs/);
    assert.deepEqual(await written(), before);
  });
});

const FILE_HEAD = `mongowardMigration: 1
policy: audit-trail
policyHash: ${'a'.repeat(64)}
server: 8.0.4
`;
const QUIET: Readonly<Record<string, readonly [operations: string, sentence: RegExp]>> = {
  'makes a role, grants it and narrows it': [
    `  - kind: createRole
    target: { role: r, db: admin }
    reason: it is needed
    after: { privileges: [{ resource: { db: audit, collection: logs }, actions: [remove] }], roles: [] }
  - kind: grantRolesToUser
    target: { user: billing, db: admin }
    reason: it is needed
    before: { roles: [], mechanisms: [SCRAM-SHA-1, SCRAM-SHA-256] }
    roles: [{ role: r, db: admin }]
  - kind: revokePrivilegesFromRole
    target: { role: r, db: admin }
    reason: it is needed
    before: { privileges: [{ resource: { db: audit, collection: logs }, actions: [remove] }], roles: [] }
    privileges: [{ resource: { db: audit, collection: logs }, actions: [remove] }]
`,
    /While this is applied, billing@admin can do remove on audit\.logs, as neither before nor afterwards\./,
  ],
  'sets the password of root': [
    `  - kind: rotatePassword
    target: { user: root, db: admin }
    reason: it is needed
    before: { roles: [{ role: root, db: admin }], mechanisms: [SCRAM-SHA-256] }
    password: { fromEnv: APP_PASSWORD }
`,
    /Once this is applied, root@admin logs in with the password from the environment variable APP_PASSWORD\./,
  ],
};

for (const [what, [operations, sentence]] of Object.entries(QUIET)) {
  test(`a migration that ${what}, and keeps it quiet, is told by status and refused before the first write`, async () => {
    const file = { 'migrations/20261201000000_tidy.yaml': `${FILE_HEAD}operations:\n${operations}` };
    await space({ 'policies/p.yaml': TRAIL, ...file }, async ({ folder, run, written, byHand }) => {
      await byHand((client) => client.db('admin').command({ createUser: 'billing', pwd: 'x', roles: [] }));
      const rebased = await mongoward(['migrate', 'rebase'], { cwd: folder });
      assert.equal(rebased.code, 0, rebased.out + rebased.err);
      const status = await run('migrate status');
      assert.equal(status.code, 2);
      assert.match(status.out.replaceAll(/\s+/g, ' '), sentence);
      const before = await written();
      const { code, err } = await run('migrate apply --yes');
      assert.equal(code, 2);
      assert.match(err, sentence);
      assert.deepEqual(await written(), before);
    });
  });
}

test('where several policies lie together, status tells what a pending file would violate, and who marks the exempt', async () => {
  await space({ 'policies/shop.yaml': SHOP }, async ({ folder, run }) => {
    assert.equal((await run('migrate new shop --policy policies/shop.yaml')).code, 0);
    writeFileSync(join(folder, 'policies/p.yaml'), TRAIL);
    const status = await run('migrate status');
    assert.equal(status.code, 2);
    assert.match(status.out, /x violating .*_shop\.yaml\n +shop@admin can alter audit\.logs/);
    assert.equal(status.err, '');
    const who = await run('policy who alter audit.logs');
    assert.match(who.out, /^root@admin direct break-glass$/m);
    assert.doesNotMatch(who.err, /break-glass/);
  });
});

test('what is violated already keeps nobody from applying what else a policy says', async () => {
  await space({ 'policies/p.yaml': TRAIL }, async ({ run, byHand }) => {
    await byHand((client) =>
      client.db('admin').command({ createUser: 'legacy', pwd: 'x', roles: ['readWriteAnyDatabase'] }),
    );
    const { code, out } = await run('migrate apply --from-policy --yes');
    assert.equal(code, 2);
    assert.match(out, /Done: .*still open:.*legacy@admin can alter and destroy audit\.logs/s);
  });
});

test('plan and new tell what stays open, as apply does, and new writes nothing that apply will refuse', async () => {
  await space({ 'policies/p.yaml': TRAIL, 'shop.yaml': SHOP }, async ({ run, byHand }) => {
    await byHand((client) =>
      client.db('admin').command({ createUser: 'legacy', pwd: 'x', roles: ['readWriteAnyDatabase'] }),
    );
    const open = /What the policy protects stays open:\n +x legacy@admin can alter and destroy audit\.logs/;
    const plan = await run('migrate plan');
    assert.match(plan.out, open);
    assert.match(plan.out, /1\s+violation\s+of\s+today\s+stays\s+open\./);
    assert.match((await run('migrate plan --format markdown')).out, /stays open\n\n- legacy&#64;admin/);
    const asJson = JSON.parse((await run('migrate plan --format json')).out);
    assert.deepEqual(
      asJson.open.map(({ rule, target }: { rule: string; target: string }) => [rule, target]),
      [['protection/append-only', 'legacy@admin']],
    );
    assert.equal(asJson.violations, undefined);
    const shop = await run('migrate new shop --policy shop.yaml');
    assert.equal(shop.code, 2);
    assert.match(
      shop.err,
      /violates what the policies demand\n +policies\/p\.yaml:5: shop@admin can alter audit\.logs/,
    );
    const trail = await run('migrate new trail');
    assert.equal(trail.code, 0);
    assert.match(trail.out, open);
  });
});

test('a policy beside it that nobody can understand stops an apply, and not what only reads it', async () => {
  const broken = 'apiVersion: mongoward/v1\nmetadata: { name: other }\nrolls: {}\n';
  const files = { 'policies/p.yaml': TRAIL, 'other/o.yaml': broken };
  const config = 'policies: [policies, other]\nclusters:\n  here: { uri: { fromEnv: HERE } }\n';
  await space({ ...files, 'mongoward.config.yaml': config }, async ({ folder, run }) => {
    const line = 'migrate apply --from-policy --policy policies/p.yaml --yes';
    const { code, err } = await run(line);
    assert.equal(code, 2);
    assert.match(err, /the policy "other" beside this one is not valid/);
    assert.match(err, /other\/o\.yaml:3:1: /);
    assert.equal((await mongoward(['policy', 'show', 'policies/p.yaml'], { cwd: folder })).code, 0);

    const named = 'policies: [policies, other]\nclusters:\n  here: { uri: { fromEnv: HERE }, policies: [policies] }\n';
    writeFileSync(join(folder, 'mongoward.config.yaml'), named);
    assert.equal((await run(line)).code, 0);
  });
});
