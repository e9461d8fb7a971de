/** Migration files as a user carries them out: planned, applied, applied again, taken back, on the sandbox. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const HEAD = `apiVersion: mongoward/v1
metadata: { name: shop }
breakGlass:
  - { user: root@admin, reason: last resort, until: 2099-12-31 }
`;

const FIRST = `${HEAD}
roles:
  writer@shop: { privileges: [{ on: shop.orders, allow: [insert, find] }] }
users:
  app@shop: { roles: [writer@shop], password: { fromEnv: APP_PASSWORD } }
`;

const SECOND = `${HEAD}
collections:
  shop.orders: { schema: { bsonType: object } }
roles:
  writer@shop: { privileges: [{ on: shop.orders, allow: [insert] }] }
  reader@shop: { privileges: [{ on: shop.orders, allow: read-only }] }
users:
  app@shop: { roles: [writer@shop, reader@shop], password: { fromEnv: APP_PASSWORD } }
`;

interface Workspace {
  readonly folder: string;
  /** Runs a command line on the cluster `here`. */
  run(line: string, answer?: string): Promise<Ran>;
  policy(text: string): void;
  /** Works on the cluster by hand. */
  byHand<T>(work: (client: MongoClient) => Promise<T>): Promise<T>;
  /** The versions of the migration files, in order. */
  versions(): readonly string[];
}

function workspace(work: (space: Workspace) => Promise<void>): Promise<void> {
  const config = 'clusters:\n  here: { uri: { fromEnv: HERE } }\n';
  return inFolder({ 'policies/p.yaml': FIRST, 'mongoward.config.yaml': config }, async (folder) => {
    const sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
    const env = { HERE: `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`, APP_PASSWORD: 'also-secret' };
    try {
      await work({
        folder,
        run: (line, answer) =>
          mongoward([...line.split(' '), '--cluster', 'here'], {
            cwd: folder,
            env,
            ...(answer === undefined ? {} : { answer }),
          }),
        byHand: (byHand) => withMongo(env.HERE, byHand),
        policy: (text) => writeFileSync(join(folder, 'policies/p.yaml'), text),
        versions: () =>
          readdirSync(join(folder, 'migrations'))
            .filter((name) => name.endsWith('.yaml'))
            .map((name) => name.slice(0, 14))
            .sort(),
      });
    } finally {
      await sandbox.stop();
    }
  });
}

async function succeeds(ran: Promise<Ran>): Promise<string> {
  const { code, out, err } = await ran;
  assert.equal(code, 0, `${out}\n${err}`);
  assert.doesNotMatch(out + err, /very-secret|also-secret/);
  return out;
}

function assertShape(name: string, text: string): void {
  assertFits(name, JSON.parse(text));
}

test('what stays open is told at the end: accounts to decide about, keys that are deleted', async () => {
  await workspace(async ({ run, policy, byHand }) => {
    policy(`${HEAD}
roles:
  reader@shop: { privileges: [{ on: shop.orders, allow: read-only }] }
restrictions:
  - { users: "mon@*", on: audit.*, deny: [read], remedy: rewrite }
`);
    await byHand((root) => root.db('admin').command({ createUser: 'mon', pwd: 'x', roles: ['clusterMonitor'] }));
    const still = '1 account can still do what the policy denies it. See mongoward migrate plan --full --cluster here';
    const said = async (line: string) => (await succeeds(run(line))).replaceAll('\n', ' ');
    const last = async (line: string) => (await said(line)).slice(-still.length - 60).trim();
    await succeeds(run('migrate new first'));
    assert.match(await last('migrate apply --yes'), new RegExp(`Read again: in place\\. ${still}$`));
    assert.match(await last('migrate apply --yes'), new RegExp(`Nothing was written\\. ${still}$`));
    const policyChangesNothing = /Nothing to do: the policy "shop" changes nothing/;
    for (const line of ['migrate apply --from-policy --yes', 'migrate new second', 'migrate plan']) {
      assert.match(await said(line), policyChangesNothing, line);
    }
    assert.match(await last('migrate apply --from-policy --yes'), new RegExp(`Nothing was written\\. ${still}$`));
    const json = await succeeds(run('migrate apply --from-policy --yes --format json'));
    assertShape('migrate-apply', json);
    assert.deepEqual(JSON.parse(json).undecided, ['mon@admin']);
    assert.equal((await run('migrate plan --check')).code, 0);
    assert.equal((await run('drift report')).code, 1);

    policy(`${HEAD}
collections:
  shop.orders:
    encryption:
      keyVault: keys.vault
      fields: { mail: { bsonType: string, algorithm: random, keyAltName: pii } }
`);
    await succeeds(run('migrate apply --from-policy --prune --yes'));
    await byHand((root) =>
      root.db('keys').collection('vault').createIndex({ creationDate: 1 }, { expireAfterSeconds: 60 }),
    );
    const kept = await said('migrate apply --from-policy --yes');
    assert.match(kept, /! The index creationDate_1 deletes keys of keys\.vault after 60 s/);
    assert.match(kept, /Nothing was written\. The keys in keys\.vault are in danger\. See mongoward migrate plan/);
  });
});

