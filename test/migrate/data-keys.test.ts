/** Data encryption keys that a policy manages: planned, ordered, written down, compared, guarded, never taken back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KEY_VAULT_INDEX } from '../../src/encryption/key-names.ts';
import { Failure } from '../../src/failure.ts';
import { guard } from '../../src/migrate/guards.ts';
import { migrationOf } from '../../src/migrate/migration.ts';
import { parseMigration } from '../../src/migrate/parse-migration.ts';
import { afterPending, notInPlace, readByFiles } from '../../src/migrate/pending.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import { rebase } from '../../src/migrate/rebase.ts';
import { orderOperations, wavesOf } from '../../src/plan/operation-order.ts';
import { commandsLike } from '../../src/plan/operations/commands.ts';
import { isDataKeyOperation, type Operation } from '../../src/plan/operations/operation.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { progressOf } from '../../src/plan/progress.ts';
import { reverseMigration } from '../../src/plan/reverse.ts';
import { simulate } from '../../src/plan/simulate.ts';
import type { DataKey } from '../../src/state/key-vault.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, compile, dataKey, ID_INDEX, intent, owned, policyText, state } from '../support/build.ts';

const TODAY = '2026-11-23';

const GCP = 'provider: gcp, projectId: acme, location: eu, keyRing: r, keyName: k';
const GCP_KEY = { provider: 'gcp', projectId: 'acme', location: 'eu', keyRing: 'r', keyName: 'k' };

const policy = (kms = GCP, rest = 'rotateAfter: 90d', keys = 'keyAltName: pii') =>
  intent(`collections:
  audit.logs:
    encryption:
      keyVault: keys.vault
      dataKeys: managed
      kms: { ${kms} }
      ${rest}
      fields:
        ip: { bsonType: string, algorithm: random, ${keys} }
`);

const YOUNG = dataKey(['pii'], { masterKey: GCP_KEY, updateDate: '2026-11-01T00:00:00.000Z' });
const OLD = { ...YOUNG, updateDate: '2026-01-01T00:00:00.000Z' };

/** A cluster that is as the policy says, but for its keys; `undefined`: nobody has looked. */
function cluster(keys: readonly DataKey[] | undefined, rest: Partial<ClusterState> = {}): ClusterState {
  const [validated] =
    makePlan(policy(), state()).desired.databases?.flatMap(({ collections }) => collections ?? []) ?? [];
  return state({
    databases: [
      { name: 'audit', collections: [collection('logs', { options: validated?.options ?? {} })] },
      { name: 'keys', collections: [collection('vault', { indexes: [ID_INDEX, KEY_VAULT_INDEX] })] },
    ],
    objects: [owned('collection', 'audit.logs')],
    ...(keys && { keyVaults: [{ ns: 'keys.vault', keys }] }),
    ...rest,
  });
}

function planned(actual: ClusterState, wanted = policy(), today: string | undefined = TODAY): readonly string[] {
  const { operations, obstacles } = makePlan(wanted, actual, today === undefined ? {} : { today });
  return [
    ...operations.map(({ id, reason }) => `${id}: ${reason.text} (line ${reason.at?.line})`),
    ...obstacles.map(({ message, at }) => `obstacle: ${message} (line ${at?.line})`),
  ];
}

