/** A plan that is approved and carried out later: exactly that, or nothing, and why not. On the sandbox. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Document, MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { type Fate, startProxy, type Write } from '../reliability/proxy.ts';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: shop }
roles:
  writer@shop: { privileges: [{ on: shop.orders, allow: [insert] }] }
users:
  app@shop: { roles: [writer@shop], password: { fromEnv: APP_PASSWORD } }
breakGlass:
  - { user: root@admin, reason: last resort, until: 2099-12-31 }
`;

interface Space {
  readonly folder: string;
  run(line: string): Promise<Ran>;
  byHand<T>(work: (client: MongoClient) => Promise<T>): Promise<T>;
  /** What becomes of the writes to the cluster from now on. */
  harm(fate: (write: Write) => Fate): void;
}

/** A cluster for which a plan was made and approved. */
async function approved(
  work: (space: Space) => Promise<void>,
  {
    policy = POLICY,
    before = async () => {},
  }: { policy?: string; before?: (client: MongoClient) => Promise<unknown> } = {},
): Promise<void> {
  const config = 'clusters:\n  here: { uri: { fromEnv: HERE } }\n  there: { uri: { fromEnv: THERE } }\n';
  const [here, there] = await Promise.all([
    startSandbox({ root: { user: 'root', password: 'very-secret' } }),
    startSandbox({ root: { user: 'root', password: 'very-secret' } }),
  ]);
  let fate = (_write: Write): Fate => ({ kind: 'pass' });
  const proxy = await startProxy(here.host, (write) => fate(write));
  const uri = (host: string): string => `mongodb://root:very-secret@${host}/?authSource=admin`;
  try {
    await inFolder({ 'policies/p.yaml': policy, 'mongoward.config.yaml': config }, async (cwd) => {
      const env = { HERE: uri(proxy.host), THERE: uri(there.host), APP_PASSWORD: 'also-secret' };
      const run = (line: string): Promise<Ran> => mongoward(line.split(' '), { cwd, env });
      await withMongo(uri(here.host), before);
      const { code, err } = await run('migrate plan --cluster here -o plan.json');
      assert.equal(code, 0, err);
      assert.equal(err, 'written: plan.json; once approved: mongoward migrate apply --plan plan.json --cluster here\n');
      await work({
        folder: cwd,
        run,
        byHand: (byHand) => withMongo(uri(here.host), byHand),
        harm: (harm) => {
          fate = harm;
        },
      });
    });
  } finally {
    await proxy.stop();
    await Promise.all([here.stop(), there.stop()]);
  }
}

const APPLY = 'migrate apply --plan plan.json --cluster here --yes';

const REFUSED = (...details: readonly string[]): string =>
  [
    'mongoward: this is not the plan that was approved',
    ...details.map((detail) => `  ${detail}`),
    '  nothing was changed; plan again, and have that approved',
    '',
  ].join('\n');

test('what was approved is carried out; done again, nothing is left to do', async () => {
  await approved(async ({ folder, run }) => {
    const text = readFileSync(join(folder, 'plan.json'), 'utf8');
    assertFits('migrate-plan', JSON.parse(text));
    assert.doesNotMatch(text, /secret/);
    const first = await run(APPLY);
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /\nDone: \d+ operations\. Read again: as the policy says\.\n$/);
    const again = await run(APPLY);
    assert.equal(again.code, 0, again.err);
    assert.match(again.out, /^Nothing to do: /);
  });
});

test('another cluster, an older state, another policy: refused, and what differs is said', async () => {
  await approved(async ({ folder, run, byHand }) => {
    const elsewhere = await run('migrate apply --plan plan.json --cluster there --yes');
    assert.equal(elsewhere.code, 2);
    assert.match(elsewhere.err, /^ {2}it was planned for here \(.*\), and this is there \(.*\)$/m);
    await byHand((client) =>
      client.db('shop').command({ createUser: 'late', pwd: 'late-secret', roles: [{ role: 'read', db: 'shop' }] }),
    );
    const older = await run(APPLY);
    assert.deepEqual([older.code, older.err], [2, REFUSED('user late@shop is new since it was planned')]);
    await byHand((client) => client.db('shop').command({ dropUser: 'late' }));
    writeFileSync(join(folder, 'policies/p.yaml'), POLICY.replace('[insert]', '[insert, remove]'));
    const other = await run(APPLY);
    assert.equal(other.code, 2);
    assert.match(other.err, /^ {2}the policy has changed since: sha256 [0-9a-f]{16} then, [0-9a-f]{16} now$/m);
    assert.match(other.err, /^ {2}the operation createRole writer@shop is not what was approved$/m);
    assert.match(other.err, /^ {2}the change of app@shop is not what was approved$/m);
    writeFileSync(join(folder, 'policies/p.yaml'), `# A comment moves every line.\n${POLICY}`);
    const moved = await run(APPLY);
    assert.equal(moved.code, 0, moved.err);
  });
});

