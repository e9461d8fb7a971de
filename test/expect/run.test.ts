import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, intent, policyText } from '../support/build.ts';
import { coverage, expectations, runBy, said } from './support.ts';

const POLICY = intent(`
collections:
  audit.logs: { protection: append-only, schema: { bsonType: object, required: [event] } }
roles:
  writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] }
  reader@audit: { privileges: [{ on: audit.logs, allow: [find, listIndexes] }] }
users:
  app@admin: { roles: [writer@audit], password: { fromEnv: APP } }
  auditor@admin: { roles: [reader@audit], password: { fromEnv: AUDITOR } }
restrictions:
  - { users: "*", except: [backup@admin], on: audit.*, deny: [alter, destroy, unseal, suppress, administer], remedy: rewrite }
breakGlass: [{ user: root@admin, reason: owner, until: 2099-12-31 }]
`);

const GIVEN =
  '{ databases: [billing], users: { legacy@admin: [readWriteAnyDatabase@admin], admin@audit: [userAdmin@audit] } }';

const run = (expect: string, given = GIVEN) => runBy(POLICY, expectations(expect, given));

test('expectations that hold say nothing: grants, outcomes, commands, documents', () => {
  const result = run(`
  - { as: app@admin, may: insert, on: audit.logs }
  - { as: auditor@admin, may: [read, find, listIndexes], on: audit.logs }
  - { as: "*", mayNot: [alter, destroy, unseal], on: audit.logs, except: root@admin }
  - { as: legacy@admin, run: { delete: logs, deletes: [{ q: {}, limit: 0 }] }, db: audit, refused: true }
  - { as: legacy@admin, run: { insert: invoices, documents: [{}] }, db: billing, refused: false }
  - { as: app@admin, document: { level: 1 }, into: audit.logs, refused: true }
  - { as: app@admin, document: { event: login }, into: audit.logs, refused: false }`);
  assert.deepEqual(said(result), []);
  assert.deepEqual([...new Set(result.results.map(({ status }) => status))], ['passed']);
});

for (const [entry, ...messages] of [
  [
    '{ as: app@admin, may: [find, insert], on: audit.logs }',
    '5 failed: app@admin may not find on audit.logs: it lacks find on audit.logs.',
  ],
  ['{ as: "a*@admin", mayNot: insert, on: audit.logs }', '5 failed: app@admin can insert into audit.logs.'],
  [
    '{ as: root@admin, mayNot: destroy, on: audit.logs }',
    '5 failed: root@admin can destroy audit.logs: it can drop audit.logs.',
  ],
  [
    '{ as: {holding: reader@audit}, mayNot: find, on: audit.logs }',
    '5 failed: auditor@admin may find on audit.logs. It is expected to be refused.',
  ],
  [
    '{ as: app@admin, run: { drop: logs }, db: audit, refused: false }',
    '5 failed: app@admin may not run drop on audit: it lacks dropCollection on audit.logs.',
  ],
  [
    '{ as: legacy@admin, run: { drop: x }, db: billing, refused: true }',
    '5 failed: legacy@admin may run drop on billing. It is expected to be refused.',
  ],
  [
    '{ as: app@admin, document: {}, into: audit.logs, refused: false }',
    '5 failed: app@admin may not insert this document into audit.logs: it is refused by the validator of audit.logs: Document failed validation.',
  ],
  [
    '{ as: app@admin, document: { event: 1 }, into: audit.logs, refused: true }',
    '5 failed: app@admin may insert this document into audit.logs. It is expected to be refused.',
  ],
  [
    '{ as: auditor@admin, document: {}, into: audit.logs, refused: true }',
    '5 failed: The validator of audit.logs was not asked: auditor@admin lacks insert on audit.logs.',
  ],
  [
    '{ as: ap@admin, may: insert, on: audit.logs }',
    '5 account: no account is ap@admin (did you mean "app@admin"?): the policies make none, and none is given',
  ],
  [
    '{ as: "*", except: ["*"], mayNot: insert, on: audit.logs }',
    '5 never-fails: every account is excepted, so that this can never fail',
  ],
  [
    '{ as: app@admin, mayNot: shutdown, on: audit.logs }',
    '5 never-fails: this can never fail: MongoDB asks for shutdown on the cluster, not on a database or collection: ask about "cluster"',
  ],
  [
    '{ as: app@admin, may: shutdown, on: audit.logs }',
    '5 word: this can never hold: MongoDB asks for shutdown on the cluster, not on a database or collection: ask about "cluster"',
  ],
  [
    '{ as: app@admin, mayNot: altr, on: audit.logs }',
    '5 word: "altr" is neither an action of MongoDB nor an outcome (did you mean "alter"?)',
  ],
  [
    '{ as: app@admin, mayNot: alter, on: audit.log }',
    '5 place: nothing names the collection audit.log (did you mean "logs"?): name it under given.databases if the cluster has it',
  ],
  [
    '{ as: app@admin, mayNot: alter, on: biling.x }',
    '5 place: nothing names the database biling (did you mean "billing"?): name it under given.databases if the cluster has it',
  ],
  [
    '{ as: app@admin, run: { ping: 1 }, db: audit, refused: false }',
    '5 never-fails: this can never fail: any account may',
  ],
  [
    '{ as: app@admin, run: { shutdown: 1 }, db: audit, refused: true }',
    '5 never-fails: this can never fail: shutdown may only be run on the admin database',
  ],
  [
    '{ as: app@admin, run: { drpo: x }, db: audit, refused: true }',
    '5 command: there is no command "drpo" that is known here (did you mean "drop"?): the first key of the document is the name of the command',
  ],
] as const) {
  test(`${entry}: ${messages[0]}`, () => assert.deepEqual(said(run(`  - ${entry}`)), messages));
}

