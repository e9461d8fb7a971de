/** Data encryption keys made and rewrapped, by the driver and the encryption library. */
import { connect, type Socket } from 'node:net';
import {
  type AWSEncryptionKeyOptions,
  type AzureEncryptionKeyOptions,
  ClientEncryption,
  type ClientEncryptionDataKeyProvider,
  type ClientEncryptionOptions,
  type Collection,
  type Filter,
  type GCPEncryptionKeyOptions,
  type KMIPEncryptionKeyOptions,
  type MongoClient,
  MongoCryptError,
  MongoServerError,
  type DataKey as StoredKey,
  UUID,
} from 'mongodb';
import { type MasterKey, masterKeyDifferences, type ProviderType, providerType } from '../encryption/master-key.ts';
import { Failure } from '../failure.ts';
import type { KeyService } from '../migrate/cluster.ts';
import { formatNamespace } from '../model/names.ts';
import type { DataKeyOperation, DataKeyState } from '../plan/operations/operation.ts';
import { FROM_PRIMARY } from './listing.ts';
import { KEY_PROJECTION } from './read-key-vaults.ts';
import { writeFailure } from './send.ts';

/** How key management services are reached, in the driver's own words. Holds secrets. */
export type KmsAccess = Required<Pick<ClientEncryptionOptions, 'kmsProviders' | 'tlsOptions'>>;

type Encryption = Pick<ClientEncryption, 'createDataKey' | 'rewrapManyDataKey'>;

/**
 * Whoever carries these operations out. Throws a Failure if the library takes the credentials for malformed; whether
 * they are right is found out when a key is made. `make` is for tests: what the library is asked can be seen without any
 * key management service.
 */
export function liveKeyService(
  client: MongoClient,
  access: KmsAccess,
  operations: readonly DataKeyOperation[],
  make = (options: ClientEncryptionOptions): Encryption => new ClientEncryption(client, options),
): KeyService {
  const encryptions = new Map<string, Encryption>();
  const encryptionFor = ({ ns }: DataKeyState): Encryption => {
    const keyVaultNamespace = formatNamespace(ns);
    const encryption =
      encryptions.get(keyVaultNamespace) ??
      make({ keyVaultNamespace, kmsConnectCallback: (to) => connectTo(to), ...access });
    encryptions.set(keyVaultNamespace, encryption);
    return encryption;
  };
  try {
    for (const { after } of operations) encryptionFor(after);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`the encryption library refuses kmsProviders: ${reason}`, { advice: 'nothing was changed' });
  }
  return {
    run: async (operation) => {
      const { ns } = operation.after;
      const vault = client.db(ns.db).collection<StoredKey>(ns.collection);
      try {
        const encryption = encryptionFor(operation.after);
        if (operation.kind === 'createDataKey') await create(encryption, vault, operation.after);
        else await rewrap(encryption, vault, operation.after);
      } catch (error) {
        if (error instanceof MongoCryptError) throw writeFailure('the encryption library', explained(error, operation));
        throw writeFailure(formatNamespace(ns), error);
      }
    },
  };
}

/** What the library leaves for the reader to guess. Its errors hold no credentials, but may hold a service's whole answer. */
function explained({ message, cause }: MongoCryptError, { before }: DataKeyOperation): Error {
  const why = cause instanceof Error && cause.message !== message ? `${message}: ${cause.message}` : message;
  const text = why.length > LONGEST ? `${why.slice(0, LONGEST)}…` : why;
  const wrongKey = before !== undefined && /HMAC validation failure/.test(text);
  if (!wrongKey) return new Error(text);
  return new Error(
    `the master key of kmsProviders.${before.masterKey.provider} is not the one which seals it (${text})`,
  );
}

const LONGEST = 400;