test('two migrations: planned one on the other, applied, nothing left, taken back one by one', async () => {
  await workspace(async ({ run, policy, versions }) => {
    assert.match(
      await succeeds(run('migrate new first')),
      /^Review and commit both, then: mongoward migrate apply --cluster here\n$/m,
    );
    policy(SECOND);
    await succeeds(run('migrate new second'));
    const [first, second] = versions();

    const dry = await succeeds(run('migrate apply --dry-run'));
    assert.match(dry, /Nothing stands in the way\. Nothing was written\.\n$/);
    assert.match(await succeeds(run(`migrate apply --yes --to ${first}`)), /Done: 4 operations of \d+_first\.yaml\./);
    const applied = await succeeds(run('migrate apply --yes --format json'));
    assertShape('migrate-apply', applied);
    assert.deepEqual(JSON.parse(applied).summary.migrations, [`${second}_second.yaml`]);
    assert.match(await succeeds(run('migrate apply --yes')), /^Nothing to do: every migration is applied on here/);
    await succeeds(run('drift report'));

    const declined = await run('migrate rollback', 'n');
    assert.match(declined.out, /create collection shop\.orders is not undone: /);
    assert.deepEqual([declined.code, declined.out.split('\n').slice(-3)], [2, ['', 'Nothing was changed.', '']]);
    const tried = await succeeds(run('migrate rollback --dry-run'));
    assert.match(tried, /\n\nNothing stands in the way\. Nothing was written\.\n$/);
    const back = await run('migrate rollback', 'yes');
    assert.equal(back.code, 0, back.err);
    assert.match(back.out, /Rolled back: \d+_second\.yaml/);
    assert.match(back.out, /create collection shop\.orders: not undone:/);
    policy(FIRST);
    await succeeds(run('drift report'));
    const rest = await succeeds(run('migrate rollback --yes --format json'));
    assertShape('migrate-apply', rest);
    assert.deepEqual(JSON.parse(rest).summary.migrations, [`${first}_first.yaml`]);
    assert.match(await succeeds(run('migrate rollback --yes')), /^Nothing to do: no migration that is applied on here/);

    policy(SECOND);
    await succeeds(run('migrate apply --yes'));
    await succeeds(run('drift report'));
  });
});

test('an applied policy that says more than the migrations is not taken for done', async () => {
  await workspace(async ({ run, policy }) => {
    await succeeds(run('migrate new first'));
    policy(SECOND);
    for (const line of ['migrate apply --yes', 'migrate apply --yes']) {
      const { code, out } = await run(line);
      assert.equal(code, 2);
      assert.match(
        out.replaceAll('\n', ' '),
        /The policy "shop" says more than the migrations: \d+ operations to plan\./,
      );
    }
  });
});

