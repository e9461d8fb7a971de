import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EJSON, UUID } from 'bson';
import { extendedJson, javascript, schemaMap } from '../../src/encryption/schema-map.ts';
import type { EncryptionEntry } from '../../src/generated/policy.ts';
import { dataKey, state } from '../support/build.ts';

const ID = '00112233-4455-6677-8899-aabbccddeeff';

const ENCRYPTION: EncryptionEntry = {
  keyVault: 'keys.vault',
  fields: {
    'user.mail': { bsonType: 'string', algorithm: 'deterministic', keyAltName: 'pii' },
    'user.ip': { bsonType: 'string', algorithm: 'random', keyId: ID.toUpperCase() },
  },
};

const sealed = (encryption: EncryptionEntry = ENCRYPTION) => [{ ns: 'audit.logs', encryption }];
const vault = (...keys: readonly ReturnType<typeof dataKey>[]) => state({ keyVaults: [{ ns: 'keys.vault', keys }] });

test("the driver's schemaMap, with the ids of the keys in the vault", () => {
  const { map, problems } = schemaMap(sealed(), vault(dataKey(['pii'])));
  assert.deepEqual(problems, []);
  const leaf = (algorithm: string, keyId: unknown) => ({
    encrypt: { keyId: [keyId], bsonType: 'string', algorithm: `AEAD_AES_256_CBC_HMAC_SHA_512-${algorithm}` },
  });
  const expected = (keyId: unknown) => ({
    'audit.logs': {
      bsonType: 'object',
      properties: {
        user: {
          bsonType: 'object',
          properties: { ip: leaf('Random', keyId), mail: leaf('Deterministic', keyId) },
        },
      },
    },
  });
  assert.deepEqual(map, expected(ID));
  assert.deepEqual(EJSON.parse(extendedJson(map)), expected(new UUID(ID)));
  const code = javascript(map);
  assert.match(code, /^import \{ UUID \} from 'mongodb';\n\nexport const schemaMap = \{\n/);
  const evaluate = new Function('UUID', code.replace(/^import.*$/m, '').replace('export const schemaMap =', 'return'));
  assert.deepEqual(evaluate(UUID), expected(new UUID(ID)));
});

test('a key that can not be told, each with its reason', () => {
  const said = (encryption: EncryptionEntry, actual?: ReturnType<typeof state>) =>
    schemaMap(sealed(encryption), actual).problems.map(({ field, message }) => `${field.path} ${message}`);
  assert.deepEqual(said(ENCRYPTION), [
    'user.mail its key "pii" has an id in the key vault only: add --cluster or --snapshot',
  ]);
  assert.deepEqual(said(ENCRYPTION, state()), [
    'user.mail its key "pii" is unknown, because nobody could look into keys.vault',
  ]);
  assert.deepEqual(said(ENCRYPTION, vault()), ['user.mail its key "pii" is not in keys.vault: make it first']);
  assert.deepEqual(said(ENCRYPTION, vault(dataKey(['pii']), dataKey(['pii'], { _id: 'b' }))), [
    'user.mail its key "pii" is ambiguous: 2 keys in keys.vault bear the name',
  ]);
  assert.deepEqual(said({ ...ENCRYPTION, fields: { x: { bsonType: 'int', algorithm: 'random' } } }), [
    'x names no key: add keyAltName or keyId',
  ]);
});

test('a field named __proto__ is a field of the module too', () => {
  const { map } = schemaMap(
    sealed({
      ...ENCRYPTION,
      fields: JSON.parse(`{"__proto__":{"bsonType":"int","algorithm":"random","keyId":"${ID}"}}`),
    }),
    undefined,
  );
  const code = javascript(map)
    .replace(/^import.*$/m, '')
    .replace('export const schemaMap =', 'return');
  assert.deepEqual(Object.keys(new Function('UUID', code)(UUID)['audit.logs'].properties), ['__proto__']);
});