async function create(encryption: Encryption, vault: Collection<StoredKey>, after: DataKeyState): Promise<void> {
  const { key, masterKey } = after;
  const keyAltNames = 'keyAltName' in key ? [key.keyAltName] : [];
  const { provider, ...options } = libraryMasterKey(masterKey);
  try {
    await encryption.createDataKey(provider, { ...options, keyAltNames });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11000) throw error;
    // Somebody was faster, and the unique index kept it at one: fine, if that is as it should be.
    const [present] = await find(vault, after);
    const made: unknown = present?.masterKey;
    const differences = masterKeyDifferences(isMasterKey(made) ? made : { provider: 'none' }, masterKey);
    if (differences.length > 0) throw new Failure(`somebody made the key meanwhile: ${differences.join('; ')}`);
  }
}

/** By its id, so that no other key is touched whatever names it bears. */
async function rewrap(encryption: Encryption, vault: Collection<StoredKey>, after: DataKeyState): Promise<void> {
  const [present, ...others] = await find(vault, after);
  if (present === undefined) throw new Failure('the key has gone meanwhile');
  if (others.length > 0) throw new Failure(`${others.length + 1} keys bear the name`);
  const { bulkWriteResult } = await encryption.rewrapManyDataKey(
    { _id: present._id },
    libraryMasterKey(after.masterKey),
  );
  if (bulkWriteResult?.matchedCount !== 1) throw new Failure('the key has gone meanwhile');
}

function find(vault: Collection<StoredKey>, { key }: DataKeyState): Promise<StoredKey[]> {
  const query: Filter<StoredKey> = 'keyAltName' in key ? { keyAltNames: key.keyAltName } : { _id: new UUID(key.keyId) };
  return vault
    .find<StoredKey>(query, { ...FROM_PRIMARY, projection: KEY_PROJECTION, readConcern: 'majority' })
    .toArray();
}

function isMasterKey(value: unknown): value is MasterKey {
  return typeof value === 'object' && value !== null && 'provider' in value && typeof value.provider === 'string';
}

interface LibraryMasterKey {
  readonly provider: ClientEncryptionDataKeyProvider;
  readonly masterKey?:
    | AWSEncryptionKeyOptions
    | AzureEncryptionKeyOptions
    | GCPEncryptionKeyOptions
    | KMIPEncryptionKeyOptions;
}

/** In the arguments that the driver wants: the provider beside the rest; of a local key there is no rest. */
function libraryMasterKey(masterKey: MasterKey): LibraryMasterKey {
  const { provider } = masterKey;
  if (!isProvider(provider)) throw new Failure(`there is no provider ${provider}`);
  const text = (name: string): string => String(masterKey[name] ?? '');
  const optional = (...names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.filter((name) => masterKey[name] !== undefined).map((name) => [name, text(name)]));
  const type: ProviderType = providerType(provider) ?? 'local';
  switch (type) {
    case 'local':
      return { provider };
    case 'aws':
      return { provider, masterKey: { region: text('region'), key: text('key'), ...optional('endpoint') } };
    case 'azure': {
      const required = { keyVaultEndpoint: text('keyVaultEndpoint'), keyName: text('keyName') };
      return { provider, masterKey: { ...required, ...optional('keyVersion') } };
    }
    case 'gcp': {
      const where = { projectId: text('projectId'), location: text('location') };
      const which = { keyRing: text('keyRing'), keyName: text('keyName') };
      return { provider, masterKey: { ...where, ...which, ...optional('keyVersion', 'endpoint') } };
    }
    case 'kmip': {
      const delegated = masterKey['delegated'] === true ? { delegated: true } : {};
      return { provider, masterKey: { ...optional('keyId', 'endpoint'), ...delegated } };
    }
  }
}

function isProvider(text: string): text is ClientEncryptionDataKeyProvider {
  return providerType(text) !== undefined;
}

/** For one request to a key management service. The driver itself would wait for ever. */
const KMS_TIMEOUT_MS = 20_000;

/** A connection on which TLS follows, and that ends when its time is over. */
export function connectTo(
  { host, port }: { readonly host: string; readonly port: number },
  withinMs = KMS_TIMEOUT_MS,
): Promise<Socket> {
  return new Promise((fulfil, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(
      () => socket.destroy(new Failure(`${host}:${port} did not answer within ${withinMs / 1000} s`)),
      withinMs,
    );
    socket.once('close', () => clearTimeout(timer)).once('error', reject);
    socket.once('connect', () => fulfil(socket));
  });
}
