/** All policies of a run are held against the demands of each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { intentState } from '../../src/access/intent-state.ts';
import { VIOLATION_RULE_NAMES } from '../../src/access/violations.ts';
import { driftReport } from '../../src/drift/report.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { simulate } from '../../src/plan/simulate.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { policyText } from '../support/build.ts';
import { scaled } from '../support/scaled.ts';

const TODAY = '2026-11-23';

function named(name: string, lines: string): string {
  return `apiVersion: mongoward/v1\nmetadata: { name: ${name} }\n${lines}`;
}

/** `file:line:column severity rule message` of what is found at violations, by the files given or all. */
function lint(texts: Readonly<Record<string, string>>, given = Object.keys(texts), only?: readonly string[]): string[] {
  const files = Object.entries(texts).map(([file, text]) => parsePolicyFile({ file, text }));
  const { findings, crashes } = lintPolicies(files, given, { today: TODAY, ...(only && { only }) });
  assert.deepEqual(crashes, []);
  return findings
    .filter(({ rule }) => VIOLATION_RULE_NAMES.has(rule))
    .map(
      ({ file, line, column, severity, rule, message }) => `${file}:${line}:${column} ${severity} ${rule} ${message}`,
    );
}

const TRAIL = named('audit-trail', 'collections: { audit.logs: { protection: append-only } }\n');
const SHOP = named(
  'shop',
  'roles:\n  shop@admin:\n    privileges:\n      - { on: audit.logs, allow: [remove] }\nusers:\n  shop@admin: { roles: [shop@admin] }\n',
);

test('what another policy grants is a finding in the file that grants it', () => {
  const texts = { 'a.yaml': TRAIL, 'b.yaml': SHOP };
  const expected = [
    'b.yaml:6:9 error protection/append-only shop@admin can alter audit.logs through shop@admin. It can delete documents of audit.logs. Revoke shop@admin, or name shop@admin under breakGlass (of the policy "audit-trail", a.yaml:3)',
  ];
  assert.deepEqual(lint(texts), expected);
  assert.deepEqual(lint(texts, ['b.yaml']), expected);
  // Whoever changes the trail alone has to know too.
  assert.deepEqual(lint(texts, ['a.yaml']), expected);
});

test('a grant on the buckets of a protected collection is a finding, because it may be a time series', () => {
  const granted = (on: string, entry = 'protection: append-only'): readonly string[] =>
    lint(
      {
        'a.yaml': named('audit-trail', `cluster: { version: ">=8.0" }\ncollections: { audit.logs: { ${entry} } }\n`),
        'b.yaml': named(
          'shop',
          `roles:\n  shop@admin: { privileges: [{ on: ${on}, allow: [remove] }] }\nusers:\n  shop@admin: { roles: [shop@admin] }\n`,
        ),
      },
      ['a.yaml', 'b.yaml'],
    );
  const told = [
    '{ db: audit, system_buckets: logs }',
    '{ db: "", system_buckets: logs }',
    '{ db: audit, system_buckets: "" }',
    'audit.system.buckets.logs',
  ];
  for (const on of told)
    assert.match(granted(on).join(), /shop@admin can alter audit\.logs .* from the buckets of/, on);
  for (const on of ['{ db: audit, system_buckets: carts }', '{ system_buckets: "" }'])
    assert.deepEqual(granted(on), []);
  const sealed = 'protection: append-only, schema: { bsonType: object }';
  assert.deepEqual(granted('{ db: audit, system_buckets: logs }', sealed), []);
});

