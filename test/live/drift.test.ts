/**
 * Every kind of drift, on a server: something causes it, `drift report` finds it and exits as it says, something mends it,
 * and it is gone.
 */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Binary, type Db, type MongoClient, UUID } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import type { DriftRuleName } from '../../src/drift/rules.ts';
import { mongoward, type Ran } from '../cli/terminal.ts';
import { type LiveServer, startLiveServer, uniqueName, withLive } from './server.ts';

const db = uniqueName('drift');
const slug = db.replace('_', '-');
const LOGS = `${db}.logs`;
const VAULT = `${db}_keys.vault`;
const SERVICE = `${db}-service@admin`;

/** What a case says besides; `instead` takes the place of the protected collection. */
interface Policy {
  readonly collection?: string;
  readonly more?: string;
}

/** Stands for the file in the folder of migrations. */
const MIGRATION = 'the migration';

const DUE = 'reviewEvery: 30d';
const SEALED = (more = ''): string => `
    encryption:
      keyVault: ${VAULT}
      ${more}
      fields: { mail: { bsonType: string, algorithm: random, keyAltName: pii } }`;

function policyText({ collection = '', more = '' }: Policy, others: readonly string[]): string {
  const exempt = others.map(
    (name) => `  - { user: ${JSON.stringify(name)}, reason: of the server, until: 2099-12-31 }`,
  );
  return `apiVersion: mongoward/v1
metadata: { name: ${db} }
collections:
  ${LOGS}:
    protection: append-only
    access: { insert: [${SERVICE}], read: [] }
    dedicatedDatabase: true
    retention: forever${collection}
roles:
  writer@${db}: { privileges: [{ on: ${LOGS}, allow: insert-only }] }
users:
  ${SERVICE}: { roles: [writer@${db}], password: { fromEnv: PASSWORD } }
breakGlass:
${exempt.join('\n')}
${more}`;
}

interface Case {
  readonly rule: DriftRuleName;
  readonly target: string;
  /** How it is brought about, where a rule has several ways. */
  readonly how?: string;
  readonly severity?: 'warning' | 'info';
  readonly policy?: Policy;
  /** The policy that mends it; absent: the same. */
  readonly mended?: Policy;
  cause?(root: MongoClient): Promise<unknown>;
  mend?(root: MongoClient): Promise<unknown>;
}

const of = (root: MongoClient): Db => root.db(db);
const stranger = `${db}-stranger@admin`;
const makeStranger = (root: MongoClient, roles: readonly object[]) =>
  root.db('admin').command({ createUser: `${db}-stranger`, pwd: 'p', roles: [...roles] });
const dropStranger = (root: MongoClient) => root.db('admin').command({ dropUser: `${db}-stranger` });
const grantedTo = (root: MongoClient, on: string, collection: string, actions: readonly string[]) =>
  root.db(on).command({
    createRole: `${db}-granted`,
    privileges: [{ resource: { db: on, collection }, actions: [...actions] }],
    roles: [],
  });

/** A role on a collection and its only holder, and both away. */
function holder(on: string, collection: string, actions: readonly string[]) {
  return {
    cause: async (root: MongoClient) => {
      await grantedTo(root, on, collection, actions);
      await makeStranger(root, [{ role: `${db}-granted`, db: on }]);
    },
    mend: async (root: MongoClient) => {
      await dropStranger(root);
      await root.db(on).command({ dropRole: `${db}-granted` });
    },
  };
}

const vault = (root: MongoClient) => root.db(`${db}_keys`).collection('vault');
const dropVault = (root: MongoClient) => root.db(`${db}_keys`).dropDatabase();

async function makeKeys(root: MongoClient, names: readonly string[], day = '2026-11-01'): Promise<void> {
  const date = new Date(`${day}T00:00:00Z`);
  await vault(root).insertMany(
    names.map((name) => ({
      _id: new Binary(new UUID().buffer, Binary.SUBTYPE_UUID) as never,
      keyMaterial: new Binary(new Uint8Array(160)),
      creationDate: date,
      updateDate: date,
      status: 0,
      masterKey: { provider: 'local' },
      keyAltNames: [name],
    })),
  );
}

const EXTRA = `  extra@${db}: { privileges: [{ on: ${LOGS}, allow: insert-only }] }\n`;
const until = (day: string): string => `  - { user: gone@admin, reason: r, until: ${day} }`;
const risk = (day: string, rule = 'cluster/version', target = 'cluster'): string =>
  `acceptedRisks: [{ rule: ${rule}, target: ${target}, reason: r, until: ${day} }]\n`;
const TOO_NEW = 'cluster: { version: ">=99.0" }\n';

