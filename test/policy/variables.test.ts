import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatUser } from '../../src/model/names.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import { intent, policyText } from '../support/build.ts';
import { said } from './said.ts';

const names = (lines: string, ...layers: readonly Readonly<Record<string, string>>[]): readonly string[] =>
  intent(lines, { variables: layers.map((layer) => new Map(Object.entries(layer))) }).users.map(({ user }) =>
    formatUser(user),
  );

test('a variable stands in any text, keys included', () => {
  const { roles } = intent(
    `variables: {db: orders}\nroles:\n  app@\${db}: {privileges: [{on: "\${db}.x", allow: [find]}]}\n`,
  );
  assert.deepEqual(
    roles.map(({ role }) => role),
    [
      {
        role: 'app',
        db: 'orders',
        privileges: [{ resource: { db: 'orders', collection: 'x' }, actions: ['find'] }],
        roles: [],
      },
    ],
  );
});

test('the strongest layer that knows a variable wins, the policy itself is the weakest', () => {
  const lines = `variables: {db: own}\nusers: {"a@\${db}": {}}\n`;
  assert.deepEqual(names(lines), ['a@own']);
  assert.deepEqual(names(lines, { db: 'flag' }, { db: 'environment' }), ['a@flag']);
  assert.deepEqual(names(lines, {}, { db: 'environment' }), ['a@environment']);
});

test('a value that refers to another variable is a problem, because it is put in as it is', () => {
  const lines = `variables: {a: "\${b}", b: x}\nusers: {"\${a}@admin": {}}\n`;
  assert.deepEqual(said(policyText(lines)), [
    `4:9 document/variable: the value of the variable "a" is "\${b}", and what it refers to is not put in. Write the value out`,
  ]);
});

test('the variables of one file serve all files of the policy', () => {
  const files = { 'a.yaml': policyText('variables: {db: x}\n'), 'b.yaml': policyText(`users: {"a@\${db}": {}}\n`) };
  assert.deepEqual(said(files), []);
});

test('a value is taken literally', () => {
  assert.deepEqual(names(`variables: {a: "$&$1", b: x}\nusers: {"\${a}\${b}@admin": {}}\n`), ['$&$1x@admin']);
  assert.deepEqual(names(`variables: {constructor: x}\nusers: {"\${constructor}@admin": {}}\n`), ['x@admin']);
  assert.deepEqual(names(`users: {"CN=a@$external": {}, "\${a@admin": {}}\n`), ['CN=a@$external', `\${a@admin`]);
});

test('a variable that nobody gave is told where it stands, with the nearest known one', () => {
  const lines = `variables: {database: orders}\nroles:\n  app@\${databse}:\n    roles: ["x@\${constructor}"]\n`;
  assert.deepEqual(said(policyText(lines)), [
    '5:3 document/variable: no value for the variable "databse" (did you mean "database"?): give it under "variables", by --var, or in MONGOWARD_VAR_databse',
    '6:13 document/variable: no value for the variable "constructor": give it under "variables", by --var, or in MONGOWARD_VAR_constructor',
  ]);
});

test('what stands below a replaced key is located as it was written', () => {
  const lines = `variables: {db: admin}\nroles:\n  app@\${db}:\n    xyzzy: []\n  two@\${db}:\n    roles:\n      - 3\n`;
  assert.deepEqual(said(policyText(lines)), [
    '6:5 document/schema: unknown key "xyzzy" (known here: description, privileges, roles, clientSource, serverAddress, authenticationRestrictions, adopted)',
    '9:9 document/schema: entry 1 of "roles" must be a text or a map, but it is 3 (quote it if a text is meant)',
  ]);
});

test('two keys that become one are told at the second', () => {
  const wrong = (key: string) =>
    `document/duplicate: with its variables replaced this key is "${key}", which stands here already: keep one`;
  const both = `variables: {x: a, y: a}\nroles:\n  "\${x}@admin": {}\n  "\${y}@admin": {}\n`;
  assert.deepEqual(said(policyText(both)), [`6:3 ${wrong('a@admin')}`]);
  const literal = (first: string, second: string) =>
    policyText(`variables: {x: a}\nroles: {"${first}@admin": {}, "${second}@admin": {}}\n`);
  assert.deepEqual(said(literal('a', `\${x}`)), [`4:24 ${wrong('a@admin')}`]);
  assert.deepEqual(said(literal(`\${x}`, 'a')), [`4:27 ${wrong('a@admin')}`]);
  const deep = `variables: {x: a}\ncollections: {a.b: {schema: {properties: {a: {}, "\${x}": {}}}}}\n`;
  assert.deepEqual(said(policyText(deep)), [`4:50 ${wrong('a')}`]);
});

test('the same key in two places is no duplicate', () => {
  const lines = `variables: {x: a}\nroles: {"\${x}@admin": {}}\nusers: {"\${x}@admin": {}, a@app: {}}\n`;
  assert.deepEqual(said(policyText(lines)), []);
});

test('the name of a policy holds no variable', () => {
  const text = `apiVersion: mongoward/v1\nmetadata: { name: "\${policy}" }\nvariables: { policy: audit-trail }\n`;
  const { problems } = compilePolicy([parsePolicyFile({ file: 'z.yaml', text })]);
  assert.deepEqual(
    problems.map(({ rule, line, column, message }) => `${line}:${column} ${rule} ${message}`),
    [
      "2:13 document/variable a policy's name holds no variable: write it out, as all files with the same name make one policy",
    ],
  );
});
