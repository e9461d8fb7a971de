import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isLogin,
  isPlaceholder,
  isReference,
  isSecretName,
  knownSecrets,
  looksRandom,
  secretIn,
  withoutLogins,
  withoutSecrets,
} from '../../src/policy/secrets.ts';

test('secrets of a known shape are found, with their place and without themselves', () => {
  const text = [
    'a: mongodb+srv://app:sesame@cluster0.example.net/?tls=true',
    '# kafka://svc:pa%24s@broker:9092',
    `b: mongodb://app:<password>@db, mongodb://app:\${PASSWORD}@db, mongodb://app:***@db`,
    'c: mongodb://db.example.net:27017/shop@x',
    '  -----BEGIN EC PRIVATE KEY-----',
    '-----BEGIN PUBLIC KEY-----',
    'key ASIAIOSFODNN7EXAMPLE',
    'arn:aws:kms:eu-south-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  ].join('\n');
  assert.deepEqual(knownSecrets(text), [
    { line: 1, column: 4, what: 'a connection string with its password' },
    { line: 2, column: 3, what: 'a connection string with its password' },
    { line: 5, column: 3, what: 'a private key' },
    { line: 7, column: 5, what: 'an AWS access key' },
  ]);
});

test('keys that hold secrets are told from keys that only mention them', () => {
  const more = ['passwords', 'pwds', 'bearer', 'secretKey', 'localMasterKey', 'access_tokens'];
  const secret = [
    ...more,
    'password',
    'db_password',
    'dbPassword',
    'pwd',
    'apiKey',
    'clientSecret',
    'token',
    'accessToken',
  ];
  const none = ['keyName', 'keyVault', 'passwordPolicy', 'tokenLifetime', 'secretName', 'compass', 'fromEnv', 'author'];
  assert.deepEqual(
    [...secret, ...none].filter((name) => isSecretName(name)),
    secret,
  );
});

test('generated words look random; names, paths, UUIDs, hashes and sentences do not', () => {
  for (const text of [
    'Zk9qW2xT7mVb4RpL0sYcH8dNfGjKa3Ue',
    'see q8Xn2LrT5vBz7KdM1pWcY4hJ there',
    'aGVsbG8gV29ybGQ5ODc2NTQzMjE=',
  ]) {
    assert.ok(looksRandom(text), text);
  }
  for (const text of [
    'AuditLogWriterForTheProductionClusterInRegionEu2',
    '/run/secrets/mongodb/CrudServicePassword2024',
    '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
    '3a65b40d0344b57ed1a2e6bbcb232b9e1f5a1298',
    'CN=auditor,OU=Security,O=Acme,DC=example,DC=com',
    'projects/acme/locations/europe-west1/keyRings/audit2/cryptoKeys/master1',
    'CRUD_SERVICE_PASSWORD_FOR_PRODUCTION_2',
  ]) {
    assert.ok(!looksRandom(text), text);
  }
});

test('placeholders and references are no secrets', () => {
  for (const text of ['', '***', '<password>', `\${PASSWORD}`, '$PASSWORD', '{{ password }}']) {
    assert.ok(isPlaceholder(text), text);
  }
  for (const text of ['/run/secrets/app', './secrets/app', 'CRUD_SERVICE_PASSWORD']) assert.ok(isReference(text), text);
  for (const text of ['Winter2026', 'hunter2', 'SESAME']) assert.ok(!isPlaceholder(text) && !isReference(text), text);
});

test('a URI with a user and a password is shown without them', () => {
  for (const [text, shown] of [
    ['mongodb://u:hunter2@h/x', 'mongodb://\u2026@h/x'],
    ['"mongodb+srv://u:hun,ter2@h"', '"mongodb+srv://\u2026@h"'],
    ['mongodb://u:hun/ter@2@h/', 'mongodb://\u2026@h/'],
    ['mongodb://u@corp:hunter2@h', 'mongodb://\u2026@h'],
    ['/data/mongodb:/u:1234@h is none', '/data/mongodb:/\u2026@h is none'],
    ['mongodb:u:hunter2@h', 'mongodb:\u2026@h'],
    ['mongodb%3A%2F%2Fu%3Ahunter2%40h', 'mongodb%3A%2F%2F\u2026%40h'],
    ['mongodb://u:hunter2...', 'mongodb://\u2026'],
    ['mongodb://h1:27017/,mongodb://u:hunter2@h', 'mongodb://h1:27017/,mongodb://\u2026@h'],
    [
      'mongodb://h/?tlsCertificateKeyFilePassword=hunter2&tls=true',
      'mongodb://h/?tlsCertificateKeyFilePassword=\u2026&tls=true',
    ],
    ['https://u:hunter2@h:443/x, redis:/:hunter2@h', 'https://\u2026@h:443/x, redis:/\u2026@h'],
    ['{"a":"\\"mongodb://u:hunter2\\" is"}', '{"a":"\\"mongodb://\u2026\\" is"}'],
  ] as const) {
    assert.equal(withoutLogins(text), shown);
    assert.ok(isLogin(text));
  }
});

test('names, hosts, ports, placeholders and users without a password stay', () => {
  for (const text of [
    'app@shop, ops@example.net, team:reader@admin, CN=x,O=y@$external',
    'mongodb://u@h:27017/x, mongodb://h1:27017,h2:27018/?x=a@b, mongodb://[::1]:27017/',
    'mongodb://db.example.net:27017/shop@x',
    `mongodb://u:<password>@h mongodb://u:\${PASSWORD}@h mongodb://root:\u2026@host mongodb://h:\${PORT}/`,
    'docker run mongodb:7.0@sha256, mongodb: u:x@y',
    'https://example.net:443/users/@me, see https://example.net/a:b@c',
  ]) {
    assert.equal(withoutLogins(text), text);
  }
  assert.ok(isLogin('u:hunter2@h.example.net:27017'));
  assert.ok(!isLogin('u@h') && !isLogin('policies/p.yaml') && !isLogin('arn:aws:iam::1:role/x@$external'));
});

test('what is looked for in a long text is found in one pass', () => {
  for (const piece of ['mongodb:', 'mongodb://a:', '://a:', '?x-password=', 'mongodb://a:b@', '%3A']) {
    assert.equal(typeof withoutLogins(piece.repeat(300_000)), 'string');
  }
});

test('a document as others may see it keeps everything but what looks like a secret', () => {
  const document = {
    team: 'x',
    password: 'hunter2',
    keys: { tokens: ['a', { note: 'b' }], count: 3, passwordPolicy: 'strict' },
    since: { $date: '2026-01-01T00:00:00Z' },
    uri: 'mongodb://u:hunter2@h/x',
    secret: '<secret>',
  };
  assert.deepEqual(withoutSecrets(document), {
    ...document,
    password: '…',
    keys: { ...document.keys, tokens: ['…', { note: '…' }] },
    uri: '…',
  });
  assert.equal(secretIn(withoutSecrets(document)), undefined);
});
