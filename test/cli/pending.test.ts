/** What is pending is told by every command that looks at a cluster, with what it would do. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const TRAIL = `apiVersion: mongoward/v1
metadata: { name: trail }
breakGlass: [{ user: root@admin, reason: last resort, until: 2099-12-31 }]
collections:
  audit.logs: { protection: append-only }
`;
const SHOP = `roles:
  cleaner@audit: { privileges: [{ on: audit.logs, allow: [remove] }] }
users:
  billing@admin: { roles: [cleaner@audit], password: { fromEnv: PASSWORD } }
`;

interface Space {
  readonly cwd: string;
  run(line: string): Promise<Ran>;
  /** The text of the only migration, and how to put another one in its place. */
  read(): string;
  write(text: string): Promise<void>;
  findings(where?: string): Promise<readonly string[]>;
  asRoot(work: (root: MongoClient) => Promise<void>): Promise<void>;
}

function space(work: (space: Space) => Promise<void>): Promise<void> {
  const files = {
    'mongoward.config.yaml': 'clusters: { here: { uri: { fromEnv: HERE } } }\n',
    'policies/p.yaml': TRAIL.replace(/collections:\n.*\n/, SHOP),
  };
  return inFolder(files, async (cwd) => {
    const sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
    const uri = (login: string): string => `mongodb://${login}@${sandbox.host}/?authSource=admin`;
    const env = { HERE: uri('root:very-secret'), READER: uri('reader:r'), PASSWORD: 'also-secret' };
    const run = (line: string): Promise<Ran> => mongoward(line.split(' '), { cwd, env });
    const path = (): string => {
      const [name = ''] = readdirSync(join(cwd, 'migrations')).filter((file) => file.endsWith('.yaml'));
      return join(cwd, 'migrations', name);
    };
    try {
      assert.equal((await run('migrate new first --cluster here')).code, 0);
      await work({
        cwd,
        run,
        read: () => readFileSync(path(), 'utf8'),
        write: async (text) => {
          writeFileSync(path(), text);
          await run('migrate rebase');
        },
        asRoot: (asked) => withMongo(env.HERE, asked),
        findings: async (where = '--cluster here') => {
          const { out } = await run(`drift report ${where} --format json`);
          const found: readonly { readonly rule: string; readonly severity: string; readonly message: string }[] =
            JSON.parse(out).findings;
          return found
            .filter(({ rule }) => rule.startsWith('migration/'))
            .map(({ rule, severity, message }) => `${severity} ${rule} ${message}`);
        },
      });
    } finally {
      await sandbox.stop();
    }
  });
}

const FILE = '20261123120000_first.yaml';

test('the drift report names a pending migration until it is applied, and one that was edited', async () => {
  await space(async ({ run, read, write, findings }) => {
    assert.deepEqual(await findings(), [`warning migration/pending ${FILE}: it is pending`]);
    assert.equal((await run('migrate apply --cluster here --yes')).code, 0);
    assert.deepEqual(await findings(), []);
    await write(`${read()}\n`);
    assert.deepEqual(await findings(), [
      `error migration/edited ${FILE}: it is not the file that was applied on this cluster`,
    ]);
  });
});

test('a pending migration that would violate a policy: drift, status, plan and apply say so', async () => {
  await space(async ({ cwd, run, findings }) => {
    writeFileSync(join(cwd, 'policies/p.yaml'), TRAIL);
    const violated = 'billing@admin can alter audit.logs through cleaner@audit';
    const violating = (await findings()).filter((text) => text.includes('violating'));
    assert.equal(violating.length, 1);
    assert.ok(
      violating[0]?.startsWith(`error migration/violating ${FILE}: once it is applied: ${violated}`),
      violating[0],
    );
    const status = await run('migrate status --cluster here');
    assert.equal(status.code, 2);
    assert.ok(status.out.includes(`x violating migrations/${FILE}\n  ${violated}`), status.out);
    const plan = await run('migrate plan --check --cluster here');
    assert.deepEqual([plan.code, plan.out.includes(violated)], [1, true]);
    const apply = await run('migrate apply --yes --cluster here');
    assert.deepEqual([apply.code, apply.err.includes(violated)], [2, true]);
  });
});