const CASES: readonly Case[] = [
  {
    rule: 'drift/missing',
    target: `writer@${db}`,
    cause: (root) => of(root).command({ dropRole: 'writer' }),
  },
  {
    rule: 'drift/changed',
    how: 'a role that somebody has widened',
    target: `writer@${db}`,
    cause: (root) =>
      of(root).command({
        grantPrivilegesToRole: 'writer',
        privileges: [{ resource: { db, collection: 'logs' }, actions: ['collStats'] }],
      }),
  },
  {
    rule: 'drift/changed',
    how: 'a validator that somebody has taken away',
    target: LOGS,
    policy: { collection: '\n    schema: { bsonType: object, required: [at] }' },
    cause: async (root) => {
      await apply();
      await of(root).command({ collMod: 'logs', validator: {} });
    },
  },
  {
    rule: 'drift/changed',
    how: 'a TTL index',
    target: `${LOGS}.$ttl`,
    cause: (root) => of(root).collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 60 }),
  },
  {
    rule: 'drift/obstacle',
    target: LOGS,
    cause: async (root) => {
      await of(root).dropCollection('logs');
      await of(root).createCollection('logs', { capped: true, size: 4096 });
    },
    mend: (root) => of(root).dropCollection('logs'),
  },
  {
    rule: 'drift/orphaned',
    target: `extra@${db}`,
    cause: () => apply({}, EXTRA),
    mend: () => apply({}, '', ['--prune']),
  },
  {
    rule: 'drift/unrecorded',
    severity: 'info',
    target: `writer@${db}`,
    cause: (root) =>
      root
        .db('mongoward')
        .collection('objects')
        .deleteOne({ target: `writer@${db}` }),
  },
  {
    rule: 'inventory/stranger',
    target: stranger,
    policy: { more: 'inventory: closed\n' },
    mended: {},
    cause: (root) => makeStranger(root, []),
    mend: dropStranger,
  },
  { rule: 'protection/append-only', target: stranger, ...holder(db, 'logs', ['remove']) },
  {
    rule: 'protection/read-only',
    target: stranger,
    policy: { collection: `\n  ${db}_keys.people: { protection: read-only }` },
    ...holder(`${db}_keys`, 'people', ['insert']),
  },
  { rule: 'protection/access', target: stranger, ...holder(db, 'logs', ['find']) },
  {
    rule: 'protection/dedicated-database',
    target: db,
    cause: (root) => of(root).createCollection('carts'),
    mend: (root) => of(root).dropCollection('carts'),
  },
  {
    rule: 'restriction/reach',
    target: stranger,
    policy: { more: `restrictions: [{ users: "${stranger}", on: ${db}_keys.*, deny: [read] }]\n` },
    ...holder(`${db}_keys`, 'vault', ['find']),
  },
  {
    rule: 'cluster/version',
    target: 'cluster',
    policy: { more: TOO_NEW },
    mended: {},
  },
  {
    rule: 'break-glass/near-end',
    severity: 'warning',
    target: 'gone@admin',
    policy: { more: until('2026-12-01') },
    mended: { more: until('2027-06-30') },
  },
  {
    rule: 'break-glass/expired',
    target: 'gone@admin',
    policy: { more: until('2026-11-22') },
    mended: { more: until('2027-06-30') },
  },
  {
    rule: 'attestations/overdue',
    severity: 'warning',
    target: 'kafka-retention',
    policy: {
      more: `attestations: [{ control: kafka-retention, value: 3d, owner: o, reviewedOn: 2026-01-01, ${DUE} }]\n`,
    },
    mended: {
      more: `attestations: [{ control: kafka-retention, value: 3d, owner: o, reviewedOn: 2026-11-01, ${DUE} }]\n`,
    },
  },
  {
    rule: 'accepted-risk/near-end',
    severity: 'warning',
    target: 'cluster',
    policy: { more: `${TOO_NEW}${risk('2026-12-01')}` },
    mended: { more: `${TOO_NEW}${risk('2027-06-30')}` },
  },
  {
    rule: 'accepted-risk/ended',
    severity: 'warning',
    target: 'cluster',
    policy: { more: `${TOO_NEW}${risk('2026-11-22')}` },
    mended: {},
  },
  {
    rule: 'accepted-risk/covers-nothing',
    severity: 'warning',
    target: 'cluster',
    policy: { more: risk('2027-06-30') },
    mended: {},
  },
  {
    rule: 'encryption/key-missing',
    severity: 'warning',
    target: VAULT,
    policy: { collection: SEALED() },
    cause: () => apply({ collection: SEALED() }),
    mend: (root) => makeKeys(root, ['pii']),
  },
  {
    rule: 'encryption/key-age',
    target: VAULT,
    policy: { collection: SEALED('rotateAfter: 90d') },
    cause: async (root) => {
      await vault(root).deleteMany({});
      await makeKeys(root, ['pii'], '2026-01-01');
    },
    mend: (root) => vault(root).updateMany({}, { $set: { updateDate: new Date('2026-11-20') } }),
  },
  {
    rule: 'encryption/master-key',
    target: VAULT,
    policy: { collection: SEALED('kms: { provider: aws, region: eu-west-1, key: master }') },
    mended: { collection: SEALED() },
  },
  {
    rule: 'encryption/key-vault-access',
    target: SERVICE,
    policy: { collection: SEALED() },
    cause: async (root) => {
      await grantedTo(root, `${db}_keys`, 'vault', ['find', 'remove']);
      await root.db('admin').command({
        grantRolesToUser: `${db}-service`,
        roles: [{ role: `${db}-granted`, db: `${db}_keys` }],
      });
    },
    mend: (root) => root.db(`${db}_keys`).command({ dropRole: `${db}-granted` }),
  },
  {
    rule: 'encryption/key-vault-find',
    severity: 'warning',
    target: SERVICE,
    policy: { collection: SEALED() },
    mended: {},
  },
  {
    rule: 'encryption/key-vault-index',
    target: VAULT,
    policy: { collection: SEALED() },
    cause: async (root) => {
      await apply({ collection: SEALED() });
      await vault(root).dropIndex('keyAltNames_1');
      await vault(root).createIndex({ keyAltNames: 1 }, { name: 'plain' });
    },
    mend: (root) => vault(root).dropIndex('plain'),
  },
  {
    rule: 'encryption/key-shared-name',
    target: VAULT,
    policy: { collection: SEALED() },
    cause: async (root) => {
      await vault(root).dropIndex('keyAltNames_1');
      await makeKeys(root, ['pii']);
    },
    mend: async (root) => {
      await dropVault(root);
      await apply({ collection: SEALED() });
      await makeKeys(root, ['pii']);
    },
  },
  {
    rule: 'migration/pending',
    severity: 'warning',
    target: MIGRATION,
    cause: async (root) => {
      await of(root).command({ dropRole: 'writer' });
      await run(`migrate new ${slug}-one --cluster live`);
    },
    mend: async () => forgetMigrations(),
  },
  {
    rule: 'migration/edited',
    target: MIGRATION,
    cause: async (root) => {
      await of(root).command({ dropRole: 'writer' });
      await run(`migrate new ${slug}-edited --cluster live`);
      appendFileSync(join(folder, 'migrations', migration()), '# more\n');
    },
    mend: async () => forgetMigrations(),
  },
  {
    rule: 'migration/misleading',
    target: MIGRATION,
    cause: async (root) => {
      await of(root).command({ dropRole: 'writer' });
      await run(`migrate new ${slug}-two --cluster live`);
      appendFileSync(join(folder, 'migrations', migration()), '# grants nothing\n');
    },
    mend: async () => forgetMigrations(),
  },
  {
    rule: 'migration/unfit',
    target: MIGRATION,
    cause: async (root) => {
      await of(root).command({ dropRole: 'writer' });
      await run(`migrate new ${slug}-three --cluster live`);
      await of(root).command({ createRole: 'writer', privileges: [], roles: [] });
    },
    mend: async () => forgetMigrations(),
  },
];