const PLANS: readonly (readonly [what: string, actual: ClusterState, expected: readonly string[]])[] = [
  ['a key as it should be: nothing', cluster([YOUNG]), []],
  [
    'a missing key is made',
    cluster([dataKey(['other'])]),
    ['createDataKey keys.vault "pii": fields are sealed with this key, and it does not exist (line 11)'],
  ],
  [
    'one under another master key is rewrapped',
    cluster([{ ...YOUNG, masterKey: { ...GCP_KEY, keyName: 'old' } }]),
    ['rewrapDataKey keys.vault "pii": another master key seals it: keyName is "old", and the policy says "k" (line 8)'],
  ],
  [
    'one that is too old is rewrapped',
    cluster([OLD]),
    ['rewrapDataKey keys.vault "pii": it was made or last rewrapped 326 days ago, and the policy allows 90d (line 9)'],
  ],
  [
    'one that nobody has looked for is an obstacle, and never taken for missing',
    cluster(undefined, { unreadable: [{ what: 'keyVaults.keys.vault', why: 'the account may not read it' }] }),
    [
      'obstacle: whether the key "pii" exists is unknown: the account may not read it. Reading it takes find on keys.vault (line 11)',
    ],
  ],
  [
    'a name that two keys bear is an obstacle',
    cluster([YOUNG, { ...YOUNG, _id: 'b' }]),
    ['obstacle: 2 keys in keys.vault bear the name "pii". Take it from all but one (line 11)'],
  ],
  [
    'an index that lets a key be made twice is an obstacle',
    cluster([], {
      databases: [
        ...(cluster([]).databases ?? []).slice(0, 1),
        {
          name: 'keys',
          collections: [collection('vault', { indexes: [ID_INDEX, { name: 'i', key: { keyAltNames: 1 } }] })],
        },
      ],
    }),
    [
      'obstacle: the key "pii" could be made twice, because the index i of keys.vault does not keep alternative names unique. Drop the index. The next plan makes it anew (line 11)',
    ],
  ],
];

for (const [what, actual, expected] of PLANS) test(what, () => assert.deepEqual(planned(actual), expected));

test('without a date no key is too old', () => {
  assert.deepEqual(makePlan(policy(), cluster([OLD])).operations, []);
});

test('a key by its id is rewrapped, and can not be made', () => {
  const byId = policy(GCP, 'rotateAfter: 90d', `keyId: ${OLD._id}`);
  const local = { ...OLD, masterKey: { provider: 'local' } };
  assert.match(planned(cluster([local]), byId)[0] ?? '', /^rewrapDataKey keys.vault 00112233-/);
  assert.match(
    planned(cluster([]), byId)[0] ?? '',
    /^obstacle: the key 00112233-.* no key can be made with a given id/,
  );
});

test('keys that somebody else makes are left alone', () => {
  const external = intent(
    'collections: { audit.logs: { encryption: { keyVault: keys.vault, fields: { ip: { bsonType: string, algorithm: random, keyAltName: pii } } } } }\n',
  );
  assert.deepEqual(makePlan(external, cluster([]), { today: TODAY }).operations.filter(isDataKeyOperation), []);
});

test('what the library stores is no difference: the version of a key, an address without its scheme, a named provider', () => {
  const azure = 'provider: azure, keyVaultEndpoint: "https://acme.vault.azure.net/", keyName: k';
  const stored = { provider: 'azure', keyVaultEndpoint: 'acme.vault.azure.net', keyName: 'k', keyVersion: '3' };
  assert.deepEqual(planned(cluster([{ ...YOUNG, masterKey: stored }]), policy(azure)), []);
  const named = { ...YOUNG, masterKey: { ...GCP_KEY, provider: 'gcp:eu' } };
  assert.deepEqual(planned(cluster([named])), []);
  const kmip = { ...YOUNG, masterKey: { provider: 'kmip', keyId: '7', endpoint: 'h:5696' } };
  assert.deepEqual(planned(cluster([kmip]), policy('provider: kmip, delegated: false')), []);
});

test('of a local key only the name tells which it is', () => {
  const local = cluster([{ ...YOUNG, masterKey: { provider: 'local:a' } }]);
  assert.equal(planned(local, policy('provider: "local:a"')).length, 0);
  assert.match(planned(local, policy('provider: "local:b"'))[0] ?? '', /^rewrapDataKey/);
  assert.match(planned(local, policy('provider: local'))[0] ?? '', /^rewrapDataKey/);
});

test('a provider that the policy names without a name keeps it when the key is only old', () => {
  const named = { ...OLD, masterKey: { ...GCP_KEY, provider: 'gcp:eu' } };
  const [operation] = makePlan(policy(), cluster([named]), { today: TODAY }).operations;
  assert.deepEqual(operation?.after, {
    ns: { db: 'keys', collection: 'vault' },
    key: { keyAltName: 'pii' },
    masterKey: { ...GCP_KEY, provider: 'gcp:eu' },
  });
});

