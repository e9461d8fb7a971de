import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionOf, isPlaceholder, parseEnvironment } from '../../src/crud-service/environment.ts';

test('a file of variables: comments, quotes, export, empty values', () => {
  const text = `# a comment
A=1
  export B = "two words" # kept apart
C='#3'
D=four # not a part of it
E=

F=a=b#c
G="a # b" # c\r
`;
  const { environment, problems } = parseEnvironment('prod.env', text);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...environment].map(([name, { value, at }]) => `${name}=${value} ${at?.line}`),
    ['A=1 2', 'B=two words 3', 'C=#3 4', 'D=four 5', 'E= 6', 'F=a=b#c 8', 'G=a # b 9'],
  );
});

test('a line that is none is named by its place, and not shown: it may hold a secret', () => {
  const { problems } = parseEnvironment('prod.env', 'A=1\nvery secret\n');
  assert.deepEqual(
    problems.map(({ line, message }) => `${line} ${message}`),
    ['2 this line is not in the form NAME=value'],
  );
});

test('a variable that is set twice, an invisible character and an endless line are named by their places', () => {
  const said = (text: string): readonly string[] =>
    parseEnvironment('prod.env', text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  assert.deepEqual(said('A=1\nB=2\nA=3\n'), ['3:1 A is set in line 1 too. Keep one']);
  assert.deepEqual(said('A=1\nB=\u200b2\n'), [
    '2:3 the character U+200B (zero width space) can\'t be seen: remove it, or write "\\u200b" in double quotes',
  ]);
  assert.deepEqual(said(`A=${'{'.repeat(1_000_000)}`), [
    '1:1 this line is longer than 32768 characters. Is this a file of variables?',
  ]);
});

test('values that something else puts in', () => {
  for (const value of ['{{KMS}}', `\${KMS}`, '$KMS', '<project>', 'a-{{ENV}}']) assert.ok(isPlaceholder(value), value);
  for (const value of ['acme', 'a$b', '']) assert.ok(!isPlaceholder(value), value);
});

const PLAIN = { tls: false, unverified: false };
const URLS: readonly (readonly [url: string, connection: ReturnType<typeof connectionOf>])[] = [
  ['mongodb://db1:27017,db2:27017/shop', { ...PLAIN, database: 'shop' }],
  ['mongodb://app:s3cret@db1/shop', { ...PLAIN, database: 'shop', account: { user: 'app', db: 'shop' } }],
  ['mongodb://a%40b:s3cret@db1/?authSource=admin', { ...PLAIN, account: { user: 'a@b', db: 'admin' } }],
  ['mongodb://app:s3cret@db1', { ...PLAIN, account: { user: 'app', db: 'admin' } }],
  ['mongodb+srv://db.example/shop?retryWrites=true', { tls: true, unverified: false, database: 'shop' }],
  ['mongodb+srv://db.example/shop?tls=false', { ...PLAIN, database: 'shop' }],
  ['mongodb://db1/shop?ssl=TRUE&tlsAllowInvalidCertificates=true', { tls: true, unverified: true, database: 'shop' }],
  ['mongodb://CN=x@db1/shop?authMechanism=MONGODB-X509&tls=true', { tls: true, unverified: false, database: 'shop' }],
  ['postgres://db1/shop', undefined],
  ['mongodb://app:p/s3cret@db1/shop', undefined],
  ['mongodb://app:p@s3cret@db1/shop', undefined],
  ['mongodb://app:p@s/s3?cret@db1/shop', undefined],
  ['mongodb://app:p:s/s3:cret@db1/shop', undefined],
];

for (const [url, connection] of URLS) {
  test(`what ${url} says, credentials left out`, () => assert.deepEqual(connectionOf(url), connection));
}
