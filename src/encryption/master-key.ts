/** Master keys: what seals data encryption keys, in the names of MongoDB's `masterKey` document. */
import type { DataKey } from '../state/key-vault.ts';

export type MasterKey = DataKey['masterKey'];

interface Form {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** The fields of each provider's document (libmongocrypt, `mongocrypt-kek.c`: others are refused). */
const FORMS = {
  aws: { required: ['region', 'key'], optional: ['endpoint'] },
  azure: { required: ['keyVaultEndpoint', 'keyName'], optional: ['keyVersion'] },
  gcp: { required: ['projectId', 'location', 'keyRing', 'keyName'], optional: ['keyVersion', 'endpoint'] },
  kmip: { required: [], optional: ['keyId', 'endpoint', 'delegated'] },
  local: { required: [], optional: [] },
} as const satisfies Readonly<Record<string, Form>>;

export type ProviderType = keyof typeof FORMS;

/** `gcp` of `gcp:name`: several providers of a type are told apart by a name (manual, "CSFLE KMS Providers"). */
export function providerType(provider: string): ProviderType | undefined {
  const [type = ''] = provider.split(':', 1);
  return isType(type) ? type : undefined;
}

function isType(text: string): text is ProviderType {
  return Object.hasOwn(FORMS, text);
}

/** Why the library would refuse the document, or nothing: `gcp needs keyRing besides`. */
export function masterKeyProblem(masterKey: MasterKey): string | undefined {
  const type = providerType(masterKey.provider);
  if (type === undefined) return `there is no provider ${masterKey.provider}`;
  const { required, optional }: Form = FORMS[type];
  const missing = required.filter((name) => masterKey[name] === undefined || masterKey[name] === '');
  if (missing.length > 0) return `${type} also needs ${missing.join(', ')}`;
  const known = new Set(['provider', ...required, ...optional]);
  const foreign = Object.keys(masterKey).filter((name) => !known.has(name));
  if (foreign.length > 0) return `${type} knows no ${foreign.join(', ')}`;
  const dotless = Object.entries(masterKey).find(([name, value]) => isEndpoint(name) && !String(value).includes('.'));
  // A KMIP server may be in one's own network (`mongocrypt-kek.c`: allow_empty_subdomain).
  if (type === 'kmip' || dotless === undefined) return undefined;
  return `${dotless[0]} has to be a host with a dot in its name`;
}

function isEndpoint(name: string): boolean {
  return /endpoint$/i.test(name);
}

/** As the library stores it: what is false is left out, of an address host and port remain (`mongocrypt-endpoint.c`). */
export function canonicalMasterKey(written: MasterKey): MasterKey {
  const { provider, ...rest } = written;
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined && value !== false)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, isEndpoint(name) ? hostAndPort(String(value)) : value]);
  return { provider, ...Object.fromEntries(fields) };
}

function hostAndPort(address: string): string {
  return address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?].*$/s, '');
}

/**
 * In what the first is not the second: `region is "a", and the policy says "b"`. What is not wanted is not compared: a
 * KMIP server names the secret itself, and the provider chooses the version of a key.
 */
export function masterKeyDifferences(present: MasterKey, wanted: MasterKey): readonly string[] {
  const [is, should] = [canonicalMasterKey(present), canonicalMasterKey(wanted)];
  return Object.entries(should).flatMap(([field, value]) => {
    if (field === 'provider' ? sameProvider(is.provider, should.provider) : is[field] === value) return [];
    const shown = is[field] === undefined ? 'is not said' : `is ${JSON.stringify(String(is[field]))}`;
    return [`${field} ${shown}, and the policy says ${JSON.stringify(value)}`];
  });
}

/** Of a local key nothing but the name tells which it is; elsewhere a provider without a name stands for all of its type. */
function sameProvider(present: string, wanted: string): boolean {
  return wanted.includes(':') || wanted === 'local' ? present === wanted : providerType(present) === wanted;
}
