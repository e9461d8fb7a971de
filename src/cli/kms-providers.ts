/** How key management services are reached: `kmsProviders` of the configuration, with its secrets read. */
import { resolve } from 'node:path';
import type { MongoClient } from 'mongodb';
import type { Argv } from 'yargs';
import type { KmsAccess } from '../cluster/live-key-service.ts';
import { type ProviderType, providerType } from '../encryption/master-key.ts';
import { Failure } from '../failure.ts';
import type { KmsProviders, KmsTls } from '../generated/config.ts';
import type { SecretSource } from '../generated/policy.ts';
import type { KeyService } from '../migrate/cluster.ts';
import { sortedSet } from '../model/order.ts';
import type { DataKeyOperation } from '../plan/operations/operation.ts';
import { secretReference } from '../policy/compile-access.ts';
import type { SecretReference } from '../policy/intent.ts';
import { CONFIG_FILE, type Config, readSecret, readSecretBytes } from './files.ts';
import { type CommonArguments, clusterEntry } from './inputs.ts';
import type { Terminal } from './terminal.ts';

/** `--encryption-library` */
export function withEncryptionLibrary<T>(yargs: Argv<T>) {
  return yargs.option('encryption-library', {
    type: 'string',
    requiresArg: true,
    describe: 'Folder in which mongodb-client-encryption is installed, if not beside mongoward',
  });
}

/** The folder that was named; nothing is looked for in the working directory. */
export function libraryFolder(terminal: Terminal, { encryptionLibrary }: CommonArguments): string | undefined {
  return encryptionLibrary === undefined ? undefined : resolve(terminal.cwd, encryptionLibrary);
}

/** Everything that operations on data encryption keys need, before the first of them is begun. */
export async function terminalKeyService(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
  client: MongoClient,
  operations: readonly DataKeyOperation[],
): Promise<KeyService> {
  const providers = operations.flatMap(({ before, after }) => [
    ...(before === undefined ? [] : [before.masterKey.provider]),
    after.masterKey.provider,
  ]);
  const access = kmsAccess(terminal, args.cluster, config, sortedSet(providers));
  const { loadEncryptionLibrary } = await import('../cluster/encryption-library.ts');
  const { liveKeyService } = await import('../cluster/live-key-service.ts');
  loadEncryptionLibrary(libraryFolder(terminal, args));
  return liveKeyService(client, access, operations);
}

type Fields = Readonly<Record<string, string | Uint8Array>>;

/** What has to be known of a provider, in one of these sets; nothing at all: what the machine itself has. */
const COMPLETE: Readonly<Record<ProviderType, readonly (readonly string[])[]>> = {
  aws: [[], ['accessKeyId', 'secretAccessKey']],
  azure: [[], ['tenantId', 'clientId', 'clientSecret'], ['accessToken']],
  gcp: [[], ['email', 'privateKey'], ['accessToken']],
  kmip: [['endpoint']],
  local: [['key']],
};

/** The entry of the cluster wins over that of the file, provider by provider. Only those named are read. */
function kmsAccess(
  terminal: Terminal,
  cluster: string | undefined,
  config: Config,
  providers: readonly string[],
): KmsAccess {
  const entries = entriesOf(cluster, config);
  const kmsProviders: KmsAccess['kmsProviders'] = {};
  const tlsOptions: KmsAccess['tlsOptions'] = {};
  for (const name of providers) {
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    const type = providerType(name);
    if (entry === undefined || type === undefined) throw unnamed(name, config);
    const tls = 'tls' in entry ? entry.tls : undefined;
    const sources = Object.entries(entry).filter(([field]) => field !== 'tls');
    const fields = sources.map(([field, source]): [string, string | Uint8Array] => [
      field,
      readField(terminal, config, type, `kmsProviders.${name}.${field}`, source),
    ]);
    refuseIncomplete(name, type, Object.fromEntries(fields));
    // The schema has seen to the form, and the set above to what is there.
    Object.assign(kmsProviders, { [name]: Object.fromEntries(fields) });
    if (tls !== undefined) Object.assign(tlsOptions, { [name]: tlsFiles(terminal, config, name, tls) });
  }
  return { kmsProviders, tlsOptions };
}

function entriesOf(cluster: string | undefined, config: Config): KmsProviders {
  return { ...config.data.kmsProviders, ...clusterEntry(config, cluster)?.kmsProviders };
}

