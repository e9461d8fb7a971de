/** The CRUD Service's definitions as a policy, compared with it, and written back. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward, PROGRAM, type Ran, unbuilt, withoutEvidence } from './terminal.ts';

const ENVIRONMENT = `MONGODB_URL=mongodb://crud-service:s3cret@db1,db2/audit?authSource=admin&tls=true
KMS_PROVIDER=gcp
KMS_GCP_EMAIL=kms@acme.example
KMS_GCP_PROJECT_ID=acme
KMS_GCP_LOCATION=europe-west1
KMS_GCP_KEY_RING=audit
KMS_GCP_KEY_NAME=master
KMS_GCP_PRIVATE_KEY_PATH=/secrets/key.pem
KEY_VAULT_NAMESPACE=encryption.__keyVault
`;

const LOGS = `{
  "name": "logs",
  "endpointBasePath": "/logs",
  "fields": [
    { "name": "_id", "type": "ObjectId", "required": true },
    { "name": "email", "type": "string", "required": true, "encryption": { "enabled": true, "searchable": true } },
    {
      "name": "request",
      "type": "RawObject",
      "required": false,
      "schema": {
        "properties": {
          "body": {
            "type": "object",
            "encryption": { "enabled": true, "searchable": false }
          },
          "size": { "type": "number" }
        }
      }
    }
  ]
}
`;

const MADE = `# What the CRUD Service seals by its definitions in collections.
# "mongoward policy crud-service" compares the two, and writes a change of this map into the definitions.
apiVersion: mongoward/v1
metadata: { name: crud-service }

collections:
  # collections/logs.json
  audit.logs:
    encryption:
      keyVault: encryption.__keyVault
      kms: { provider: gcp, projectId: acme, location: europe-west1, keyRing: audit, keyName: master }
      fields:
        email: { bsonType: string, algorithm: deterministic, keyAltName: logs }
        request.body: { bsonType: object, algorithm: random, keyAltName: logs }
`;

const FILES = { 'collections/logs.json': LOGS, 'prod.env': ENVIRONMENT };
const INIT = ['policy', 'init', '--from-crud-service', 'collections', '--environment', 'prod.env'];
const COMPARE = ['policy', 'crud-service', 'collections', '--environment', 'prod.env'];

/** The policy that goes with the definitions, protected, with its writer. */
const TRAIL = `${MADE.replace('  audit.logs:\n', '  audit.logs:\n    protection: append-only\n    access: { insert: [crud-service@admin] }\n')}
roles:
  auditWriter@audit:
    privileges:
      - { on: audit.logs, allow: insert-only }
users:
  crud-service@admin:
    roles: [auditWriter@audit]
`;

test('definitions become a policy that lints clean, says the same, and holds no secret', async () => {
  await inFolder(FILES, async (cwd) => {
    assert.deepEqual(await mongoward(INIT, { cwd }), {
      code: 0,
      out: 'wrote policies/crud-service.yaml\n2 sealed fields in 1 collection, by 1 definition in collections.\n',
      err: '',
    });
    assert.equal(readFileSync(join(cwd, 'policies/crud-service.yaml'), 'utf8'), MADE);
    const linted = await mongoward(['policy', 'lint'], { cwd });
    assert.deepEqual(
      { ...linted, out: withoutEvidence(linted.out) },
      {
        code: 0,
        out: 'Clean: policy "crud-service" in 1 file.\n',
        err: '',
      },
    );
    assert.deepEqual(await compared(cwd), {
      code: 0,
      out: 'collections is as the policy "crud-service" says.\n',
      err: '',
    });
    assert.doesNotMatch(MADE, /s3cret|key\.pem|mongodb:/);
  });
});