let server: LiveServer;
let folder: string;

before(async () => {
  server = await startLiveServer();
  folder = mkdtempSync(join(tmpdir(), 'mongoward-drift-'));
  mkdirSync(join(folder, 'policies'));
  writeFileSync(join(folder, 'mongoward.config.yaml'), 'clusters:\n  live: { uri: { fromEnv: LIVE_URI } }\n');
  await apply();
});

after(async () => {
  await withMongo(server.rootUri, async (root) => {
    for (const name of ['service', 'stranger']) {
      await root
        .db('admin')
        .command({ dropUser: `${db}-${name}` })
        .catch(() => {});
    }
    for (const name of [db, `${db}_keys`]) {
      await root
        .db(name)
        .command({ dropAllRolesFromDatabase: 1 })
        .catch(() => {});
      await root.db(name).dropDatabase();
    }
    await root.db('mongoward').collection('objects').deleteMany({ policy: db });
  });
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(line: string): Promise<Ran> {
  const ran = await mongoward(line.split(' '), { cwd: folder, env: { LIVE_URI: server.rootUri, PASSWORD: 'p' } });
  assert.notEqual(ran.code, 2, `${line}: ${ran.err}`);
  return ran;
}

/** Whoever is on the server besides is exempt: other accounts come and go there. */
async function writePolicy(policy: Policy = {}, roles = ''): Promise<void> {
  await withMongo(server.rootUri, async (root) => {
    const { users } = await root.db('admin').command({ usersInfo: { forAllDBs: true } });
    const others = users
      .filter(({ user }: { user: string }) => !user.startsWith(db))
      .map(({ user, db: on }: { user: string; db: string }) => `${user}@${on}`);
    const text = policyText(policy, others).replace('\nusers:\n', `\n${roles}users:\n`);
    writeFileSync(join(folder, 'policies/p.yaml'), text);
  });
}

async function apply(policy: Policy = {}, roles = '', options: readonly string[] = []): Promise<void> {
  await writePolicy(policy, roles);
  await run(['migrate apply --cluster live --from-policy --yes', ...options].join(' '));
}

function forgetMigrations(): void {
  rmSync(join(folder, 'migrations'), { recursive: true });
}

function migration(): string {
  return readdirSync(join(folder, 'migrations')).find((name) => name.endsWith('.yaml')) ?? '';
}

/** The findings of one rule on one target, and how the report exits with `--fail-on`. */
async function report(rule: string, target: string, failOn: string) {
  const { code, out } = await run(`drift report --cluster live --format json --fail-on ${failOn}`);
  const { findings } = JSON.parse(out);
  const found = findings.filter(
    (finding: { rule: string; target: string }) => finding.rule === rule && finding.target === target,
  );
  return { code, found, all: JSON.stringify(findings, ['rule', 'severity', 'target', 'message'], 1) };
}

test('a cluster that is as its policy says has no findings that count, and the report exits with 0', async () => {
  await writePolicy();
  const { code, all } = await report('', '', 'error');
  assert.equal(code, 0, all);
});

for (const { rule, how, target, severity = 'error', policy, mended, cause, mend } of CASES) {
  test(`${rule}${how === undefined ? '' : `: ${how}`}`, async () => {
    await writePolicy(policy);
    await withMongo(server.rootUri, async (root) => {
      await cause?.(root);
      await writePolicy(policy);
      const named = target === MIGRATION ? migration() : target;
      const caused = await report(rule, named, severity);
      assert.deepEqual(
        caused.found.map((finding: { severity: string }) => finding.severity),
        [severity],
        caused.all,
      );
      assert.equal(caused.code, 1);
      await mend?.(root);
      // What has left the policy since would be told as orphaned.
      await apply(mended ?? policy, '', ['--prune']);
      const gone = await report(rule, named, 'error');
      assert.deepEqual(gone.found, []);
      assert.equal(gone.code, 0, gone.all);
    });
  });
}

test('what the deployment is, demanded otherwise, is found; demanded as it is, nothing is', async () => {
  const { settings = {} } = await withLive(server.rootUri, (cluster) => cluster.read());
  const word = (on: boolean): string => (on ? 'enabled' : 'disabled');
  const switches = [
    ['localhost-exception', 'localhostException', settings.localhostException],
    ['javascript', 'serverSideJavaScript', settings.javascript],
    ['auditing', 'auditing', settings.auditing],
    ['encryption-at-rest', 'encryptionAtRest', settings.encryptionAtRest],
  ] as const;
  const lists = [
    ['mechanisms', 'mechanisms', settings.mechanisms],
    ['bind-ip', 'bindIp', settings.bindIp],
  ] as const;
  const demands = [
    ...switches.flatMap(([rule, demand, on]) =>
      on === undefined ? [] : [{ rule, otherwise: `${demand}: ${word(!on)}`, asItIs: `${demand}: ${word(on)}` }],
    ),
    ...lists.flatMap(([rule, demand, list]) =>
      list === undefined
        ? []
        : [{ rule, otherwise: `${demand}: [nothing]`, asItIs: `${demand}: ${JSON.stringify(list)}` }],
    ),
    ...(settings.tls === undefined || settings.tls === 'requireTLS'
      ? []
      : [{ rule: 'tls', otherwise: 'tls: requireTLS', asItIs: `tls: ${settings.tls}` }]),
    { rule: 'version', otherwise: 'version: ">=99.0"', asItIs: 'version: ">=4.0"' },
  ];
  await apply({ more: `cluster: { ${demands.map(({ otherwise }) => otherwise).join(', ')} }\n` });
  const otherwise = await report('', '', 'error');
  assert.equal(otherwise.code, 1);
  for (const { rule } of demands) assert.match(otherwise.all, new RegExp(`"cluster/${rule}"`));
  await writePolicy({ more: `cluster: { ${demands.map(({ asItIs }) => asItIs).join(', ')} }\n` });
  const { code, all } = await report('', '', 'error');
  assert.equal(code, 0, all);
});