test('a plan that was edited by hand to hide a gain is not the plan', async () => {
  await approved(async ({ folder, run }) => {
    const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
    for (const change of plan.accounts) change.gains = [];
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
    assert.deepEqual((await run(APPLY)).err, REFUSED('the change of app@shop is not what was approved'));
  });
});

/** A path into the file, what is put there, and what is said of it. */
const TAMPERED: readonly (readonly [path: string, value: unknown, said: string])[] = [
  ['basis.policyHash', '0'.repeat(64), 'the policy has changed since: sha256 0000000000000000 then'],
  ['basis.server', '7.0.0', 'it was planned for MongoDB 7.0.0, and this is'],
  ['basis.state', {}, 'user root@admin is new since it was planned'],
  ['operations.2.after', {}, 'is not what was approved'],
  ['operations.2.reason.text', 'harmless', 'is not what was approved'],
  ['operations.2', undefined, 'is a part of the plan now, and was not approved'],
  ['accounts.0.willHold', [], 'the change of app@shop is not what was approved'],
  ['accounts.0.why.0.text', 'the owner said so', 'the change of app@shop is not what was approved'],
  ['warnings', [{ message: 'x' }], 'what it warns of is not what was approved'],
  ['evidence.exemptions', [], 'whom the policies exempt is not what was approved'],
  ['summary.create', 0, '"summary" is not what was approved'],
  ['approvedBy', 'somebody', '"approvedBy" was approved, and is no part of the plan now'],
];

test('a plan file in which anything was changed by hand is refused, and what differs is said', async () => {
  await approved(async ({ folder, run }) => {
    const file = join(folder, 'plan.json');
    const text = readFileSync(file, 'utf8');
    for (const [path, value, said] of TAMPERED) {
      const plan = JSON.parse(text);
      const keys = path.split('.');
      const last = keys.pop() ?? '';
      const holder = keys.reduce((part, key) => part[key], plan);
      if (value === undefined) holder.splice(Number(last), 1);
      else holder[last] = value;
      writeFileSync(file, JSON.stringify(plan));
      const { code, err } = await run(APPLY);
      assert.equal(code, 2, path);
      assert.ok(err.startsWith('mongoward: this is not the plan that was approved\n'), `${path}: ${err}`);
      assert.ok(err.includes(said), `${path}: ${err}`);
    }
    for (const [key, value] of [
      ['operations', [null]],
      ['operations', [{ id: 'x' }]],
      ['accounts', [{}]],
      ['accounts', ['app@shop']],
    ] as const) {
      writeFileSync(file, JSON.stringify({ ...JSON.parse(text), [key]: value }));
      assert.match((await run(APPLY)).err, /^mongoward: plan\.json is not a plan\n/);
    }
    writeFileSync(file, text);
    assert.equal((await run(APPLY)).code, 0);
  });
});

test('what is no plan, and what an option would change of it, is refused', async () => {
  await approved(async ({ folder, run }) => {
    assert.match((await run(`${APPLY} --prune`)).err, /^mongoward: --prune is for planning/);
    writeFileSync(join(folder, 'plan.json'), '{"operations": [], "accounts": [], "basis": {}}');
    const broken = await run(APPLY);
    assert.deepEqual(
      [broken.code, broken.err],
      [
        2,
        'mongoward: plan.json is not a plan\n  nothing was changed; mongoward migrate plan -o plan.json writes one\n',
      ],
    );
    writeFileSync(join(folder, 'plan.json'), '{"operations": [');
    assert.match((await run(APPLY)).err, /^mongoward: plan\.json is not a plan: /);
    assert.match((await run(`${APPLY} --to 20260101000000`)).err, /^mongoward: --to names a migration, and --plan/);
  });
});

