import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMigration } from '../../src/migrate/parse-migration.ts';

const FILE = 'migrations/20260131120000_a.yaml';

const HEAD = `mongowardMigration: 1
policy: p
policyHash: ${'a'.repeat(64)}
server: 8.0.4
operations:
`;

const ROLE = '{ privileges: [{ resource: { db: x, collection: y }, actions: [find] }], roles: [] }';
const CREATE = `  - { kind: createRole, target: { role: r, db: x }, reason: why, after: ${ROLE} }\n`;
const GRANT = (more: string): string => `  - kind: grantPrivilegesToRole
    target: { role: r, db: x }
    reason: why
${more}    privileges: [{ resource: { db: x, collection: y }, actions: [insert] }]
`;

/** The text, and what is said of it: `line: message`. */
const WRONG: Readonly<Record<string, readonly [text: string, said: string]>> = {
  'an empty file': ['', '1: the file is empty: a migration is written by mongoward migrate new'],
  'a merge conflict': [
    `${HEAD}<<<<<<< HEAD\n${CREATE}=======\n>>>>>>> other\n`,
    '6: a merge conflict was left here: settle it, and take the lines with <<<<<<<, ======= and >>>>>>> out',
  ],
  'a file of something else': [
    'apiVersion: mongoward/v1\n',
    '1: this is not a migration, because it lacks the key "mongowardMigration"',
  ],
  'a newer format': [
    HEAD.replace(': 1', ': 2'),
    '1: it has format 2, and this program reads up to 1. Use the version of mongoward that wrote it, or a newer one',
  ],
  'an unknown operation': [
    `${HEAD}  - { kind: dropDatabase, target: { db: x }, reason: why }\n`,
    '6: "dropDatabase" is no kind that this version knows',
  ],
  'an operation without a kind': [
    `${HEAD}  - { target: { db: x } }\n`,
    '6: entry 1 of "operations" lacks the key "kind"',
  ],
  'an unknown key': [
    `${HEAD}  - { kind: dropRole, target: { role: r, db: x }, reason: why, beforr: ${ROLE} }\n`,
    '6: unknown key "beforr" (did you mean "before"?)',
  ],
  'a password written out': [
    `${HEAD}  - { kind: createUser, target: { user: u, db: x }, reason: why, password: hunter2, after: { roles: [] } }\n`,
    '6: "password" is not where a password is read from, {fromEnv: NAME} or {fromFile: path}',
  ],
  'a user without a source of its password': [
    `${HEAD}  - { kind: createUser, target: { user: u, db: x }, reason: why, after: { roles: [] } }\n`,
    '6: it does not say where the password of u@x is read from: password: {fromEnv: …}',
  ],
  'a resource of no kind': [
    `${HEAD}${CREATE.replace('{ db: x, collection: y }', '{ db: x }')}`,
    '6: "resource" is not a resource document of MongoDB, such as {db: shop, collection: orders} or {cluster: true}',
  ],
  'a form that nothing gives': [
    `${HEAD}${GRANT('')}`,
    '6: it lacks the key "before", and no operation above says what r@x looks like',
  ],
  'a form that is not what the operations above make': [
    `${HEAD}${CREATE}${GRANT('    before: { privileges: [], roles: [] }\n')}`,
    '10: "before" is not what the operations above make of r@x',
  ],
  'a grant of what is there': [
    `${HEAD}${CREATE}${GRANT('').replace('[insert]', '[find]')}`,
    '10: it grants what r@x has already',
  ],
  'a revocation of what is not there': [
    `${HEAD}${CREATE}${GRANT('').replace('grantPrivilegesToRole', 'revokePrivilegesFromRole')}`.replace(
      'grantP',
      'revokeP',
    ),
    '10: it revokes what r@x does not have',
  ],
  'the same role made twice': [
    `${HEAD}${CREATE}${CREATE}`,
    '7: r@x exists after an operation above, and this one makes it',
  ],
  'a change that changes nothing': [
    `${HEAD}  - { kind: collMod, target: { db: x, collection: y }, reason: why, before: {}, after: { validationLevel: strict } }\n`,
    '6: it changes nothing: x.y is the same before and after',
  ],
  'a value that is not Extended JSON': [
    `${HEAD}  - { kind: createCollection, target: { db: x, collection: y }, reason: why, after: { validator: { a: { $date: soon } } } }\n`,
    '6: it is not Extended JSON: {"$date":"soon"} is not a date',
  ],
};

for (const [what, [text, said]] of Object.entries(WRONG)) {
  test(`${what} is one sentence with its line`, () => {
    const { problems, migration } = parseMigration(FILE, text);
    assert.deepEqual([problems.map(({ line, message }) => `${line}: ${message}`), migration], [[said], undefined]);
  });
}

test('a file of another name is no migration', () => {
  const [problem] = parseMigration('migrations/a.yaml', HEAD).problems;
  assert.equal(
    problem?.message,
    'a migration is named <YYYYMMDDHHMMSS>_<words>.yaml, such as 20260131120000_audit-trail.yaml',
  );
});

test('what is left out of a file follows from the operations above', () => {
  const { migration } = parseMigration(FILE, `${HEAD}${CREATE}${GRANT('')}`);
  const resource = { db: 'x', collection: 'y' };
  const before = { role: 'r', db: 'x', privileges: [{ resource, actions: ['find'] }], roles: [] };
  assert.deepEqual(migration?.operations, [
    { kind: 'createRole', after: before, id: 'createRole r@x', target: 'r@x', reason: { text: 'why' } },
    {
      kind: 'grantPrivilegesToRole',
      before,
      after: { ...before, privileges: [{ resource, actions: ['find', 'insert'] }] },
      id: 'grantPrivilegesToRole r@x',
      target: 'r@x',
      reason: { text: 'why' },
    },
  ]);
});