test('an added clientSource is said to lock out: in the plan, the file, and the question', async () => {
  await workspace(async ({ folder, run, policy, versions }) => {
    const warning =
      'Once this is applied, app@shop can log in only from 10.0.0.0/8. Whatever connects from elsewhere is locked out.';
    const warns = (text: string): boolean => text.replaceAll(/\s+/g, ' ').includes(warning);
    await succeeds(run('migrate new first'));
    await succeeds(run('migrate apply --yes'));
    policy(FIRST.replace('roles: [writer@shop],', 'roles: [writer@shop], clientSource: [10.0.0.0/8],'));
    assert.ok(warns((await run('migrate plan')).out));
    const plan = JSON.parse((await run('migrate plan --format json')).out);
    assertFits('migrate-plan', plan);
    assert.deepEqual(plan.warnings, [
      { kind: 'logins', target: 'app@shop', message: warning, file: 'policies/p.yaml', line: 9 },
    ]);
    assert.match((await run('migrate plan --format markdown')).out, /locked out/);
    assert.match((await run('migrate plan --format mongosh')).out, /^\/\/ ! Once this is applied, app@shop/m);
    await succeeds(run('migrate new second'));
    const [, second] = versions();
    const text = readFileSync(join(folder, `migrations/${second}_second.yaml`), 'utf8');
    assert.match(text, /\nwarnings:\n {2}- Once this is applied/);
    assert.ok(warns(text));
    assert.ok(warns((await run('migrate apply', 'no')).out));
  });
});

test('a file that was edited after it was planned is refused, and nothing is written', async () => {
  await workspace(async ({ folder, run, versions }) => {
    await succeeds(run('migrate new first'));
    const file = join(folder, 'migrations', `${versions()[0]}_first.yaml`);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('insert', 'remove'));
    const { code, err } = await run('migrate apply --yes');
    assert.equal(code, 2);
    assert.match(err, /_first\.yaml: it was edited after it was planned/);
    assert.match(await succeeds(run('migrate unlock')), /^Nobody has the lock of here/);
  });
});

test('no file keeps a secret that somebody put into custom data; what refuses it shows no secret either', async () => {
  await workspace(async ({ run, byHand, versions }) => {
    const customData = { team: 'x', password: 'hunter2-of-old' };
    await byHand((client) => client.db('shop').command({ createUser: 'app', pwd: 'x', roles: [], customData }));
    const { code, out, err } = await run('migrate new first');
    assert.equal(code, 2);
    assert.equal(
      err,
      'mongoward: a file would keep a secret that stands in the cluster\n' +
        '  app@shop: its custom data holds a secret in the clear, as "password"\n' +
        '  no file was written; take it out of the custom data by hand (updateUser), and plan again\n',
    );
    assert.doesNotMatch(out + err, /hunter2/);
    assert.throws(versions, { code: 'ENOENT' });
    const approval = await run('migrate plan -o plan.json');
    assert.deepEqual([approval.code, approval.err], [2, err]);
    for (const line of [
      'cluster snapshot',
      'migrate plan --full',
      'migrate plan --format json',
      'migrate plan --format markdown',
      'migrate plan --format mongosh',
      'drift report --format json',
      'drift report --format html',
    ]) {
      const told = await run(line);
      assert.doesNotMatch(told.out + told.err, /hunter2/, line);
    }
  });
});

test('a policy that the linter rejects is not applied, which the plan says beforehand', async () => {
  await workspace(async ({ run, policy }) => {
    policy(`${FIRST}collections:\n  shop.orders: { protection: read-only }\n`);
    const planned = await run('migrate plan');
    assert.equal(planned.code, 0);
    assert.match(
      planned.err,
      /^migrate apply will refuse this: the linter rejects the policy "shop"\n {2}policies\/p\.yaml:\d+:\d+: /,
    );
    const { code, err } = await run('migrate apply --from-policy --yes');
    assert.equal(code, 2);
    assert.match(err, /^mongoward: the policy "shop" is rejected by the linter\n {2}policies\/p\.yaml:\d+:\d+: /);
  });
});

test('a policy that the linter rejects keeps nobody from going back, and with nothing to take back nothing is judged', async () => {
  await workspace(async ({ run, policy, byHand }) => {
    await succeeds(run('migrate new first'));
    await succeeds(run('migrate apply --yes'));
    await byHand((client) => client.db('shop').command({ createUser: 'old', pwd: 'x', roles: ['readWrite'] }));
    policy(`${FIRST}collections:\n  shop.orders: { protection: read-only }\n`);
    assert.equal((await run('migrate apply --yes')).code, 2);
    assert.match(await succeeds(run('migrate rollback --yes')), /^Rolled back: /m);
    assert.match(await succeeds(run('migrate rollback --yes')), /^Nothing to do: no migration that is applied/);
  });
});