test('a plan that can not be carried out is not written', async () => {
  await approved(async ({ run }) => {
    await run('migrate new first --cluster here');
    const { code, err } = await run('migrate plan --cluster here -o other.json');
    assert.equal(code, 2);
    assert.match(err, /^mongoward: the plan was not written, because 1 migration is pending\n/);
  });
});

/** Begins the plan, and cuts it off at the user. */
async function beginPlan({ run, harm }: Space): Promise<void> {
  harm(({ name }) => (name === 'createUser' ? { kind: 'cut', seen: false } : { kind: 'pass' }));
  const { code, err } = await run(APPLY);
  assert.equal(code, 2, err);
  harm(() => ({ kind: 'pass' }));
}

test('a plan that was cut off is resumed from its file, and only what is left is done', async () => {
  await approved(async (space) => {
    await beginPlan(space);
    const { code, out, err } = await space.run(APPLY);
    assert.equal(code, 0, err);
    assert.match(
      out.replaceAll(/\s+/g, ' '),
      /^This plan was begun on .* UTC by .* and did not come to its end\. 1 operation of it is left\. /,
    );
    assert.match(out, /\nDone: 1 operation\. Read again: as the policy says\.\n$/);
    assert.match((await space.run(APPLY)).out, /^Nothing to do: /);
  });
});

test('a plan that rewrites accounts is resumed wherever it was cut off', async () => {
  const policy = `${POLICY}
collections: { audit.logs: {} }
restrictions: [{ users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite }]
`;
  const before = (client: MongoClient) =>
    client
      .db('shop')
      .command({ createUser: 'bi', pwd: 'bi-secret', roles: [{ role: 'readAnyDatabase', db: 'admin' }] });
  for (const at of [2, 4, 6, 8]) {
    await approved(
      async ({ run, harm }) => {
        let writes = 0;
        harm(() => {
          writes += 1;
          return writes > at ? { kind: 'cut', seen: at % 4 === 0 } : { kind: 'pass' };
        });
        const cut = await run(APPLY);
        assert.equal(cut.code, 2, cut.out);
        harm(() => ({ kind: 'pass' }));
        // The lock of a process that still lives: this one.
        await run('migrate unlock --cluster here --force');
        const { code, err } = await run(APPLY);
        assert.equal(code, 0, `cut off after ${at} writes: ${err}`);
      },
      { policy, before },
    );
  }
});

test('what was changed beside a plan that was begun is no rest of it', async () => {
  await approved(async (space) => {
    await beginPlan(space);
    const refused = (...details: readonly string[]): string =>
      REFUSED(...details).replace(
        'this is not the plan that was approved',
        'what is left is not the rest of the plan that was approved and begun',
      );
    const root = (command: Document) => space.byHand((client) => client.db('shop').command(command));
    await root({ createUser: 'late', pwd: 'late-secret', roles: [{ role: 'read', db: 'shop' }] });
    assert.equal((await space.run(APPLY)).err, refused('user late@shop is new since it was planned'));
    await root({ dropUser: 'late' });
    await root({ dropRole: 'writer' });
    assert.equal(
      (await space.run(APPLY)).err,
      refused('the operation createRole writer@shop was done, and somebody has undone it since'),
    );
  });
});

test('another file of the same plan begins nothing that the first one began', async () => {
  await approved(async (space) => {
    await beginPlan(space);
    const file = join(space.folder, 'plan.json');
    const plan = JSON.parse(readFileSync(file, 'utf8'));
    plan.basis.rotate = ['app@shop'];
    writeFileSync(file, JSON.stringify(plan));
    const { code, err } = await space.run(APPLY);
    assert.equal(code, 2);
    assert.match(err, /^mongoward: this is not the plan that was approved\n/);
    assert.match(err, /^ {2}role writer@shop is new since it was planned$/m);
  });
});

test('a plan that came to its end is not resumed when somebody has changed the cluster since', async () => {
  await approved(async ({ run, byHand }) => {
    assert.equal((await run(APPLY)).code, 0);
    await byHand((client) => client.db('shop').command({ dropUser: 'app' }));
    const { code, err } = await run(APPLY);
    assert.equal(code, 2);
    assert.match(err, /^mongoward: this is not the plan that was approved\n/);
  });
});