test('the environment is looked at by Mongoward alone, and not by Node.js, which would carry out its NODE_OPTIONS', {
  skip: unbuilt,
}, async () => {
  const files = {
    ...FILES,
    'prod.env': `${ENVIRONMENT}NODE_OPTIONS=--require ./intruder.cjs\n`,
    'intruder.cjs': 'process.exit(7)',
  };
  await inFolder(files, async (cwd) => {
    const started = (args: readonly string[]) =>
      spawnSync(process.execPath, [PROGRAM, ...args], { cwd, encoding: 'utf8' });
    assert.equal(started(INIT).status, 0);
    const { status, stderr } = started([...INIT.slice(0, -1), 'none.env', '--force']);
    assert.deepEqual([status, stderr], [2, "mongoward: can't read none.env: there is no such file\n"]);
    const other = INIT.map((word) => (word === '--environment' ? '--env-file' : word));
    assert.equal((await mongoward([...other, '--force'], { cwd })).code, 0);
  });
});

const MISSING: readonly (readonly [what: string, args: readonly string[], said: RegExp])[] = [
  ['the database', ['--env', 'KMS_PROVIDER=local'], /name collections, and not their database\n {2}add --db NAME/],
  [
    'the environment',
    ['--db', 'audit'],
    /the environment of the service says where keys are.*\n {2}add --environment FILE/,
  ],
  [
    'a provider',
    ['--db', 'audit', '--env', 'KMS_PROVIDER=none'],
    /KMS_PROVIDER is "none", and then the service seals nothing/,
  ],
  [
    'a known provider',
    ['--db', 'audit', '--env', 'KMS_PROVIDER=aws'],
    /"aws", and the service knows gcp, local and none/,
  ],
  ['the key vault', ['--db', 'audit', '--env', 'KMS_PROVIDER=local'], /KEY_VAULT_NAMESPACE is not known/],
  [
    'a part of the master key',
    ['--db', 'audit', '--env', 'KMS_PROVIDER=gcp', '--env', 'KEY_VAULT_NAMESPACE=e.k'],
    /KMS_GCP_PROJECT_ID is not known.*\n.*--env KMS_GCP_PROJECT_ID=/,
  ],
  [
    'a possible database',
    ['--db', 'a.b', '--env', 'KMS_PROVIDER=local'],
    /^mongoward: "a\.b" can't be a database: it contains "\."\n/,
  ],
  [
    'a possible database in MONGODB_URL',
    ['--env', 'MONGODB_URL=mongodb://db1/s3cret%2Ex'],
    /^mongoward: what MONGODB_URL names can't be a database: it contains "\."\n/,
  ],
  [
    'a key vault that the service takes',
    ['--db', 'audit', '--env', 'KMS_PROVIDER=local', '--env', 'KEY_VAULT_NAMESPACE=keys'],
    /^mongoward: KEY_VAULT_NAMESPACE is "keys", and the service takes db\.collection only.*\n {2}correct it, or add --env/,
  ],
  [
    'a folder to write into',
    ['--db', 'audit', '--env', 'KMS_PROVIDER=local', '--env', 'KEY_VAULT_NAMESPACE=encryption.keys', '-o', 'prod.env'],
    /^mongoward: can't write into prod\.env: it is a file, or lies in one\n/,
  ],
  [
    'what a placeholder stands for',
    ['--db', 'audit', '--env', 'KMS_PROVIDER=local', '--env', 'KEY_VAULT_NAMESPACE={{VAULT}}'],
    /KEY_VAULT_NAMESPACE stands for a value that is put in elsewhere/,
  ],
];

for (const [what, args, said] of MISSING) {
  test(`without ${what} no policy is written, and one sentence says so`, async () => {
    await inFolder(FILES, async (cwd) => {
      const { code, err } = await mongoward([...INIT.slice(0, 4), ...args], { cwd });
      assert.equal(code, 2);
      assert.match(err, said);
      assert.equal(existsSync(join(cwd, 'policies')), false);
    });
  });
}