test('going back stops where somebody changed what a migration left, and shows both sides', async () => {
  await workspace(async ({ run, byHand }) => {
    await succeeds(run('migrate new first'));
    await succeeds(run('migrate apply --yes'));
    const roles = [{ role: 'read', db: 'shop' }];
    await byHand((client) => client.db('shop').command({ updateUser: 'app', roles }));
    const { code, err } = await run('migrate rollback --yes');
    assert.equal(code, 2);
    assert.equal(
      err,
      'mongoward: the cluster is no longer as the migration left it\n' +
        '  app@shop: roles here [{"db":"shop","role":"read"}], expected [{"db":"shop","role":"writer"}]\n' +
        '  nothing was changed by this run; bring back what is expected, and roll back again\n',
    );
  });
});

test('without files there is nothing to apply, and what is for planning is said to be', async () => {
  await workspace(async ({ run }) => {
    const none = await run('migrate apply --yes');
    assert.deepEqual([none.code, /there are no migration files to apply/.test(none.err)], [2, true]);
    const prune = await run('migrate apply --yes --prune');
    assert.deepEqual([prune.code, /--prune is for planning/.test(prune.err)], [2, true]);
  });
});

test('a password is set anew on demand, and the answer of unlock has its shape', async () => {
  await workspace(async ({ run }) => {
    await succeeds(run('migrate apply --from-policy --yes'));
    const rotated = await succeeds(run('migrate apply --from-policy --yes --rotate app@shop'));
    assert.match(rotated, /~ set a new password for user app@shop\n/);
    assertShape('migrate-unlock', await succeeds(run('migrate unlock --format json')));
    const unknown = await run('migrate apply --from-policy --yes --rotate nobody@shop');
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /the policy "shop" does not define the user nobody@shop/);
  });
});

test('what is still open is told with the same exit code by a run that wrote and by one that did not', async () => {
  await workspace(async ({ run, policy, byHand }) => {
    policy(`${HEAD}collections:\n  shop.orders: { protection: append-only }\n`);
    await byHand((client) => client.db('shop').command({ createUser: 'old', pwd: 'x', roles: ['readWrite'] }));
    for (const closing of [/Done: 2 operations\./, /Nothing to do:/]) {
      const { code, out, err } = await run('migrate apply --from-policy --yes');
      assert.deepEqual([code, err], [2, 'mongoward: what the policy protects is still open: 1 finding\n']);
      assert.match(out, closing);
      assert.match(out, /old@shop can alter and destroy shop\.orders/);
    }
    const asJson = await run('migrate apply --from-policy --yes --format json');
    assert.deepEqual([asJson.code, asJson.err], [2, 'mongoward: what the policy protects is still open: 1 finding\n']);
    assert.equal(JSON.parse(asJson.out).open.length, 1);
  });
});

test('unlock shows who has the lock, keeps it for a holder that is alive, and takes it from a dead one', async () => {
  await workspace(async ({ run, byHand }) => {
    await succeeds(run('migrate apply --from-policy --yes'));
    const hold = (expires: Date) =>
      byHand((client) => {
        const holder = { account: 'eve@admin', user: 'eve', host: 'laptop', pid: 7, tool: 'mongoward 0.1.0' };
        const since = new Date('2026-01-01T00:00:00Z');
        return client
          .db('mongoward')
          .collection('locks')
          .updateOne({}, { $set: { id: 'x', holder, since, expires } });
      });
    await hold(new Date(Date.now() + 60_000));
    const alive = await run('migrate unlock');
    assert.equal(alive.code, 2);
    assert.match(
      alive.out,
      /^eve@admin \(eve on laptop, process 7, mongoward 0\.1\.0\) has had the lock since\s2026-01-01T/,
    );
    const waiting = await run('migrate apply --from-policy --yes --rotate app@shop --lock-timeout 0');
    assert.equal(waiting.code, 2);
    assert.match(waiting.err, /somebody else is changing this cluster: eve@admin \(eve on laptop/);
    assert.match(await succeeds(run('migrate unlock --force')), /was taken from it/);
    await hold(new Date(Date.now() - 1));
    assertShape('migrate-unlock', await succeeds(run('migrate unlock --format json')));
    assert.match(await succeeds(run('migrate unlock')), /^Nobody has the lock/);
  });
});
