import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyVaultFindings } from '../../src/drift/key-vault-findings.ts';
import { driftReport } from '../../src/drift/report.ts';
import { KEY_VAULT_INDEX } from '../../src/encryption/key-names.ts';
import { migrationOf } from '../../src/migrate/migration.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { plain } from '../../src/report/paint.ts';
import { planText } from '../../src/report/plan-text.ts';
import type { DataKey } from '../../src/state/key-vault.ts';
import type { Collection, Index } from '../../src/state/state.ts';
import { collection, dataKey, ID_INDEX, intent, owned, role, state, user } from '../support/build.ts';

const TODAY = '2026-11-23';

const POLICY = `collections:
  audit.logs:
    access: { insert: [writer@admin] }
    encryption:
      keyVault: keys.vault
      kms: { provider: gcp, projectId: acme }
      rotateAfter: 90d
      fields:
        ip: { bsonType: string, algorithm: random, keyAltName: pii }
        mail: { bsonType: string, algorithm: random, keyAltName: pii }
`;

const GOOD = dataKey(['pii'], {
  masterKey: { provider: 'gcp', projectId: 'acme', keyName: 'any' },
  updateDate: '2026-11-01T00:00:00.000Z',
});

interface Scene {
  readonly keys?: readonly DataKey[];
  readonly indexes?: readonly Index[];
  readonly policy?: string;
  readonly vault?: boolean;
}

function cluster({ keys, indexes = [ID_INDEX, KEY_VAULT_INDEX], vault = true }: Scene, rest = {}) {
  const databases = [
    { name: 'audit', collections: [collection('logs')] },
    ...(vault ? [{ name: 'keys', collections: [collection('vault', { indexes })] }] : []),
  ];
  return state({
    databases,
    objects: [owned('collection', 'audit.logs')],
    ...(keys && { keyVaults: [{ ns: 'keys.vault', keys }] }),
    ...rest,
  });
}

function found(scene: Scene, rest = {}): readonly string[] {
  const findings = keyVaultFindings(intent(scene.policy ?? POLICY), cluster(scene, rest), TODAY);
  return findings.map(({ severity, rule, target, message, origin, path }) => {
    const technique = path === undefined ? '' : ` [${path.join(' → ')}]`;
    return `${severity} ${rule} ${target}: ${message} (line ${origin?.().line})${technique}`;
  });
}

test('a key under the right master key, young enough, in a vault with its index: nothing to say', () => {
  assert.deepEqual(found({ keys: [GOOD] }), []);
});

test('a vault that was not looked into is not judged by its keys', () => {
  assert.deepEqual(found({}), []);
});

test('a missing key, with the fields that wait for it', () => {
  assert.deepEqual(found({ keys: [dataKey(['other'])] }), [
    'warning encryption/key-missing keys.vault: the key "pii", which seals ip, mail of audit.logs, does not exist: until it is made nothing can be stored there (line 11)',
  ]);
});

test('another provider, another master key, and nothing said about what the policy does not say', () => {
  const key = { ...GOOD, masterKey: { provider: 'local' } };
  assert.deepEqual(found({ keys: [key] }), [
    'error encryption/master-key keys.vault: the key "pii" is sealed by another master key: provider is "local", and the policy says "gcp"; projectId is not said, and the policy says "acme": rewrap it (line 8)',
  ]);
  assert.deepEqual(found({ keys: [{ ...GOOD, masterKey: { ...GOOD.masterKey, provider: 'gcp:eu' } }] }), []);
});

test('older than rotateAfter, counted from the last rewrapping', () => {
  const at = (updateDate: string) =>
    found({ keys: [{ ...GOOD, creationDate: '2020-01-01T00:00:00.000Z', updateDate }] });
  assert.deepEqual(at('2026-08-26T00:00:00.000Z'), []);
  assert.deepEqual(at('2026-08-25T00:00:00.000Z'), [
    'error encryption/key-age keys.vault: the key "pii" was last rewrapped or made on 2026-08-25, and the policy allows 90d: rewrap it (line 9)',
  ]);
});

test('a key by its id, whatever its case', () => {
  const policy = POLICY.replaceAll('keyAltName: pii', 'keyId: 00112233-4455-6677-8899-AABBCCDDEEFF');
  assert.deepEqual(found({ policy, keys: [GOOD] }), []);
  assert.equal(found({ policy, keys: [{ ...GOOD, _id: 'other' }] }).length, 1);
});

test('a name that two keys share', () => {
  const keys = [GOOD, { ...GOOD, _id: 'b', keyAltNames: ['crud-service', 'pii'] }];
  assert.deepEqual(found({ keys, indexes: [ID_INDEX] }), [
    'error encryption/key-shared-name keys.vault: several keys bear the alternative name "pii": which one seals is left to chance. Take the name from all but one, and migrate apply makes the index that prevents it (line 7)',
  ]);
});