test('what MongoDB refuses is named with file and line, and nothing is written', async () => {
  const number = LOGS.replace('"email", "type": "string"', '"email", "type": "number"');
  await inFolder({ ...FILES, 'collections/logs.json': number }, async (cwd) => {
    assert.deepEqual(await mongoward(INIT, { cwd }), {
      code: 2,
      out: '',
      err: `mongoward: the definitions in collections can't be made a policy
  collections/logs.json:6:93: "email" can't be searchable, because MongoDB's library refuses deterministic number, and the service lets it pass. Set "searchable" to false, or store it as a string
  nothing was written
`,
    });
    assert.equal(existsSync(join(cwd, 'policies')), false);
  });
});

test('a change of the policy is shown as a difference, and written only when asked', async () => {
  const policy = MADE.replace(
    'email: { bsonType: string, algorithm: deterministic',
    'email: { bsonType: string, algorithm: random',
  ).replace('request.body: { bsonType: object', 'request.size: { bsonType: number');
  await inFolder({ ...FILES, 'policies/p.yaml': policy }, async (cwd) => {
    const shown = await mongoward(COMPARE, { cwd });
    assert.equal(shown.code, 1);
    assert.equal(
      withoutEvidence(shown.out.slice(shown.out.indexOf('--- '))),
      `--- a/collections/logs.json
+++ b/collections/logs.json
@@ -3,7 +3,7 @@
   "endpointBasePath": "/logs",
   "fields": [
     { "name": "_id", "type": "ObjectId", "required": true },
-    { "name": "email", "type": "string", "required": true, "encryption": { "enabled": true, "searchable": true } },
+    { "name": "email", "type": "string", "required": true, "encryption": { "enabled": true, "searchable": false } },
     {
       "name": "request",
       "type": "RawObject",
@@ -12,9 +12,9 @@
         "properties": {
           "body": {
             "type": "object",
-            "encryption": { "enabled": true, "searchable": false }
+            "encryption": { "enabled": false, "searchable": false }
           },
-          "size": { "type": "number" }
+          "size": { "type": "number", "encryption": {"enabled": true, "searchable": false} }
         }
       }
     }

1 definition to be written: add --write; 3 errors.
`,
    );
    assert.equal(readFileSync(join(cwd, 'collections/logs.json'), 'utf8'), LOGS);
    const written = await mongoward([...COMPARE, '--write'], { cwd });
    assert.equal(written.code, 0);
    assert.match(written.out, /1 definition written/);
    assert.deepEqual(await compared(cwd), {
      code: 0,
      out: 'collections is as the policy "crud-service" says.\n',
      err: '',
    });
  });
});

test('a definition that is not UTF-8 is refused with its place, and left as it is', async () => {
  const policy = MADE.replace('bsonType: string, algorithm: deterministic', 'bsonType: string, algorithm: random');
  await inFolder({ ...FILES, 'policies/p.yaml': policy }, async (cwd) => {
    const latin1 = Buffer.from(LOGS.replace('"/logs",', '"/logs", "description": "Attività",'), 'latin1');
    writeFileSync(join(cwd, 'collections/logs.json'), latin1);
    const { code, err } = await mongoward([...COMPARE, '--write'], { cwd });
    assert.equal(code, 2);
    assert.equal(err, 'mongoward: collections/logs.json:3:55: this is not UTF-8: save the file as UTF-8\n');
    assert.deepEqual(readFileSync(join(cwd, 'collections/logs.json')), latin1);
  });
});

const INDEXES = `"indexes": [{ "name": "ttl", "type": "normal", "unique": false, "expireAfterSeconds": 60, "fields": [{ "name": "createdAt", "order": 1 }] }],`;

async function compared(cwd: string): Promise<Ran> {
  const ran = await mongoward(COMPARE, { cwd });
  return { ...ran, out: withoutEvidence(ran.out) };
}