test('a role that an account of another policy holds under the same name is not said to be held by nobody', () => {
  const held = (users: string): readonly string[] => {
    const texts = {
      'a.yaml': `${TRAIL}roles: { w@audit: { privileges: [{ on: audit.logs, allow: [insert] }] } }\n${users}`,
      'b.yaml': named('shop', 'roles: { w@audit: { privileges: [{ on: audit.logs, allow: [remove] }] } }\n'),
    };
    const files = Object.entries(texts).map(([file, text]) => parsePolicyFile({ file, text }));
    const { findings } = lintPolicies(files, ['b.yaml'], { today: TODAY, only: ['protection/unheld-role'] });
    return findings.map(({ message }) => message.split('. ')[1] ?? '');
  };
  assert.deepEqual(held(''), ['Nobody holds the role yet']);
  assert.deepEqual(held('users: { u@admin: { roles: [w@audit] } }\n'), [
    'u@admin of the policy "audit-trail" holds a role of that name',
  ]);
});

test('an exemption of another policy opens nothing', () => {
  const glass = 'breakGlass: [{ user: shop@admin, reason: it is ours, until: 2027-01-01 }]\n';
  assert.equal(lint({ 'a.yaml': TRAIL, 'b.yaml': `${SHOP}${glass}` }).length, 1);
  assert.equal(lint({ 'a.yaml': `${TRAIL}${glass}`, 'b.yaml': SHOP }).length, 0);
});

test('what lives in a database that another policy dedicates is a finding where it is defined', () => {
  const texts = {
    'a.yaml': named('audit-trail', 'collections: { audit.logs: { dedicatedDatabase: true } }\n'),
    'b.yaml': named('shop', 'collections: { audit.carts: {} }\n'),
  };
  assert.deepEqual(lint(texts), [
    'b.yaml:3:16 error protection/dedicated-database audit is for audit.logs alone, and this policy defines audit.carts there. Move audit.carts to another database (of the policy "audit-trail", a.yaml:3)',
  ]);
});

test('an adopted account that the plan does not rewrite is a finding', () => {
  const policy = (more: string): string =>
    named(
      'p',
      `collections: { audit.logs: { protection: append-only } }\nroles: { r@audit: { privileges: [{ on: audit.logs, allow: [remove] }] } }\nusers: { old@admin: { roles: [r@audit], adopted: true } }\nrestrictions: [{ users: "*", on: audit.*, deny: [write, read], remedy: rewrite }]\n${more}`,
    );
  assert.deepEqual(lint({ 'p.yaml': policy('') }), []);
  const [first = '', ...others] = lint({ 'p.yaml': policy('unmanaged: [old@admin]\n') });
  assert.match(first, /^p\.yaml:\d+:\d+ error protection\/append-only old@admin can alter audit\.logs/);
  assert.deepEqual(others, []);
});

test('a finding stands at the account if others hold the role rightly, at the privilege if nobody may have it', () => {
  const lines = (rest: string): string[] =>
    lint({
      'p.yaml': named(
        'p',
        `collections:\n  audit.logs: { access: { read: [good@admin] } }\nroles:\n  r@audit:\n    privileges:\n      - { on: audit.logs, allow: [find] }\n${rest}`,
      ),
    }).map((text) => text.split(' ')[0] ?? '');
  const good = '  good@admin: { roles: [r@audit] }\n';
  assert.deepEqual(lines('users:\n  bad@admin: { roles: [r@audit] }\n'), ['p.yaml:8:9']);
  assert.deepEqual(lines(`users:\n  bad@admin: { roles: [r@audit] }\n${good}`), ['p.yaml:10:24']);
  // The role between is held by nobody who may: it is that one which must not inherit.
  const between = '  s@audit: { roles: [r@audit] }\nusers:\n  bad@admin: { roles: [s@audit] }\n';
  assert.deepEqual(lines(`${between}${good}`), ['p.yaml:9:22']);
});

const USERS = ['ann@admin', 'bob@orders', 'eve@audit'];
const ACTIONS = ['find', 'insert', 'update', 'remove', 'createIndex', 'collMod', 'grantRole', 'changePassword'];
const PLACES = ['audit.logs', 'audit.*', '"*.*"', 'orders.items', 'encryption.keys', 'admin.*'];

