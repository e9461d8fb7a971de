/** What a plan warns of: what the server takes today, and refuses once the plan is applied. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan } from '../../src/plan/plan.ts';
import { simulate } from '../../src/plan/simulate.ts';
import { planWarnings } from '../../src/plan/warnings.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, dataKey, intent, role, state, user } from '../support/build.ts';

const sealed = (encryption = '') =>
  intent(`collections:
  audit.logs:
    encryption:
      keyVault: encryption.__keyVault
      fields:
        user.email: { bsonType: string, algorithm: random, keyAltName: pii }
        user.ip: { bsonType: string, algorithm: random, keyAltName: pii }
${encryption}`);

const withVault = (...names: readonly string[]): Partial<ClusterState> => ({
  databases: [{ name: 'encryption', collections: [collection('__keyVault')] }],
  keyVaults: [{ ns: 'encryption.__keyVault', keys: names.map((name) => dataKey([name])) }],
});

const messages = (lines: ReturnType<typeof sealed>, actual: ClusterState): readonly string[] =>
  makePlan(lines, actual).warnings.map(({ message }) => message);

const REFUSED =
  'Once this is applied, the server refuses documents of audit.logs that hold user.email or user.ip unsealed.';

test('a validator that wants fields sealed stops writes until the data key exists', () => {
  assert.deepEqual(messages(sealed(), state(withVault())), [
    `${REFUSED} The data key "pii" does not exist in encryption.__keyVault. Until somebody makes it, no document with these fields can be stored.`,
  ]);
});

test('where the data key exists, clients have to seal', () => {
  assert.deepEqual(messages(sealed(), state(withVault('pii'))), [REFUSED]);
});

test('where nobody has looked for the data key, that is said', () => {
  const { databases } = state({ databases: [{ name: 'encryption', collections: [collection('__keyVault')] }] });
  assert.deepEqual(messages(sealed(), state({ databases: databases ?? [] })), [
    `${REFUSED} Whether the data key "pii" exists in encryption.__keyVault is unknown. Without it, no document with these fields can be stored.`,
  ]);
});

test('a data key that the plan makes is said to be made', () => {
  const managed = sealed('      dataKeys: managed\n      kms: { provider: local }\n');
  assert.deepEqual(messages(managed, state(withVault())), [`${REFUSED} This plan makes the data key "pii".`]);
});

test('a validator that is in place already is no warning', () => {
  const policy = sealed();
  const actual = state(withVault());
  assert.deepEqual(messages(policy, simulate(actual, makePlan(policy, actual).operations)), []);
});

test('a field that the policy no longer seals is said to be taken unsealed', () => {
  const actual = state(withVault());
  const there = simulate(actual, makePlan(sealed(), actual).operations);
  const looser = intent(`collections:
  audit.logs:
    encryption:
      keyVault: encryption.__keyVault
      fields: { user.email: { bsonType: string, algorithm: random, keyAltName: pii } }
`);
  const { warnings } = makePlan(looser, there);
  assert.deepEqual(
    warnings.map(({ kind, target, message }) => [kind, target, message]),
    [
      [
        'unsealed',
        'audit.logs',
        'Once this is applied, the server takes documents of audit.logs that hold user.ip unsealed. It refuses them today.',
      ],
    ],
  );
});

test('without the policy, the operations alone tell what is refused', () => {
  const actual = state(withVault());
  const { operations, accounts } = makePlan(sealed(), actual);
  assert.deepEqual(
    planWarnings(actual, operations, accounts).map(({ message }) => message),
    [`${REFUSED} Without the data key, no document with these fields can be stored.`],
  );
});

test('an added restriction of logins locks out whoever connects from elsewhere, a changed one too', () => {
  const gate = { authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }] };
  const warned = (before: object, after: string) =>
    makePlan(
      intent(`users: { a@admin: { roles: [], ${after} } }\n`),
      state({ users: [{ ...user('a@admin'), ...before }] }),
    ).warnings.map(({ kind, message }) => [kind, message]);
  const only = (place: string) => [
    [
      'logins',
      `Once this is applied, a@admin can log in only from ${place}. Whatever connects from elsewhere is locked out.`,
    ],
  ];
  assert.deepEqual(warned({}, 'clientSource: [10.0.0.0/8]'), only('10.0.0.0/8'));
  assert.deepEqual(warned(gate, 'clientSource: [10.1.0.0/16]'), only('10.1.0.0/16'));
  assert.deepEqual(warned(gate, 'adopted: true'), []);
  assert.deepEqual(warned(gate, 'clientSource: [10.0.0.0/8]'), []);
});

test('a role that gets a restriction of logins locks out its holders', () => {
  const plan = makePlan(
    intent('roles: { r@admin: { privileges: [], clientSource: [10.0.0.0/8], adopted: true } }\n'),
    state({ roles: [role('r@admin')], users: [user('a@admin', ['r@admin']), user('b@admin', ['r@admin'])] }),
  );
  assert.deepEqual(
    plan.warnings.map(({ message }) => message),
    [
      'Once this is applied, a@admin, b@admin can log in only from 10.0.0.0/8 (by r@admin). Whatever connects from elsewhere is locked out.',
    ],
  );
});
