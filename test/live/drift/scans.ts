/** What somebody has stored in a sealed field, past the validator. */
import type { Binary, MongoClient } from 'mongodb';
import { ciphertext, KEY_ID } from '../../encryption/sealed.ts';
import { type Case, of } from './case.ts';
import { dropVault, makeKeys, SEALED, vault } from './keys.ts';
import { LOGS } from './policy.ts';

/** The keys of the vault, by their names. */
interface Keys {
  readonly pii: string;
  readonly other: string;
}

const STORED: readonly (readonly [rule: Case['rule'], mail: (keys: Keys) => Binary | string])[] = [
  ['encryption/scan-plaintext', () => 'in@the.clear'],
  ['encryption/scan-refused', () => 'in@the.clear'],
  ['encryption/scan-algorithm', ({ pii }) => ciphertext({ bsonType: 'string', keyId: pii, algorithm: 1 })],
  ['encryption/scan-unknown-key', () => ciphertext({ bsonType: 'string', keyId: KEY_ID })],
  ['encryption/scan-wrong-key', ({ other }) => ciphertext({ bsonType: 'string', keyId: other })],
  ['encryption/scan-bson-type', ({ pii }) => ciphertext({ bsonType: 'int', keyId: pii })],
  ['encryption/scan-length', ({ pii }) => ciphertext({ bsonType: 'string', keyId: pii, length: 20 })],
];

export const SCAN_CASES: readonly Case[] = STORED.map(([rule, mail]) => ({
  rule,
  target: LOGS,
  policy: { collection: SEALED() },
  options: ['--scan', LOGS, '--all'],
  cause: async (root) => {
    await dropVault(root);
    await makeKeys(root, ['pii', 'other']);
    const keys = { pii: await idOf(root, 'pii'), other: await idOf(root, 'other') };
    await of(root)
      .collection('logs')
      .insertOne({ mail: mail(keys) }, { bypassDocumentValidation: true });
  },
  mend: (root) => of(root).collection('logs').deleteMany({}),
  clear: dropVault,
}));

async function idOf(root: MongoClient, name: string): Promise<string> {
  const key = await vault(root).findOne({ keyAltNames: name });
  return String(key?._id);
}