test('the strictest age of all collections that name a key counts', () => {
  const text = (days: string, at: string) => `  a.${at}:
    encryption:
      keyVault: keys.vault
      dataKeys: managed
      kms: { ${GCP} }
      rotateAfter: ${days}
      fields: { ip: { bsonType: string, algorithm: random, keyAltName: pii } }
`;
  for (const collections of [text('9d', 'x') + text('900d', 'y'), text('900d', 'x') + text('9d', 'y')]) {
    const ids = planned(cluster([YOUNG]), intent(`collections:\n${collections}`)).filter((id) => id.includes('rewrap'));
    assert.match(ids.join(), /22 days ago, and the policy allows 9d/);
  }
});

test('a policy that manages keys says under which master key, and one for each key', () => {
  const entry = (kms: string, dataKeys = 'dataKeys: managed, ') =>
    `{ encryption: { keyVault: k.v, ${dataKeys}${kms}fields: { f: { bsonType: string, algorithm: random, keyAltName: pii } } } }`;
  const problems = (a: string, b: string) =>
    compile(policyText(`collections:\n  a.x: ${a}\n  a.y: ${b}\n`)).problems.map(
      ({ rule, message, line }) => `${line} ${rule}: ${message}`,
    );
  const kms = `kms: { ${GCP} }, `;
  assert.deepEqual(problems(entry(kms), entry('', '')), []);
  assert.deepEqual(problems(entry(kms, ''), entry('kms: { provider: local }, ', '')), []);
  assert.deepEqual(problems(entry(''), entry(kms)), [
    '4 encryption/managed-keys: dataKeys names no master key for the keys. Add kms, or leave dataKeys out',
  ]);
  assert.deepEqual(problems(entry(kms), entry('kms: { provider: local }, ', '')), [
    '5 encryption/managed-keys: the key k.v "pii" gets another master key here than in policy.yaml:4. A key has one',
  ]);
});

test('the order of the collections does not matter', () => {
  const entry = (region: string, managed: boolean) =>
    `{ encryption: { keyVault: k.v, ${managed ? 'dataKeys: managed, ' : ''}kms: { provider: aws, region: ${region}, key: k }, fields: { f: { bsonType: string, algorithm: random, keyAltName: pii } } } }`;
  const said = (a: string, b: string, c: string) =>
    compile(policyText(`collections:\n  a.x: ${a}\n  a.y: ${b}\n  a.z: ${c}\n`)).problems.map(
      ({ message, line }) => `${line}: ${message}`,
    );
  const [here, there, managed] = [entry('here', false), entry('there', false), entry('here', true)];
  const problem = (line: number, other: number) =>
    `${line}: the key k.v "pii" gets another master key here than in policy.yaml:${other}. A key has one`;
  assert.deepEqual(said(here, there, managed), [problem(6, 5)]);
  assert.deepEqual(said(there, here, managed), [problem(6, 4)]);
  assert.deepEqual(said(managed, here, there), [problem(6, 4)]);
});

test('keys are made after their vault and its index, each in a wave after them, before anything is granted', () => {
  const { operations } = makePlan(
    intent(`collections:
  a.b:
    encryption:
      keyVault: keys.vault
      dataKeys: managed
      kms: { provider: local }
      fields: { f: { bsonType: string, algorithm: random, keyAltName: one }, g: { bsonType: string, algorithm: random, keyAltName: two } }
roles: { r@a: { privileges: [{ on: a.b, allow: [find] }] } }
`),
    state(),
    { today: TODAY },
  );
  const waves = wavesOf(orderOperations(operations)).map((wave) => wave.map(({ id }) => id));
  assert.deepEqual(waves.slice(1), [
    ['createCollection a.b', 'createCollection keys.vault'],
    ['createIndex keys.vault.$keyAltNames_1'],
    ['createDataKey keys.vault "one"', 'createDataKey keys.vault "two"'],
    ['createRole r@a'],
  ]);
});