/** Those of the providers that the configuration does not say how to reach. */
export function unnamedProviders(
  cluster: string | undefined,
  config: Config,
  providers: readonly string[],
): readonly string[] {
  const entries = entriesOf(cluster, config);
  return sortedSet(providers).filter((name) => !Object.hasOwn(entries, name));
}

function unnamed(name: string, { file = CONFIG_FILE }: Config): Failure {
  return new Failure(`${file} does not say how to reach the key management service "${name}"`, {
    advice: `nothing was changed; add kmsProviders: { ${name}: … } to it (docs/encryption.md), or have the keys made by hand`,
  });
}

function refuseIncomplete(name: string, type: ProviderType, fields: Fields): void {
  const sets = COMPLETE[type];
  const empty = Object.keys(fields).length === 0;
  // The driver asks the machine for the plain providers only.
  const fits = (set: readonly string[]): boolean =>
    set.length === 0 ? empty && name === type : set.every((field) => Object.hasOwn(fields, field));
  if (sets.some(fits)) return;
  const wanted = sets.filter((set) => set.length > 0).map((set) => set.join(', '));
  throw new Failure(`kmsProviders.${name} needs ${wanted.join('; or ')}`, { advice: 'nothing was changed' });
}

function readField(
  terminal: Terminal,
  config: Config,
  type: ProviderType,
  what: string,
  source: string | SecretSource,
): string | Uint8Array {
  if (typeof source === 'string') return source;
  const reference = referenceOf(what, source);
  if (type === 'local') return localKey(readSecretBytes(terminal, reference, config.folder, what), what);
  const text = readSecret(terminal, reference, config.folder, what);
  return what.endsWith('.privateKey') ? pkcs8(text, what) : text;
}

function referenceOf(what: string, source: SecretSource): SecretReference {
  const problem = (_rule: string, _path: unknown, message: string): void => {
    throw new Failure(`${what}: ${message}`);
  };
  const reference = secretReference({ problem }, [], source);
  if (reference === undefined) throw new Failure(`${what} says no source`);
  return reference;
}

/** The length that the library demands (libmongocrypt, `MONGOCRYPT_KEY_LEN`). */
const LOCAL_KEY_BYTES = 96;

function localKey(bytes: Buffer, what: string): Uint8Array {
  if (bytes.length === LOCAL_KEY_BYTES) return bytes;
  const text = bytes.toString('latin1').replaceAll(/\s/g, '');
  const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (decoded.length === LOCAL_KEY_BYTES) return decoded;
  throw new Failure(`${what} is not a local master key: it has to be ${LOCAL_KEY_BYTES} bytes, or their base64`, {
    details: [`what was read has ${bytes.length} bytes`],
    advice: 'nothing was changed; openssl rand 96 > key makes one',
  });
}

/** The library wants base64 without what stands around it in a PEM file. */
function pkcs8(text: string, what: string): string {
  const [, kind, body] = /-----BEGIN ([A-Z ]+)-----(.*?)-----END/s.exec(text) ?? [];
  if (kind === undefined || body === undefined) return text.replaceAll(/\s/g, '');
  if (kind === 'PRIVATE KEY') return body.replaceAll(/\s/g, '');
  throw new Failure(`${what} holds a key of the kind ${kind}, and MongoDB wants PKCS#8: PRIVATE KEY`, {
    advice: 'nothing was changed; openssl pkcs8 -topk8 -nocrypt converts it',
  });
}

function tlsFiles(terminal: Terminal, config: Config, name: string, tls: KmsTls) {
  const { tlsCAFile, tlsCertificateKeyFile, tlsCertificateKeyFilePassword: password } = tls;
  const what = `kmsProviders.${name}.tls.tlsCertificateKeyFilePassword`;
  const file = (fromFile: string): string => {
    // The driver reads it when it connects, which is too late to find out that it is not there.
    readSecretBytes(terminal, { fromFile }, config.folder, `kmsProviders.${name}.tls`);
    return resolve(config.folder, fromFile);
  };
  return {
    ...(tlsCAFile && { tlsCAFile: file(tlsCAFile) }),
    ...(tlsCertificateKeyFile && { tlsCertificateKeyFile: file(tlsCertificateKeyFile) }),
    ...(password && {
      tlsCertificateKeyFilePassword: readSecret(terminal, referenceOf(what, password), config.folder, what),
    }),
  };
}
