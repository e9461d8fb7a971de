/** The commands as a user runs them, on the sandbox and on snapshots: what they print and how they exit. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSandbox } from '../../src/sandbox/server.ts';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward, withoutEvidence } from './terminal.ts';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: shop }
collections:
  audit.logs: { protection: append-only, schema: { bsonType: object } }
roles:
  writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] }
users:
  app@admin: { roles: [writer@audit], password: { fromEnv: APP_PASSWORD } }
breakGlass:
  - { user: root@admin, reason: last resort, until: 2099-12-31 }
`;

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let uri: string;

before(async () => {
  sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
  uri = `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`;
});

after(() => sandbox.stop());

/** Runs command lines one after the other in a folder with the policy. */
function workspace<T>(
  work: (run: (line: string, answer?: string) => ReturnType<typeof mongoward>) => Promise<T>,
): Promise<T> {
  const config = 'clusters:\n  here: { uri: { fromEnv: HERE } }\n';
  return inFolder({ 'policies/p.yaml': POLICY, 'mongoward.config.yaml': config }, (cwd) =>
    work((line, answer) => {
      const env = { HERE: uri, APP_PASSWORD: 'also-secret' };
      return mongoward(line.split(' '), { cwd, env, ...(answer === undefined ? {} : { answer }) });
    }),
  );
}

function assertShape(name: string, text: string): void {
  assertFits(name, JSON.parse(text));
}

test('from plan to drift: what each command says, and how it exits', async () => {
  await workspace(async (run) => {
    const plan = await run('migrate plan --cluster here --check');
    assert.equal(plan.code, 1);
    assert.match(
      plan.out,
      /^Plan for policy "shop" on here \(127\.0\.0\.1:\d+\) \(MongoDB 8\.0\.\d+,\sstandalone,\ssimulated\)\n/,
    );
    assert.match(
      plan.out,
      /\n3 to create, 0 to change, 0 to drop; 3 entries in the ownership record\. 1\nbreak-glass account exempt\.\n$/,
    );
    assert.ok(
      plan.out.split('\n').every((line) => line.length <= 80),
      plan.out,
    );

    const json = await run('migrate plan --cluster here --format json');
    assertShape('migrate-plan', json.out);
    assert.equal((await run('migrate plan --cluster here --format json')).out, json.out);

    const declined = await run('migrate apply --from-policy --cluster here', 'n');
    assert.equal(declined.code, 2);
    assert.match(declined.out, /Nothing was changed\.\n$/);
    assert.equal((await run('migrate plan --cluster here --check')).code, 1);

    const applied = await run('migrate apply --from-policy --cluster here', 'yes');
    assert.equal(applied.code, 0);
    assert.match(applied.out, /\nDone: 6 operations\. Read again: as the policy says\.\n$/);

    assert.deepEqual(await run('migrate apply --from-policy --cluster here --yes'), {
      code: 0,
      out: `Nothing to do: here (${sandbox.host}) is as the policy "shop" says. Nothing was\nwritten.\n`,
      err: '',
    });
    const clean = await run('drift report --cluster here');
    assert.equal(clean.code, 0);
    assert.match(clean.out, /\n\nNo drift from policy "shop"\. 1 break-glass account exempt\.\n$/);
    assertShape('drift-report', (await run('drift report --cluster here --format json')).out);

    for (const { out, err } of [plan, json, applied, clean]) assert.doesNotMatch(out + err, /very-secret|also-secret/);
  });
});

test('a snapshot stands in for the cluster, and holds no credentials', async () => {
  await workspace(async (run) => {
    const taken = await run('cluster snapshot --cluster here -o now.json');
    assert.equal(taken.code, 0);
    assert.match(taken.err, /^now\.json: \d+ custom roles?, \d+ users?, \d+ databases? of here/);
    const printed = await run('cluster snapshot --cluster here');
    assert.doesNotMatch(printed.out, /secret|storedKey|salt/);
    const drift = async (from: string): Promise<unknown> => {
      const { code, out, err } = await run(`drift report ${from} --format json`);
      return { code, err, ...JSON.parse(out), evidence: undefined };
    };
    assert.deepEqual(await drift('--snapshot now.json'), await drift('--cluster here'));
  });
});

