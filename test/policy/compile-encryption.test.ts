import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intent, policyText } from '../support/build.ts';
import { said } from './said.ts';

const field = (entry: string) => `{ bsonType: string, algorithm: random${entry} }`;

function policy(fields: string, collection = ''): string {
  return `collections:\n  a.b:\n${collection}    encryption:\n      keyVault: e.k\n      fields:\n${fields}`;
}

const UUID = '00112233-4455-6677-8899-aabbccddeeff';

const CASES: readonly (readonly [what: string, lines: string, said: string])[] = [
  [
    'across an array',
    policy(`        "tags[].x": ${field('')}\n`),
    '8:9 encryption/in-array: "tags[].x" crosses an array, and MongoDB seals fields of documents only. Seal the whole array with "algorithm: random"',
  ],
  [
    'by a position',
    policy(`        tags.0.x: ${field('')}\n`),
    '8:9 encryption/in-array: "tags.0.x" can\'t be sealed: the schema (policy.yaml:4) does not say that "0" belongs to a document: it may be a position in an array',
  ],
  [
    'an array by the schema',
    policy(`        tags.x: ${field('')}\n`, '    schema:\n      properties:\n        tags: { bsonType: array }\n'),
    '11:9 encryption/in-array: "tags.x" can\'t be sealed: the schema (policy.yaml:7) lets it cross an array',
  ],
  [
    'against the schema',
    policy(`        x: ${field('')}\n`, '    schema:\n      properties:\n        x: { bsonType: int }\n'),
    '11:9 encryption/schema-conflict: "x" can\'t be sealed: the schema (policy.yaml:7) says int, and it is sealed as string',
  ],
  [
    'sealed twice',
    policy(`        x: ${field('')}\n`, '    schema:\n      properties:\n        x: { encrypt: {} }\n'),
    '11:9 encryption/schema-conflict: "x" can\'t be sealed: the schema (policy.yaml:7) seals it already: keep one of the two',
  ],
  [
    'twice in the map',
    policy(`        x: ${field('')}\n        x: ${field('')}\n`),
    '9:9 document/syntax: this key stands here twice: keep one',
  ],
  [
    'inside another',
    policy(`        user.email: ${field('')}\n        user: { bsonType: object, algorithm: random }\n`),
    '8:9 encryption/nested: "user.email" lies in "user", which is sealed as a whole: keep one of the two',
  ],
  [
    'a key id that is not a UUID',
    policy(`        x: ${field(', keyId: 1234')}\n`),
    '8:51 document/schema: "keyId" must be a text, but it is 1234 (quote it if a text is meant)',
  ],
  [
    'a key id that is not a UUID, as a text',
    policy(`        x: ${field(', keyId: master')}\n`),
    '8:51 document/schema: "master" is not a UUID',
  ],
  [
    'an alternative name that is empty',
    policy(`        x: ${field(', keyAltName: ""')}\n`),
    '8:51 document/schema: "" is not an alternative name',
  ],
  [
    'two keys',
    policy(`        x: ${field(`, keyId: ${UUID}, keyAltName: k`)}\n`),
    '8:9 encryption/two-keys: "x" names its key twice. Keep keyAltName or keyId',
  ],
  [
    'deterministic where the library refuses it',
    policy('        x: { bsonType: bool, algorithm: deterministic }\n'),
    '8:9 encryption/deterministic-type: "x" can\'t be sealed deterministically, because MongoDB\'s library refuses that for bool. Use "algorithm: random"',
  ],
  [
    'no field at all',
    policy(`        a..b: ${field('')}\n`),
    '8:9 encryption/field-path: "a..b" is not the path of a field, because a part of it is empty. Write the names of the fields, with a dot between them',
  ],
  [
    'a validator that would only warn',
    policy(`        x: ${field('')}\n`, '    validationAction: warn\n'),
    '5:5 encryption/not-enforced: MongoDB demands ciphertext only with validationLevel "strict" and validationAction "error", and validationAction is "warn". Leave it out',
  ],
  [
    'an impossible key vault',
    'collections: {a.b: {encryption: {keyVault: "a b.c", fields: {}}}}\n',
    '3:34 document/name: "a b.c" can\'t be a key vault: it contains " "',
  ],
  [
    "a key vault that is the server's own",
    'collections: {a.b: {encryption: {keyVault: admin.system.users, fields: {}}}}\n',
    '3:34 document/name: "admin.system.users" can\'t be a key vault: names that begin with "system." are the server\'s own',
  ],
];

for (const [what, lines, message] of CASES) {
  test(`a field map that is impossible is refused with its line: ${what}`, () => {
    assert.deepEqual(said(policyText(lines)), [message]);
  });
}

test('a collection with sealed fields gets a validator, also without a schema of its own', () => {
  const [entry] = intent(policy('        x: { bsonType: int, algorithm: deterministic }\n')).collections;
  assert.deepEqual(entry?.validation, {
    validator: {
      $jsonSchema: {
        bsonType: 'object',
        properties: {
          x: { encrypt: { bsonType: 'int', algorithm: 'AEAD_AES_256_CBC_HMAC_SHA_512-Deterministic' } },
        },
      },
    },
    validationLevel: 'strict',
    validationAction: 'error',
  });
});

test('an empty field map says nothing about the validator', () => {
  const [entry] = intent('collections: {a.b: {encryption: {keyVault: e.k, fields: {}}}}\n').collections;
  assert.equal(entry?.validation, undefined);
});