const HEAD = { version: '20260131120000', slug: 'keys', policyHash: 'a'.repeat(64), server: '8.0.4' };
const NAME = '20260131120000_keys.yaml';

function fileOf(actual: ClusterState, wanted = policy()) {
  const text = printMigration(migrationOf(makePlan(wanted, actual, { today: TODAY }), HEAD));
  const { migration, problems } = parseMigration(`migrations/${NAME}`, text);
  assert.deepEqual(problems, []);
  assert.ok(migration);
  return { name: NAME, hash: 'h', text, migration };
}

test('a file holds them as they are, and is read as it was written', () => {
  for (const actual of [cluster([]), cluster([OLD]), cluster([{ ...YOUNG, masterKey: { provider: 'local:a' } }])]) {
    const { migration } = fileOf(actual);
    const said = ({ operations }: { readonly operations: readonly Operation[] }) =>
      operations.map(({ id, before, after }) => ({ id, before, after }));
    assert.deepEqual(said(migration), said(makePlan(policy(), actual, { today: TODAY })));
  }
  const { text } = fileOf(cluster([OLD]));
  assert.ok(text.includes('target: { db: keys, collection: vault, keyAltName: pii }'), text);
  assert.ok(text.includes('undone by: nothing, its master key stays the one that seals it now'), text);
});