test('an index on alternative names that is not unique, or not partial', () => {
  const { unique: _unique, ...plain } = KEY_VAULT_INDEX;
  const { partialFilterExpression: _partial, ...whole } = KEY_VAULT_INDEX;
  const message =
    'error encryption/key-vault-index keys.vault: the index keyAltNames_1 does not keep the alternative names of keys unique: drop it, and migrate apply makes the unique partial one (line 7)';
  for (const wrong of [plain, whole]) assert.deepEqual(found({ indexes: [ID_INDEX, wrong] }), [message]);
});

const LOST = "and what these keys have sealed can't be read any more.";

const VANISHING: readonly (readonly [what: string, vault: Partial<Collection>, rule: string, message: string])[] = [
  [
    'a TTL index',
    {
      indexes: [
        ID_INDEX,
        KEY_VAULT_INDEX,
        { name: 'creationDate_1', key: { creationDate: 1 }, expireAfterSeconds: 60 },
      ],
    },
    'expiry',
    `the index creationDate_1 deletes keys of keys.vault after 60 s, ${LOST} Drop the index by db.getSiblingDB("keys").runCommand({"dropIndexes":"vault","index":"creationDate_1"})`,
  ],
  [
    'a clustered collection that expires',
    {
      options: { clusteredIndex: { key: { _id: 1 }, unique: true }, expireAfterSeconds: 60 },
      indexes: [{ ...ID_INDEX, clustered: true }, KEY_VAULT_INDEX],
    },
    'expiry',
    `the key vault keys.vault deletes keys after 60 s by its option expireAfterSeconds, ${LOST} Turn that off by db.getSiblingDB("keys").runCommand({"collMod":"vault","expireAfterSeconds":"off"})`,
  ],
  [
    'a capped collection',
    { options: { capped: true, size: 4096 } },
    'expiry',
    `the key vault keys.vault is capped, so that the server deletes its oldest keys, ${LOST} Copy it into a collection that is not capped`,
  ],
  [
    'a view',
    { type: 'view', options: { viewOn: 'other', pipeline: [] }, indexes: [] },
    'type',
    'the key vault keys.vault is a view, not a collection: no index keeps the names of its keys unique. Name the collection that holds the keys as keyVault',
  ],
];

for (const [what, vault, rule, message] of VANISHING) {
  test(`${what} as a key vault is an error, whatever is kept for how long, and the plan warns of it`, () => {
    const databases = [
      { name: 'audit', collections: [collection('logs')] },
      {
        name: 'keys',
        collections: [collection('vault', { indexes: [ID_INDEX, KEY_VAULT_INDEX], ...vault }), collection('other')],
      },
    ];
    const actual = cluster({ keys: [GOOD] }, { databases, users: [user('writer@admin')] });
    const report = driftReport(intent(POLICY), actual, { today: TODAY }).findings;
    const told = report.filter(({ target }) => target.includes('keys.vault'));
    assert.deepEqual(
      told.map((finding) => [finding.severity, finding.rule, finding.target, finding.message, finding.origin?.().line]),
      [['error', `encryption/key-vault-${rule}`, 'keys.vault', message, 7]],
    );
    const plan = makePlan(intent(POLICY), actual);
    const warned = plan.warnings.filter(({ kind }) => kind === 'keys');
    assert.deepEqual(
      warned.map((warning) => [warning.target, warning.message, warning.at?.line]),
      [['keys.vault', `T${message.slice(1)}.`, 7]],
    );
    assert.match(planText(makePlan(intent(POLICY), plan.desired), plain), /changes nothing\.$/);
    // What is true of the cluster alone is no part of a migration's head.
    const head = { version: '20260131120000', slug: 'x', policyHash: '', server: '8.0.4' };
    assert.equal(migrationOf(plan, head).warnings?.length, plan.warnings.length - 1);
  });
}

test('no key is made in what is no collection', () => {
  const policy = POLICY.replace(
    'kms: { provider: gcp, projectId: acme }',
    'kms: { provider: local }\n      dataKeys: managed',
  );
  const databases = [
    { name: 'audit', collections: [collection('logs')] },
    { name: 'keys', collections: [collection('vault', { type: 'view', options: { viewOn: 'other' }, indexes: [] })] },
  ];
  const { obstacles, operations } = makePlan(intent(policy), cluster({ keys: [] }, { databases, users: [] }));
  assert.deepEqual(
    obstacles.map(({ message }) => message),
    ['the key "pii" can\'t be made, because keys.vault is a view, not a collection'],
  );
  assert.ok(operations.every(({ kind }) => kind !== 'createDataKey' && kind !== 'createIndex'));
});