test('a pending migration whose comment is kinder than it is: drift, status, plan, new and apply say so', async () => {
  await space(async ({ run, read, write, findings }) => {
    await write(read().replace(/# 1\. .*/, '# 1. revoke everything'));
    const says = 'the comment says "1. revoke everything", and the operation below is "1. ';
    const [first = '', second = '', ...rest] = await findings();
    assert.deepEqual(rest, []);
    assert.ok(
      first.startsWith(`error migration/misleading ${FILE}: it says something else than its operations do: line `),
    );
    assert.ok(first.includes(says), first);
    assert.equal(second, `warning migration/pending ${FILE}: it is pending`);
    const status = await run('migrate status --cluster here --format json');
    assert.equal(status.code, 2);
    assert.deepEqual(
      JSON.parse(status.out).problems.map(({ kind, file }: { kind: string; file: string }) => [kind, file]),
      [['misleading', `migrations/${FILE}`]],
    );
    const refusal = `${FILE} says something else than its operations do\n`;
    for (const [command, expected] of [
      ['plan --check', 1],
      ['new second', 2],
      ['apply --yes', 2],
    ] as const) {
      const { code, err } = await run(`migrate ${command} --cluster here`);
      assert.deepEqual([code, err.includes(refusal)], [expected, true], `${command}: ${err}`);
    }
  });
});

const NOT_IN_PLACE = `warning migration/pending ${FILE}: not everything that it does is in place. Without the journal nobody can tell whether it is still to be applied, or what it did was changed since`;

/** Of somebody who can see everything but what Mongoward keeps in collections of its own. */
const READER = [
  { resource: { cluster: true }, actions: ['listDatabases', 'getCmdLineOpts'] },
  { resource: { db: '', collection: '' }, actions: ['listCollections', 'listIndexes'] },
  { resource: { db: 'admin', collection: '' }, actions: ['viewRole'] },
  { resource: { db: 'admin', collection: 'system.roles' }, actions: ['find'] },
  { resource: { db: 'admin', collection: 'system.users' }, actions: ['find'] },
  { resource: { db: 'mongoward', collection: 'objects' }, actions: ['find'] },
];

async function makeReader(root: MongoClient): Promise<void> {
  await root.db('admin').command({ createRole: 'reader', privileges: READER, roles: [] });
  await root.db('admin').command({ createUser: 'reader', pwd: 'r', roles: ['reader'] });
}

/** How a report in each form says that a part was not seen. */
async function assertUnseen(run: Space['run'], where: string, what: string): Promise<void> {
  for (const [format, says] of [
    ['text', 'No drift in what could be seen from policy "trail"'],
    ['json', `"unreadable": [\n    {\n      "what": "${what}"`],
    ['junit', 'errors="1"'],
    ['sarif', '"executionSuccessful": false'],
    ['github', `not seen: ${what}`],
    ['markdown', `**not seen**: ${what}`],
    ['html', 'and 1 part could not be seen'],
    ['prometheus', 'mongoward_drift_unseen_parts{cluster="here",policy="trail"} 1'],
  ] as const) {
    const { code, out } = await run(`drift report ${where} --format ${format}`);
    assert.deepEqual([code, out.includes(says)], [2, true], `${format}: ${out}`);
  }
}

test('a journal that could not be read is a part that was not seen, and nothing is called pending because of it', async () => {
  await space(async ({ cwd, run, findings, asRoot }) => {
    assert.equal((await run('migrate apply --cluster here --yes')).code, 0);
    await asRoot(makeReader);
    writeFileSync(join(cwd, 'mongoward.config.yaml'), 'clusters: { here: { uri: { fromEnv: READER } } }\n');
    assert.deepEqual(await findings(), []);
    await assertUnseen(run, '--cluster here', 'the journal of migrations');
    const doctor = await run('cluster doctor --cluster here');
    assert.ok(doctor.out.includes('lacks  drift report: find on mongoward.migrations\n'), doctor.out);
    await asRoot(
      async (root) =>
        void (await root
          .db('admin')
          .command({ revokeRolesFromUser: 'billing', roles: [{ role: 'cleaner', db: 'audit' }] })),
    );
    assert.deepEqual(await findings(), [NOT_IN_PLACE]);
  });
});

test('a document in the journal that is no entry makes the report no better', async () => {
  await space(async ({ run, asRoot }) => {
    assert.equal((await run('migrate apply --cluster here --yes')).code, 0);
    await asRoot(async (root) => void (await root.db('mongoward').collection('migrations').insertOne({ a: 1 })));
    await assertUnseen(run, '--cluster here', 'the journal of migrations');
  });
});

test('a folder of migrations of which nobody can say whose it is was not seen', async () => {
  await space(async ({ cwd, run }) => {
    assert.equal((await run('migrate apply --cluster here --yes')).code, 0);
    const two = 'clusters: { here: { uri: { fromEnv: HERE } }, there: { uri: { fromEnv: HERE } } }\n';
    writeFileSync(join(cwd, 'mongoward.config.yaml'), two);
    await assertUnseen(run, '--cluster here', 'the folder of migrations');
  });
});

test('of a snapshot nobody says that an applied migration no longer fits, or is to be removed', async () => {
  await space(async ({ cwd, run, findings, asRoot }) => {
    assert.equal((await run('migrate apply --cluster here --yes')).code, 0);
    await run('cluster snapshot --cluster here -o done.json');
    assert.deepEqual(await findings('--snapshot done.json'), []);
    await asRoot(async (root) => {
      const resource = { db: 'audit', collection: 'logs' };
      const privileges = [{ resource, actions: ['find'] }];
      await root.db('audit').command({ grantPrivilegesToRole: 'cleaner', privileges });
    });
    await run('cluster snapshot --cluster here -o later.json');
    assert.deepEqual(await findings('--snapshot later.json'), [NOT_IN_PLACE]);
    const { code, err } = await run('migrate plan --snapshot later.json');
    assert.deepEqual(
      [code, err.split('\n').map((line) => line.trim())],
      [
        2,
        [
          `mongoward: ${FILE} is neither in place nor still to be applied as it was planned`,
          'cleaner@audit has changed since this migration was planned',
          'only the journal tells whether it was applied and its target changed since, and a snapshot has none: use --cluster instead of --snapshot; nothing was changed',
          '',
        ],
      ],
    );
    // A snapshot that shows neither roles nor users nor records says nothing of the file.
    const {
      roles: _roles,
      users: _users,
      objects: _objects,
      ...rest
    } = JSON.parse(readFileSync(join(cwd, 'later.json'), 'utf8'));
    writeFileSync(join(cwd, 'blind.json'), JSON.stringify(rest));
    assert.deepEqual(await findings('--snapshot blind.json'), []);
  });
});