test('a file whose key is named by both or by neither, or without its master key, is refused with its line', () => {
  const { text } = fileOf(cluster([]));
  const problemsOf = (from: string | RegExp, to: string) =>
    parseMigration(NAME, text.replace(from, to)).problems.map(({ line, message }) => `${line}: ${message}`);
  assert.match(problemsOf('keyAltName: pii', 'keyAltName: pii, keyId: x').join(), /is not a key of a key vault: \{db/);
  assert.match(problemsOf(/provider: gcp(?:, |\n\s+)/, '').join(), /"masterKey" lacks the key "provider"/);
});

test('a rollback leaves keys where they are, and says why', () => {
  for (const [actual, why] of [
    [cluster([]), 'what was sealed with the key could never be read again'],
    [cluster([OLD]), 'its master key stays the one that seals it now'],
  ] as const) {
    const { operations, kept } = reverseMigration(makePlan(policy(), actual, { today: TODAY }).operations);
    assert.deepEqual([operations, kept.map((one) => one.why)], [[], [why]]);
  }
});

test('the progress of a key: not begun, done by this run or another, changed by somebody', () => {
  const make = makePlan(policy(), cluster([]), { today: TODAY }).operations;
  const rewrap = makePlan(policy(), cluster([OLD]), { today: TODAY }).operations;
  const move = makePlan(policy(), cluster([{ ...OLD, masterKey: { provider: 'local' } }]), { today: TODAY }).operations;
  const later = '2026-11-23T10:00:00.000Z';
  const stands = (operations: readonly Operation[], keys: readonly DataKey[]) => {
    const { left, changed } = progressOf(operations, cluster(keys));
    return changed.length > 0 ? 'changed' : left.length > 0 ? 'left' : 'done';
  };
  const cases: readonly (readonly [readonly Operation[], readonly DataKey[], string])[] = [
    [make, [], 'left'],
    [make, [YOUNG], 'done'],
    [make, [{ ...YOUNG, masterKey: { provider: 'local' } }], 'changed'],
    [make, [YOUNG, { ...YOUNG, _id: 'b' }], 'changed'],
    [rewrap, [OLD], 'left'],
    [rewrap, [{ ...OLD, updateDate: later }], 'done'],
    [rewrap, [{ ...OLD, masterKey: { provider: 'local' }, updateDate: later }], 'changed'],
    [rewrap, [], 'changed'],
    [move, [{ ...OLD, masterKey: { provider: 'local' } }], 'left'],
    [move, [{ ...OLD, updateDate: later }], 'done'],
    [move, [{ ...OLD, masterKey: { provider: 'local' }, updateDate: later }], 'changed'],
  ];
  for (const [index, [operations, keys, expected]] of cases.entries()) {
    assert.equal(stands(operations, keys), expected, `case ${index + 1}`);
  }
});

test('a plan on top of a pending one sees its keys as made, and moves them on if the policy has changed since', () => {
  const pending = [fileOf(cluster([]))];
  const after = afterPending(cluster([]), pending);
  assert.deepEqual(planned(after), []);
  assert.match(planned(after, policy('provider: local'))[0] ?? '', /^rewrapDataKey keys.vault "pii"/);
  const next = fileOf(after, policy('provider: local'));
  assert.deepEqual(progressOf(next.migration.operations, cluster([YOUNG])).left.length, 1);
  assert.deepEqual(readByFiles(pending).keyVaults, [{ db: 'keys', collection: 'vault' }]);
});

test('after a merge, what follows on a key is no clash, and two that were planned without each other are', () => {
  const second = (before: Partial<DataKey>) => {
    const file = fileOf(cluster([{ ...YOUNG, ...before }]), policy('provider: local'));
    const name = '20260201120000_later.yaml';
    return { ...file, name, migration: { ...file.migration, version: '20260201120000', slug: 'later' } };
  };
  const clashes = (before: Partial<DataKey>) =>
    rebase([fileOf(cluster([])), second(before)], undefined, new Set(), new Date()).clashes.map(({ target }) => target);
  assert.deepEqual(clashes({}), []);
  assert.deepEqual(clashes({ masterKey: { provider: 'local:a' } }), ['keys.vault "pii"']);
});

test('in a snapshot that shows no keys a migration is in place by the rest of it', () => {
  const file = fileOf(cluster([], { databases: [], objects: [] }));
  const done = simulate(cluster([], { databases: [], objects: [] }), file.migration.operations);
  const { keyVaults: _unseen, ...blind } = done;
  for (const shown of [done, blind]) assert.deepEqual(notInPlace(shown, [file]), []);
});

test('whoever makes a key needs find and insert on the vault, whoever rewraps one find and update', () => {
  const stopped = (operations: readonly Operation[]): readonly string[] => {
    const actual = cluster([]);
    try {
      const nobody = { user: { user: 'a', db: 'admin' }, roles: [], privileges: [] };
      guard({ operations, actual, desired: actual }, nobody);
    } catch (error) {
      if (error instanceof Failure) return error.details.filter((detail) => detail.includes('keys.vault'));
    }
    return [];
  };
  assert.deepEqual(stopped(makePlan(policy(), cluster([])).operations), ['find on keys.vault', 'insert on keys.vault']);
  const rewrap = makePlan(policy(), cluster([OLD]), { today: TODAY }).operations;
  assert.deepEqual(stopped(rewrap), ['find on keys.vault', 'update on keys.vault']);
  assert.deepEqual(
    rewrap.flatMap(commandsLike).map(({ db }) => db),
    ['keys', 'keys'],
  );
});

const PROVIDERS = [{ provider: 'local' }, { provider: 'local:a' }, GCP_KEY, { ...GCP_KEY, keyVersion: '2' }];
const keyOf = fc.record({
  masterKey: fc.constantFrom(...PROVIDERS),
  updateDate: fc.constantFrom('2020-01-01T00:00:00.000Z', '2026-11-20T00:00:00.000Z'),
});

test('what a plan makes of the keys leaves nothing to plan, and is found in place', () => {
  fc.assert(
    fc.property(fc.option(keyOf), fc.constantFrom('provider: local', GCP), (found, kms) => {
      const actual = cluster(found === null ? [] : [dataKey(['pii'], found)]);
      const wanted = policy(kms);
      const { operations, desired } = makePlan(wanted, actual, { today: TODAY });
      const after = simulate(actual, operations);
      assert.deepEqual(planned(after, wanted), []);
      assert.deepEqual(desired.keyVaults, after.keyVaults);
      assert.deepEqual(progressOf(operations, actual), { left: operations, changed: [] });
      assert.deepEqual(progressOf(operations, after).changed, []);
    }),
  );
});