const role = fc.record({
  on: fc.constantFrom(...PLACES),
  allow: fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: 3 }),
});
const policy = fc
  .record({
    protection: fc.constantFrom('none', 'append-only', 'read-only'),
    named: fc.option(fc.subarray(USERS, { maxLength: 2 })),
    sealed: fc.boolean(),
    remedy: fc.constantFrom('report', 'rewrite'),
    deny: fc.subarray(['read', 'write', 'administer'], { minLength: 1 }),
    restricted: fc.boolean(),
    roles: fc.array(role, { minLength: 1, maxLength: 3 }),
    held: fc.array(fc.nat({ max: 6 }), { minLength: 3, maxLength: 3 }),
    adopted: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    unmanaged: fc.boolean(),
  })
  .map((drawn) => {
    const access = drawn.named === null ? '' : `, access: { read: [${drawn.named.join(', ')}] }`;
    const encryption = drawn.sealed
      ? ', encryption: { keyVault: encryption.keys, fields: { a: { bsonType: string, algorithm: random, keyAltName: k } } }'
      : '';
    const roles = drawn.roles.map(
      ({ on, allow }, at) => `  r${at}@admin: { privileges: [{ on: ${on}, allow: [${allow.join(', ')}] }] }`,
    );
    const grants = ['read@audit', 'readWrite@orders', 'dbOwner@audit', 'clusterMonitor@admin', 'root@admin'];
    const choices = [...drawn.roles.map((_role, at) => `r${at}@admin`), ...grants];
    const users = USERS.map((user, at) => {
      const adopted = drawn.adopted[at] === true ? ', adopted: true' : '';
      return `  ${user}: { roles: ["${choices[(drawn.held[at] ?? 0) % choices.length]}"], password: { fromEnv: P }${adopted} }`;
    });
    return policyText(
      [
        `collections: { audit.logs: { protection: ${drawn.protection}${access}${encryption} } }`,
        `roles:\n${roles.join('\n')}`,
        `users:\n${users.join('\n')}`,
        ...(drawn.restricted
          ? [`restrictions: [{ users: "*", on: audit.*, deny: [${drawn.deny.join(', ')}], remedy: ${drawn.remedy} }]`]
          : []),
        ...(drawn.unmanaged ? ['unmanaged: ["ann@*"]'] : []),
        '',
      ].join('\n'),
    );
  });

/** An empty cluster with what the policy says written to it. */
function made(text: string): {
  readonly state: ClusterState;
  readonly intent: NonNullable<ReturnType<typeof compile>>;
} {
  const intent = compile(text);
  assert.ok(intent);
  const empty: ClusterState = {
    ...intentState(intent),
    roles: [],
    users: [],
    databases: [],
    keyVaults: [],
    objects: [],
  };
  const { operations } = makePlan(intent, empty, { today: TODAY });
  return { intent, state: simulate(empty, operations) };
}

function compile(text: string) {
  return compilePolicy([parsePolicyFile({ file: 'p.yaml', text })]).intent;
}

test('the linter finds nothing about accounts exactly if the drift report on the cluster that the policy makes does not', () => {
  fc.assert(
    fc.property(policy, (text) => {
      const { state, intent } = made(text);
      const kinds = new Set(['protection', 'restriction']);
      const drifted = driftReport(intent, state, { today: TODAY }).findings.filter(
        ({ kind, rule }) => kinds.has(kind) && rule !== 'restriction/own-records',
      );
      const files = [parsePolicyFile({ file: 'p.yaml', text })];
      const only = [...VIOLATION_RULE_NAMES, 'default-users/unenforceable'];
      const { findings, crashes } = lintPolicies(files, ['p.yaml'], { today: TODAY, only });
      assert.deepEqual(crashes, []);
      const told = findings.filter(({ message }) => !message.includes('does nothing to'));
      assert.equal(told.length > 0, drifted.length > 0, `${text}\n${JSON.stringify({ told, drifted }, null, 1)}`);
    }),
    { numRuns: scaled(100) },
  );
});