test('the plan makes the vault and its index, and neither where names are shared or an index is wrong', () => {
  const planned = (scene: Scene) =>
    makePlan(intent(POLICY), cluster(scene, { users: [user('writer@admin')] }))
      .operations.map(({ id, reason }) => `${id} (line ${reason.at?.line})`)
      .filter((id) => id.includes('keys.vault'));
  assert.deepEqual(planned({ vault: false }), [
    'createCollection keys.vault (line 7)',
    'createIndex keys.vault.$keyAltNames_1 (line 7)',
  ]);
  assert.deepEqual(planned({ indexes: [ID_INDEX] }), ['createIndex keys.vault.$keyAltNames_1 (line 7)']);
  assert.deepEqual(planned({}), []);
  assert.deepEqual(planned({ indexes: [ID_INDEX], keys: [GOOD, { ...GOOD, _id: 'b' }] }), []);
  assert.deepEqual(planned({ indexes: [ID_INDEX, { name: 'x', key: { keyAltNames: 1 } }] }), []);
});

const WRITES = { 'audit.logs': ['insert'] };
const FINDS = { 'keys.vault': ['find'] };

test('the writer may find keys and insert its own, and never change or remove them', () => {
  const writer = (...actions: readonly string[]) =>
    found(
      { keys: [GOOD] },
      { roles: [role('w@admin', { ...WRITES, 'keys.vault': actions })], users: [user('writer@admin', ['w@admin'])] },
    );
  assert.deepEqual(writer('find'), []);
  assert.deepEqual(writer('find', 'insert'), []);
  assert.deepEqual(writer('find', 'remove'), [
    'error encryption/key-vault-access writer@admin: writer@admin writes audit.logs and can take the keys of its sealed fields away: it can delete documents of keys.vault. Leave it find, and insert if it makes its own keys, on the key vault (line 7) [writer@admin → w@admin]',
  ]);
});

test('who reads the data does not administer the vault; who does neither may', () => {
  const roles = [
    role('reader@admin', { 'audit.logs': ['find'] }),
    role('keeper@admin', { 'keys.vault': ['find', 'update', 'remove'] }),
    role('w@admin', { ...WRITES, ...FINDS }),
  ];
  const users = (...held: readonly string[]) => [user('writer@admin', ['w@admin']), user('other@admin', held)];
  assert.deepEqual(found({ keys: [GOOD] }, { roles, users: users('keeper@admin') }), []);
  assert.deepEqual(found({ keys: [GOOD] }, { roles, users: users('reader@admin', 'keeper@admin') }), [
    'error encryption/key-vault-access other@admin: other@admin reads audit.logs and can take the keys of its sealed fields away: it can change documents of keys.vault. Leave it find on the key vault (line 7) [other@admin → keeper@admin]',
  ]);
  const policy = `${POLICY}breakGlass: [{user: other@admin, reason: owner, until: 2099-01-01}]\n`;
  assert.deepEqual(found({ policy, keys: [GOOD] }, { roles, users: users('reader@admin', 'keeper@admin') }), []);
});

test('a writer that the policy names and that finds no keys can seal nothing', () => {
  const scene = { roles: [role('w@admin', WRITES)], users: [user('writer@admin', ['w@admin'])] };
  assert.deepEqual(found({ keys: [GOOD] }, scene), [
    "warning encryption/key-vault-find writer@admin: writer@admin writes audit.logs and can't read keys.vault: without its keys it can seal nothing. Grant it find there (line 7)",
  ]);
});

test('of a key that is named by its id it never says that it will be made: the library chooses ids', () => {
  const byId = POLICY.replaceAll('keyAltName: pii', 'keyId: 00112233-4455-6677-8899-aabbccddeeff');
  const managed = byId.replace(
    'kms: { provider: gcp, projectId: acme }',
    'kms: { provider: local }\n      dataKeys: managed',
  );
  for (const policy of [byId, managed]) {
    assert.match(
      found({ policy, keys: [] })[0] ?? '',
      /does not exist: none can be made with a given id, so bring it back or name it by keyAltName; until then nothing can be stored there/,
    );
  }
});

test('of keys that the policy manages it says that migrate apply mends them, and nothing a second time', () => {
  const policy = POLICY.replace(
    'kms: { provider: gcp, projectId: acme }',
    'kms: { provider: local }\n      dataKeys: managed',
  );
  assert.match(
    found({ policy, keys: [] })[0] ?? '',
    /does not exist: migrate apply makes it, and until then nothing can/,
  );
  const moved = { ...GOOD, updateDate: '2026-01-01T00:00:00.000Z' };
  const [other = '', old = ''] = found({ policy, keys: [moved] });
  assert.match(other, /master-key .*: migrate apply rewraps it/);
  assert.match(old, /key-age .*: migrate apply rewraps it/);
  const actual = cluster({ keys: [moved] }, { users: [user('writer@admin')] });
  const told = driftReport(intent(policy), actual, { today: TODAY }).findings.filter(({ target }) =>
    target.includes('keys.vault'),
  );
  assert.deepEqual(told.map(({ rule }) => rule).sort(), ['encryption/key-age', 'encryption/master-key']);
});
