/** The shipped policy made weaker in many ways: its expectations notice each. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { judgeDocument } from '../../src/ephemeral/judge-document.ts';
import { compileExpectations, parseExpectationFile } from '../../src/expect/parse.ts';
import { askFile, judgeFile } from '../../src/expect/run.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import { said, TODAY } from './support.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const POLICY = read('policies/audit-trail.yaml');
const TEST = read('policies/audit-trail.test.yaml');

/** What its expectations say of a policy. */
function saidOf(policy: string): readonly string[] {
  const { intent, problems } = compilePolicy([parsePolicyFile({ file: 'p.yaml', text: policy })]);
  assert.deepEqual(problems, []);
  assert.ok(intent);
  const { read: file } = compileExpectations(parseExpectationFile({ file: 'p.test.yaml', text: TEST }), []);
  assert.ok(file);
  const subject = { intent, policies: [intent] };
  return said(judgeFile(askFile(file, subject, { today: TODAY, judgeDocument })));
}

type Mutation = readonly [what: string, from: string | RegExp, to: string];

const WRITER = 'allow: insert-only }';
const READER = 'allow: read-only }';
const VAULT = 'allow: [find] }';
const APP = 'roles: [auditWriter@audit, auditKeyUser@encryption]';
const AUDITOR = 'roles: [auditReader@audit, auditKeyUser@encryption]';

/** The writer may do one thing more to what it writes. */
const MORE_TO_THE_WRITER = [
  'find',
  'update',
  'remove',
  'dropCollection',
  'createIndex',
  'collMod',
  'convertToCapped',
  'bypassDocumentValidation',
  'splitVector',
  'planCacheRead',
];
const MORE_TO_THE_READER = [
  'insert',
  'update',
  'remove',
  'dropCollection',
  'createIndex',
  'collMod',
  'convertToCapped',
];
const MORE_ON_THE_VAULT = ['update', 'remove', 'dropCollection', 'createIndex', 'convertToCapped'];
/** Wide roles that somebody would give an account to be done with it. */
const WIDE = [
  'readWrite@audit',
  'dbAdmin@audit',
  'dbOwner@audit',
  'userAdmin@audit',
  'readAnyDatabase@admin',
  'root@admin',
];

const MUTATIONS: readonly Mutation[] = [
  ...MORE_TO_THE_WRITER.map((action): Mutation => [`the writer may ${action}`, WRITER, `allow: [insert, ${action}] }`]),
  ...MORE_TO_THE_READER.map(
    (action): Mutation => [`the reader may ${action}`, READER, `allow: [find, listIndexes, collStats, ${action}] }`],
  ),
  ...MORE_ON_THE_VAULT.map((action): Mutation => [`both may ${action} keys`, VAULT, `allow: [find, ${action}] }`]),
  ...WIDE.map((role): Mutation => [`crud-service holds ${role}`, APP, APP.replace(']', `, ${role}]`)]),
  ...WIDE.filter((role) => role !== 'readAnyDatabase@admin').map(
    (role): Mutation => [`the auditor holds ${role}`, AUDITOR, AUDITOR.replace(']', `, ${role}]`)],
  ),
  [
    'the writer writes anywhere in audit',
    '{ on: audit.logs, allow: insert-only }',
    '{ on: audit.*, allow: insert-only }',
  ],
  [
    'the reader reads all of audit by name too',
    '{ on: audit.logs, allow: read-only }',
    '{ on: audit.*, allow: [find, update] }',
  ],
  ['the writer may drop the database', WRITER, `${WRITER}\n      - { on: audit.*, allow: [dropDatabase] }`],
  [
    'the writer may rename in the database',
    WRITER,
    `${WRITER}\n      - { on: audit.*, allow: [renameCollectionSameDB, dropCollection] }`,
  ],
  ['the writer may grant roles', WRITER, `${WRITER}\n      - { on: audit.*, allow: [grantRole] }`],
  ['the writer may set passwords', WRITER, `${WRITER}\n      - { on: audit.*, allow: [changePassword, grantRole] }`],
  [
    'another account holds a wide role',
    'users:\n  crud-service',
    'users:\n  ops@admin: { roles: [readWrite@audit], password: { fromEnv: OPS } }\n  crud-service',
  ],
  [
    'another account reads the logs',
    'users:\n  crud-service',
    'users:\n  ops@admin: { roles: [auditReader@audit], password: { fromEnv: OPS } }\n  crud-service',
  ],
  [
    'another account writes the logs',
    'users:\n  crud-service',
    'users:\n  ops@admin: { roles: [auditWriter@audit], password: { fromEnv: OPS } }\n  crud-service',
  ],
  ['the restriction only reports', 'remedy: rewrite', 'remedy: report'],
  ['the restriction is about nobody of admin', 'users: "*"', 'users: "*@audit"'],
  ['the restriction excepts an account', 'except: [backup@admin]', 'except: [backup@admin, reports-app@admin]'],
  ['the restriction excepts another', 'except: [backup@admin]', 'except: [backup@admin, dba@admin]'],
  ['the restriction excepts a leftover', 'except: [backup@admin]', 'except: [backup@admin, leftover@audit]'],
  ['the restriction is about another database', 'on: audit.*', 'on: audits.*'],
  ['the restriction lets everybody read', 'deny: [read, write, administer]', 'deny: [write, administer]'],
  ['the restriction lets everybody write', 'deny: [read, write, administer]', 'deny: [read, administer]'],
  ['timestamp need not be there', 'required: [timestamp, event, severity]', 'required: [event, severity]'],
  ['event need not be there', 'required: [timestamp, event, severity]', 'required: [timestamp, severity]'],
  ['severity need not be there', 'required: [timestamp, event, severity]', 'required: [timestamp, event]'],
  ['e-mail addresses may be in the clear', /\n +user\.email: .*/, ''],
  ['addresses may be in the clear', /\n +user\.ip: .*/, ''],
  ['bodies may be in the clear', /\n +request\.body: .*/, ''],
];

test('the shipped policy as it is meets its expectations', () => assert.deepEqual(saidOf(POLICY), []));

test('there are at least 50 ways', () => assert.ok(MUTATIONS.length >= 50, String(MUTATIONS.length)));

for (const [what, from, to] of MUTATIONS) {
  test(`weaker: ${what}`, () => {
    const weak = POLICY.replace(from, to);
    assert.notEqual(weak, POLICY);
    assert.notEqual(saidOf(weak).length, 0);
  });
}