test('drift is found in a snapshot made by hand, and what it leaves out is not taken for none', async () => {
  const snapshot = JSON.stringify({
    mongowardSnapshot: 1,
    server: { version: '7.0.5' },
    roles: [
      {
        role: 'writer',
        db: 'audit',
        privileges: [{ resource: { db: 'audit', collection: 'logs' }, actions: ['insert', 'remove'] }],
        roles: [],
      },
    ],
    users: [{ user: 'app', db: 'admin', roles: [{ role: 'writer', db: 'audit' }] }],
  });
  await inFolder({ 'policies/p.yaml': POLICY, 's.json': snapshot }, async (cwd) => {
    const { code, out } = await mongoward(['drift', 'report', '--snapshot', 's.json'], { cwd });
    assert.equal(code, 2);
    assert.match(
      out,
      /the role writer@audit is not as the policy says\n {4} privileges:\n {4} {3}audit\.logs:\n {4} {5}- insert\n {4}- {4}- remove\n/,
    );
    assert.match(out, /not seen {2}databases: the snapshot leaves them out: add "databases",/);
    assert.match(out, /app@admin can alter audit\.logs through writer@audit\. It can delete documents/);
    const plan = await mongoward(['migrate', 'plan', '--snapshot', 's.json'], { cwd });
    assert.equal(plan.code, 2);
    assert.match(plan.out, /\nThis plan can't be applied: 2 obstacles\.\n$/);
  });
});

test('policy show prints presets, defaults and variables written out, and secrets as where they are read from', async () => {
  await workspace(async (run) => {
    const { code, out } = await run('policy show');
    assert.equal(code, 0);
    assert.match(out, /writer@audit:\n {4}privileges:\n {6}audit\.logs:\n {8}- insert\n/);
    assert.match(out, /validationLevel: strict\n {4}validationAction: error\n/);
    assert.match(out, /password:\n {6}fromEnv: APP_PASSWORD\n/);
    JSON.parse((await run('policy show --format json')).out);
  });
});

test('policy show says which variables a policy uses, with the value that counts and who gives it', async () => {
  const files = {
    'mongoward.config.yaml': 'clusters: { prod: { uri: { fromEnv: U }, variables: { db: shop-prod } } }\n',
    'policies/p.yaml':
      'apiVersion: mongoward/v1\nmetadata: { name: shop }\nvariables: { db: shop, team: a, unused: x }\n' +
      `users: { "app-$\{team}-$\{env}@admin": { roles: ["read@$\{db}"], password: { fromEnv: A } } }\n`,
  };
  await inFolder(files, async (cwd) => {
    const argv = ['policy', 'show', '--cluster', 'prod', '--format', 'json'];
    const { code, out, err } = await mongoward(argv, { cwd, env: { MONGOWARD_VAR_env: 'e' } });
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out).variables, {
      db: { value: 'shop-prod', from: 'the cluster prod' },
      env: { value: 'e', from: 'MONGOWARD_VAR_env' },
      team: { value: 'a', from: 'the policy' },
    });
  });
});

test('the shipped policy and every template lint clean', async () => {
  const linted = async (...paths: readonly string[]) => {
    const ran = await mongoward(['policy', 'lint', ...paths]);
    return { ...ran, out: withoutEvidence(ran.out) };
  };
  const clean = (out: string) => ({ code: 0, out, err: '' });
  assert.deepEqual(
    await linted('policies'),
    clean('Clean: policy "audit-trail" in 1 file. Guard lowered by 1 break-glass account, 1\nexception.\n'),
  );
  const rest = await linted('templates', '--var', 'database=shop');
  assert.deepEqual(
    rest,
    clean(
      'Clean: policy "application", "backup", "exporter", "mongoward-apply",\n"mongoward-watch" in 5 files, 6 suppressed.\n',
    ),
  );
});

test('an account that may change everything is told beside the trail, until the trail says that it is exempt', async () => {
  const files = ['policies/audit-trail.yaml', 'templates/mongoward-apply.yaml'];
  const { code, out } = await mongoward(['policy', 'lint', ...files]);
  assert.equal(code, 1);
  assert.match(out, /mongoward-apply@admin can alter and destroy audit\.logs.*\(of the policy "audit-trail"/s);
});

test('a policy that breaks its own protection is a finding at the grant', async () => {
  const broken = POLICY.replace('allow: insert-only', 'allow: [insert, remove]');
  await inFolder({ 'policies/p.yaml': broken }, async (cwd) => {
    const { code, out } = await mongoward(['policy', 'lint', '--format', 'json'], { cwd });
    assertShape('policy-lint', out);
    assert.equal(code, 1);
    const findings: { rule: string; file: string; line: number }[] = JSON.parse(out).findings;
    const finding = findings.find(({ rule }) => rule === 'protection/append-only');
    assert.deepEqual([finding?.file, finding?.line], ['policies/p.yaml', 6]);
  });
});

for (const line of [
  '',
  'policy',
  'policy lint',
  'policy show',
  'migrate',
  'migrate plan',
  'migrate apply',
  'drift',
  'drift report',
  'drift watch',
  'cluster',
  'cluster snapshot',
  'demo',
]) {
  test(`--help of "mongoward ${line}" fits 80 columns${line.includes(' ') || line === 'demo' ? ' and has an example' : ''}`, async () => {
    const { code, out: help } = await mongoward([...line.split(' ').filter(Boolean), '--help']);
    assert.equal(code, 0);
    assert.ok(
      help.split('\n').every((text) => text.length <= 80),
      help,
    );
    if (line.includes(' ') || line === 'demo') assert.match(help, /Examples:\n {2}mongoward /);
  });
}
