/** Sealed fields in the demo: the official encryption library, where it is installed, and a local master key of this run. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Binary, ClientEncryption, type MongoClient } from 'mongodb';
import { findEncryptionLibrary, loadEncryptionLibrary } from '../cluster/encryption-library.ts';
import { Failure } from '../failure.ts';
import { withMongo } from './seed.ts';

const NAME = 'mongodb-client-encryption';

export interface Sealing {
  /** `mongodb-client-encryption 7.2.1` */
  readonly library: string;
  /** Of this run alone. */
  readonly masterKey: Buffer;
}

/** Nothing where the library is not installed beside the driver, or can't be loaded. */
export function sealingHere(): Sealing | undefined {
  const found = findEncryptionLibrary();
  if (found.version === undefined) return undefined;
  try {
    loadEncryptionLibrary();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
  return { library: `${NAME} ${found.version}`, masterKey: randomBytes(96) };
}

/** Puts the master key into the demo's folder; gives what the configuration then says. */
export function prepareSealing({ masterKey }: Sealing, folder: string): string {
  writeFileSync(join(folder, 'master.key'), masterKey, { mode: 0o600 });
  return 'kmsProviders:\n  local: { key: { fromFile: master.key } }\n';
}

/** The shipped policy with its keys under that local master key, made by migrations. */
export function sealingPolicy(shipped: string): string {
  return shipped
    .replace(/kms: \{ provider: gcp.*\}/, 'kms: { provider: local }\n      dataKeys: managed')
    .replace('\ncollections:', '\nvariables: { env: demo }\n\ncollections:');
}

const PLAIN = 'ada@example.com';

/** Seals an address as the writer, stores it, and reads it as an administrator: without the master key and with it. */
export async function sealAndRead(
  { masterKey }: Sealing,
  writerUri: string,
  rootUri: string,
): Promise<{ readonly stored: string; readonly opened: string }> {
  const encryption = (client: MongoClient): ClientEncryption =>
    new ClientEncryption(client, {
      keyVaultNamespace: 'encryption.__keyVault',
      kmsProviders: { local: { key: masterKey } },
    });
  const event = 'address.changed';
  await withMongo(writerUri, async (client) => {
    const algorithm = 'AEAD_AES_256_CBC_HMAC_SHA_512-Deterministic';
    const email = await encryption(client).encrypt(PLAIN, { keyAltName: 'audit-pii', algorithm });
    const document = { timestamp: new Date(), event, severity: 'info', user: { email } };
    await client.db('audit').collection('logs').insertOne(document);
  });
  return withMongo(rootUri, async (client) => {
    const email: unknown = (await client.db('audit').collection('logs').findOne({ event }))?.['user']?.email;
    if (!(email instanceof Binary)) throw new Failure('the sealed address is not stored as binary data');
    const opened: unknown = await encryption(client).decrypt(email);
    if (opened !== PLAIN) throw new Failure('the sealed address was not read back as it was');
    return { stored: `binary data, subtype ${email.sub_type}, ${email.length()} bytes`, opened };
  });
}