const ANY = '  - { as: root@admin, may: read, on: audit.logs }';

for (const [given, message] of [
  [
    '{ users: { app@admin: [] } }',
    /^3 given: app@admin is given here, and the policy makes it in policy\.yaml:\d+: take it out here$/,
  ],
  ['{ roles: { writer@audit: {} } }', /^3 given: writer@audit is given here, and the policy makes it in/],
  [
    '{ users: { a@admin: [nothing@admin] } }',
    /^3 given: the role nothing@admin is neither given, nor in a policy, nor built in$/,
  ],
  [
    '{ users: { other@admin: [root@admin] } }',
    /^3 given: the policy "p" can't be applied on what is given: other@admin can't be kept out of audit\.\*/,
  ],
] as const) {
  test(`what is given as ${given} contradicts the policy`, () => {
    const [first, ...more] = said(run(ANY, given));
    assert.match(first ?? '', message);
    assert.deepEqual(more, []);
  });
}

test('what else lives in a dedicated database contradicts the policy', () => {
  const dedicated = intent(
    'collections: { audit.logs: { dedicatedDatabase: true } }\nbreakGlass: [{ user: root@admin, reason: o, until: 2099-12-31 }]',
  );
  assert.deepEqual(said(runBy(dedicated, expectations(ANY, '{ databases: [audit.other] }'))), [
    '3 given: what is given contradicts the policy: audit is for audit.logs alone, and holds other too',
  ]);
});

test('accounts of other policies of the run count', () => {
  const users = 'users: { shop@admin: { roles: [read@audit], password: { fromEnv: X } } }';
  const { intent: other } = compile(policyText(users, 'shop'));
  assert.ok(other);
  const file = expectations('  - { as: "*", mayNot: read, on: audit.logs, except: [root@admin, auditor@admin] }');
  assert.deepEqual(said(runBy(POLICY, file, [other])), ['5 failed: shop@admin can read audit.logs.']);
});

test('what the release lets through is a warning with its remedy, and no failure', () => {
  const result = run('  - { as: app@admin, mayNot: alter, on: audit.logs }', '{ version: "4.4" }');
  assert.match(said(result)[0] ?? '', /^5 weakness: app@admin can alter audit\.logs by a weakness of the release/);
  assert.equal(result.results[0]?.status, 'passed');
});

test('coverage: grants that a passed expectation uses, protections that one tries', () => {
  const result = run(`
  - { as: app@admin, may: insert, on: audit.logs }
  - { as: legacy@admin, mayNot: alter, on: audit.logs }
  - { as: app@admin, run: { drop: logs }, db: audit, refused: true }
  - { as: app@admin, document: {}, into: audit.logs, refused: true }`);
  assert.deepEqual(coverage(POLICY, result), {
    covered: [
      'writer@audit: insert on audit.logs',
      'app@admin: writer@audit',
      'audit.logs: nobody may alter',
      'audit.logs: nobody may destroy',
      'audit.logs: the validator refuses documents',
      'the restriction on audit.*: alter',
      'the restriction on audit.*: destroy',
    ],
    open: [
      'reader@audit: find on audit.logs',
      'reader@audit: listIndexes on audit.logs',
      'auditor@admin: reader@audit',
      'the restriction on audit.*: unseal',
      'the restriction on audit.*: suppress',
      'the restriction on audit.*: administer',
    ],
  });
});

test('what fails covers nothing', () => {
  const { covered } = coverage(POLICY, run('  - { as: root@admin, mayNot: alter, on: audit.logs }'));
  assert.deepEqual(covered, []);
});
