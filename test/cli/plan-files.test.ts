/** A plan that is approved and carried out later: exactly that, or nothing, and why not. On the sandbox. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
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
}

/** A cluster for which a plan was made and approved. */
async function approved(work: (space: Space) => Promise<void>): Promise<void> {
  const config = 'clusters:\n  here: { uri: { fromEnv: HERE } }\n  there: { uri: { fromEnv: THERE } }\n';
  const [here, there] = await Promise.all([
    startSandbox({ root: { user: 'root', password: 'very-secret' } }),
    startSandbox({ root: { user: 'root', password: 'very-secret' } }),
  ]);
  const uri = (host: string): string => `mongodb://root:very-secret@${host}/?authSource=admin`;
  try {
    await inFolder({ 'policies/p.yaml': POLICY, 'mongoward.config.yaml': config }, async (cwd) => {
      const env = { HERE: uri(here.host), THERE: uri(there.host), APP_PASSWORD: 'also-secret' };
      const run = (line: string): Promise<Ran> => mongoward(line.split(' '), { cwd, env });
      const { code, err } = await run('migrate plan --cluster here -o plan.json');
      assert.equal(code, 0, err);
      assert.equal(err, 'written: plan.json; once approved: mongoward migrate apply --plan plan.json --cluster here\n');
      await work({ folder: cwd, run, byHand: (byHand) => withMongo(env.HERE, byHand) });
    });
  } finally {
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
    assert.match(err, /^mongoward: 1 migration is pending, so that the plan was not written\n/);
  });
});