/** `rule place message`, for each finding of `--format json`. */
async function findings(
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<readonly string[]> {
  return inFolder({ ...FILES, 'policies/p.yaml': TRAIL, ...files }, async (cwd) => {
    const { out, err } = await mongoward([...COMPARE, '--format', 'json', ...args], { cwd });
    assert.equal(err, '');
    const report: { readonly findings: readonly Readonly<Record<string, string>>[] } = JSON.parse(out);
    assertFits('policy-crud-service', report);
    assert.doesNotMatch(out, /s3cret/);
    return report.findings.map(
      ({ rule, severity, file, line, message }) => `${severity} ${rule} ${file}:${line} ${message}`,
    );
  });
}

test('a TTL of a protected collection, and indexes that its writer may not build', async () => {
  const logs = LOGS.replace('"endpointBasePath"', `${INDEXES}\n  "endpointBasePath"`);
  assert.deepEqual(await findings({ 'collections/logs.json': logs }), [
    'error crud-service/index-management collections/logs.json:3 crud-service@admin may not build indexes on audit.logs, and the service builds "ttl" when it starts. It does not start. Set DISABLE_INDEX_MANAGEMENT=true, and let somebody else build them',
    'error crud-service/ttl collections/logs.json:3 the service builds the index "ttl", which deletes documents of audit.logs after 60 s. The policy keeps them (policies/p.yaml:8). Take the index out',
  ]);
  const left = await findings({
    'collections/logs.json': logs,
    'prod.env': `${ENVIRONMENT}DISABLE_INDEX_MANAGEMENT=true\n`,
  });
  assert.deepEqual(
    left.map((line) => line.split(' ')[1]),
    ['crud-service/ttl'],
  );
});

const DEPLOYMENTS: readonly (readonly [what: string, args: readonly string[], said: readonly string[]])[] = [
  [
    'another key vault',
    ['KEY_VAULT_NAMESPACE=keys.vault'],
    [
      'error crud-service/key-vault undefined:undefined KEY_VAULT_NAMESPACE is keys.vault, and the policy keeps the keys of audit.logs in encryption.__keyVault (policies/p.yaml:12)',
    ],
  ],
  [
    'a key vault with two dots',
    ['KEY_VAULT_NAMESPACE=keys.vault.a'],
    [
      'error crud-service/environment undefined:undefined KEY_VAULT_NAMESPACE is "keys.vault.a", and the service takes db.collection only, without another dot. It does not start',
      'error crud-service/key-vault undefined:undefined KEY_VAULT_NAMESPACE is keys.vault.a, and the policy keeps the keys of audit.logs in encryption.__keyVault (policies/p.yaml:12)',
    ],
  ],
  [
    'another key ring',
    ['KMS_GCP_KEY_RING=shop'],
    [
      'error crud-service/master-key undefined:undefined KMS_GCP_KEY_RING is "shop", and the policy says "audit" for audit.logs (policies/p.yaml:13)',
    ],
  ],
  [
    'no key name',
    ['KMS_GCP_KEY_NAME='],
    [
      'error crud-service/environment undefined:undefined KMS_GCP_KEY_NAME is not set, and with KMS_PROVIDER=gcp the service does not start without it',
    ],
  ],
  [
    'a local master key',
    ['KMS_PROVIDER=local', 'LOCAL_MASTER_KEY_PATH=/secrets/master'],
    [
      'error crud-service/kms-provider undefined:undefined KMS_PROVIDER is local, and the policy has the master key of audit.logs in gcp (policies/p.yaml:13)',
    ],
  ],
  [
    'no sealing at all',
    ['KMS_PROVIDER=none'],
    [
      'error crud-service/kms-provider undefined:undefined KMS_PROVIDER is "none". The service then seals nothing, whatever is said of logs. Set it to gcp or local',
    ],
  ],
  [
    'a placeholder',
    ['KMS_GCP_LOCATION={{LOCATION}}'],
    [
      'warning crud-service/environment undefined:undefined KMS_GCP_LOCATION was not compared, because its value is put in elsewhere. Add --env KMS_GCP_LOCATION=…',
    ],
  ],
  [
    'another account',
    ['MONGODB_URL=mongodb://other:s3cret@db1/audit?authSource=admin'],
    [
      'error crud-service/account undefined:undefined MONGODB_URL logs in as other@admin, and the policy lets others insert into audit.logs (policies/p.yaml:10). Name the account there, or log in as one that is named',
    ],
  ],
];

for (const [what, env, said] of DEPLOYMENTS) {
  test(`a deployment with ${what}`, async () => {
    assert.deepEqual(await findings({}, ...env.flatMap((pair) => ['--env', pair])), said);
  });
}

test('TLS that the policy demands and the connection string does without, at its line', async () => {
  const policy = `${TRAIL}\ncluster: { tls: requireTLS }\n`;
  const environment = ENVIRONMENT.replace('&tls=true', '');
  assert.deepEqual(await findings({ 'policies/p.yaml': policy, 'prod.env': environment }), [
    'error crud-service/tls prod.env:1 MONGODB_URL does without TLS, and the policy demands it (cluster.tls). Add tls=true',
  ]);
});

test('keys by another name, types that differ, fields that are not described, collections nobody speaks of', async () => {
  const policy = TRAIL.replace(
    'email: { bsonType: string, algorithm: deterministic, keyAltName: logs',
    'email: { bsonType: date, algorithm: deterministic, keyAltName: pii',
  ).replace(
    'request.body:',
    'request.head: { bsonType: string, algorithm: random, keyAltName: logs }\n        request.body:',
  );
  const cars = LOGS.replace('"logs"', '"cars"');
  const said = await findings({ 'policies/p.yaml': policy, 'collections/z.json': cars });
  assert.deepEqual(
    said.map((line) => line.slice(0, 118).replace(/ \S*$/, '')),
    [
      'error crud-service/difference collections/logs.json:1 "request.head" is sealed by the policy (policies/p.yaml:16),',
      'error crud-service/difference collections/logs.json:6 "email" is sealed as string by the definition, and as date by',
      'error crud-service/shared-key-name collections/z.json:2 the service gives the keys of "logs" (collections/logs.json)',
      'warning crud-service/not-in-policy collections/z.json:6 "email" and 1 more of cars are sealed by the definition, and',
      'error crud-service/key-name policies/p.yaml:15 "email" is sealed with the key "pii" by the policy, and the service',
    ],
  );
});

test('a key that a migration would make is not one that the service finds', async () => {
  const policy = MADE.replace('      kms:', '      dataKeys: managed\n      kms:');
  const [only, ...others] = await findings({ 'policies/p.yaml': policy });
  assert.match(
    only ?? '',
    /^warning crud-service\/managed-key policies\/p\.yaml:11 .* takes only a key that is named "crud-service" and "logs"/,
  );
  assert.deepEqual(others, []);
});

test('programs are not executed: init leaves them out, the comparison says that it is not whole', async () => {
  const program = "require('fs').writeFileSync('executed', ''); module.exports = {};\n";
  await inFolder({ ...FILES, 'collections/books.js': program }, async (cwd) => {
    const made = await mongoward(INIT, { cwd });
    assert.equal(made.code, 0);
    assert.match(made.out, /left out: collections\/books\.js: programs are not executed/);
    const compared = await mongoward(COMPARE, { cwd });
    assert.equal(compared.code, 2);
    assert.match(compared.out, /not read: collections\/books\.js/);
    assert.equal(existsSync(join(cwd, 'executed')), false);
  });
  await inFolder({ 'collections/books.js': program }, async (cwd) => {
    const { code, err } = await mongoward(INIT, { cwd });
    assert.equal(code, 2);
    assert.match(err, /no collection definitions \(\.json\) in collections\n.*1 definition in \.js is a program/);
  });
});

test('a definition of two databases needs the database', async () => {
  const twice = MADE.replace('collections:\n', 'collections:\n  other.logs: { protection: none }\n');
  await inFolder({ ...FILES, 'policies/p.yaml': twice }, async (cwd) => {
    const { code, err } = await mongoward(['policy', 'crud-service', 'collections'], { cwd });
    assert.equal(code, 2);
    assert.match(err, /collections\/logs\.json may be about other\.logs or audit\.logs\n {2}add --db NAME/);
    assert.equal((await mongoward(['policy', 'crud-service', 'collections', '--db', 'audit'], { cwd })).code, 0);
  });
});

const FOLDERS: readonly (readonly [what: string, make: (folder: string) => void, said: RegExp])[] = [
  [
    'an empty folder',
    () => {},
    /there are no collection definitions \(\.json\) in collections\n {2}name the folder that COLLECTION_DEFINITION_FOLDER/,
  ],
  [
    'a link that leads to itself',
    (folder) => symlinkSync('a.json', join(folder, 'a.json')),
    /can't read collections\/a\.json: it is a link that leads to itself/,
  ],
  [
    'a folder in the place of a file',
    (folder) => mkdirSync(join(folder, 'a.json')),
    /can't read collections\/a\.json: it is a folder/,
  ],
  [
    'a pipe',
    (folder) => void execFileSync('mkfifo', [join(folder, 'a.json')]),
    /can't read collections\/a\.json: it is not a regular file/,
  ],
  [
    '50 MB',
    (folder) => writeFileSync(join(folder, 'a.json'), Buffer.alloc(50 * 1024 * 1024, 32)),
    /a\.json is 50 MB large, and 4 MB is the most for one file\n {2}a collection definition is far smaller/,
  ],
  [
    'broken JSON',
    (folder) => writeFileSync(join(folder, 'a.json'), '{\n "name": "a",\n}'),
    /collections\/a\.json:3:1: not valid JSON: a name in double quotes is expected here\n {2}nothing was written/,
  ],
  [
    'nothing sealed',
    (folder) => writeFileSync(join(folder, 'a.json'), '{"name": "a", "fields": []}'),
    /no definition in collections seals a field/,
  ],
];

for (const [what, make, said] of FOLDERS) {
  test(`a folder with ${what} is refused in one sentence`, async () => {
    await inFolder({ 'prod.env': ENVIRONMENT }, async (cwd) => {
      mkdirSync(join(cwd, 'collections'));
      make(join(cwd, 'collections'));
      const { code, out, err } = await mongoward(INIT, { cwd });
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, said);
      assert.doesNotMatch(err, /unexpected error/);
    });
  });
}

test('a folder that is not there, or is none', async () => {
  await inFolder(FILES, async (cwd) => {
    const missing = await mongoward(['policy', 'init', '--from-crud-service', 'nowhere', '--db', 'x'], { cwd });
    assert.equal(missing.err, "mongoward: can't read the folder nowhere: there is no such folder\n");
    const file = await mongoward(['policy', 'init', '--from-crud-service', 'prod.env', '--db', 'x'], { cwd });
    assert.equal(file.err, 'mongoward: prod.env is not a folder\n');
  });
});

test('the other forms of output', async () => {
  const policy = TRAIL.replace('algorithm: deterministic', 'algorithm: random');
  await inFolder({ ...FILES, 'policies/p.yaml': policy }, async (cwd) => {
    const sarif = JSON.parse((await mongoward([...COMPARE, '--format', 'sarif'], { cwd })).out);
    assert.deepEqual(
      sarif.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId),
      ['crud-service/difference'],
    );
    const github = await mongoward([...COMPARE, '--format', 'github'], { cwd });
    assert.match(github.out, /^::error file=collections\/logs\.json,line=6,col=5,title=crud-service\/difference::/);
  });
});
