import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  databaseNameProblem,
  formatRole,
  formatUser,
  parseNamespace,
  roleKey,
  splitAt,
  userKey,
} from '../../src/model/names.ts';

const SPLIT: readonly (readonly [text: string, name: string | undefined, db?: string])[] = [
  ['a@admin', 'a', 'admin'],
  ['a@b@c', 'a@b', 'c'],
  ['@@c', '@', 'c'],
  ['CN=x,O=y@$external', 'CN=x,O=y', '$external'],
  ['__proto__@__proto__', '__proto__', '__proto__'],
  ['日本@東京', '日本', '東京'],
  ['{"user":"ops","db":"eu@admin"}', 'ops', 'eu@admin'],
  ['{"role":"x","db":"eu@admin"}', 'x', 'eu@admin'],
  ['{"user":"ops","db":"eu"}@admin', '{"user":"ops","db":"eu"}', 'admin'],
  ['{"user":1,"db":"a@b"}', '{"user":1,"db":"a', 'b"}'],
  ['a', undefined],
  ['@admin', undefined],
  ['a@', undefined],
  ['', undefined],
];

for (const [text, name, db] of SPLIT) {
  test(`"${text}" is ${name === undefined ? 'no name' : `${name} of ${db}`}`, () => {
    assert.deepEqual(splitAt(text), name === undefined ? undefined : { name, db });
  });
}

test('a name splits into what it was put together from, whatever the name', () => {
  const name = fc.string({ minLength: 1 });
  const db = fc.oneof(fc.string({ minLength: 1 }), fc.constant('eu@admin')).filter((text) => !text.includes('"'));
  fc.assert(
    fc.property(name, db, (text, inDb) => {
      assert.deepEqual(splitAt(formatRole({ role: text, db: inDb })), { name: text, db: inDb });
      assert.deepEqual(splitAt(formatUser({ user: text, db: inDb })), { name: text, db: inDb });
    }),
  );
});

test('two different names never look alike, nor share an identity', () => {
  const left = { role: 'a@b', db: 'c' };
  const right = { role: 'a', db: 'b@c' };
  assert.equal(formatRole(left), 'a@b@c');
  assert.equal(formatRole(right), '{"role":"a","db":"b@c"}');
  assert.equal(formatUser({ user: 'a', db: 'b@c' }), '{"user":"a","db":"b@c"}');
  for (const [name, written] of [
    ['a@admin, b', '{"user":"a@admin, b","db":"admin"}'],
    ['CN=x@$external; b', '{"user":"CN=x@$external; b","db":"admin"}'],
    ['whoever is given r', '{"user":"whoever is given r","db":"admin"}'],
    // What is no list stays as it is.
    ['CN=Smith\\, John,O=Acme', 'CN=Smith\\, John,O=Acme@admin'],
    ['jo@acme.example', 'jo@acme.example@admin'],
    ['a\nb', 'a\nb@admin'],
  ] as const) {
    assert.equal(formatUser({ user: name, db: 'admin' }), written);
    assert.deepEqual(splitAt(written), { name, db: 'admin' });
  }
  assert.equal(roleKey(left), 'c.a@b');
  assert.equal(roleKey(right), 'b@c.a');
  assert.equal(userKey({ user: 'x.y', db: 'admin' }), 'admin.x.y');
});

const NAMESPACES: readonly (readonly [text: string, db: string | undefined, collection?: string])[] = [
  ['audit.logs', 'audit', 'logs'],
  ['audit.logs.2026', 'audit', 'logs.2026'],
  ['audit', undefined],
  ['.logs', undefined],
  ['audit.', undefined],
  ['', undefined],
];

for (const [text, db, collection] of NAMESPACES) {
  test(`"${text}" is ${db === undefined ? 'no namespace' : `${collection} in ${db}`}`, () => {
    assert.deepEqual(parseNamespace(text), db === undefined ? undefined : { db, collection });
  });
}

const DATABASES: readonly (readonly [db: string, problem: string | undefined])[] = [
  ['audit', undefined],
  ['$external', undefined],
  ['a'.repeat(63), undefined],
  ['a'.repeat(64), 'it is longer than 63 bytes'],
  ['é'.repeat(32), 'it is longer than 63 bytes'],
  ['', 'it is empty'],
  ['a/b', 'it contains "/"'],
  ['a\\b', 'it contains "\\\\"'],
  ['a.b', 'it contains "."'],
  ['a b', 'it contains " "'],
  ['a"b', 'it contains "\\""'],
  ['a$b', 'it contains "$"'],
  ['a\0b', 'it contains "\\u0000"'],
];

for (const [db, problem] of DATABASES) {
  test(`a database ${JSON.stringify(db)}: ${problem ?? 'fine'}`, () => {
    assert.equal(databaseNameProblem(db), problem);
  });
}
