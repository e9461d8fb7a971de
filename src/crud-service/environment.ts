/** The environment that a CRUD Service is deployed with, as a file of `NAME=value` lines, and what it says about sealing. */
import type { KmsEntry } from '../generated/policy.ts';
import type { Position, Problem } from '../policy/problem.ts';

export interface Variable {
  readonly value: string;
  /** Absent: it was given on the command line. */
  readonly at?: Position;
}

export type Environment = ReadonlyMap<string, Variable>;

const LINE = /^\s*(?:export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?<value>.*?)\s*$/;

/** Blank lines and comments are passed over, quotes around a value are taken off; of two lines of one name the last counts. */
export function parseEnvironment(
  file: string,
  text: string,
): { readonly environment: Environment; readonly problems: readonly Problem[] } {
  const environment = new Map<string, Variable>();
  const problems: Problem[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const { name, value } = LINE.exec(line)?.groups ?? {};
    const at = { file, line: index + 1, column: 1, path: '' };
    // The line itself may hold a secret.
    const message = 'this line is not in the form NAME=value';
    if (name === undefined) problems.push({ rule: 'crud-service/environment', severity: 'error', message, ...at });
    else environment.set(name, { value: unquoted(value ?? ''), at });
  }
  return { environment, problems };
}

function unquoted(value: string): string {
  const quoted = /^(["'])(?<inner>.*)\1(?:\s+#.*)?$/.exec(value)?.groups?.['inner'];
  return quoted ?? value.replace(/\s+#.*$/, '');
}

/** Whether it stands for a value that something else puts in when the service is deployed. */
export function isPlaceholder(value: string): boolean {
  return /\{\{.*\}\}|\$\{.*\}|^\$[A-Za-z_]\w*$|^<.*>$/.test(value);
}

/** The value; nothing if it is empty, or not set. */
export function settingOf(environment: Environment, name: string): string | undefined {
  const value = environment.get(name)?.value;
  return value === '' ? undefined : value;
}

/** The service's names of the parts of the master key's document, by MongoDB's. */
export const GCP_VARIABLES = {
  projectId: 'KMS_GCP_PROJECT_ID',
  location: 'KMS_GCP_LOCATION',
  keyRing: 'KMS_GCP_KEY_RING',
  keyName: 'KMS_GCP_KEY_NAME',
} as const;

export const PROVIDERS = ['gcp', 'local'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** `none`: the service seals nothing, whatever its definitions say; that is its default. */
export function providerOf(environment: Environment): string {
  return settingOf(environment, 'KMS_PROVIDER') ?? 'none';
}

/** The policy's `kms`; parts that are not set are left out. */
export function kmsOf(environment: Environment, provider: Provider): KmsEntry {
  if (provider === 'local') return { provider };
  const parts = Object.entries(GCP_VARIABLES).flatMap(([part, name]) => {
    const value = settingOf(environment, name);
    return value === undefined ? [] : [[part, value]];
  });
  return { provider, ...Object.fromEntries(parts) };
}

/** Why the service does not start with this KEY_VAULT_NAMESPACE, or nothing (the pattern of its envSchema.js). */
export function keyVaultProblem(vault: string): string | undefined {
  if (/^[\w\W][^.]+\.[\w\W][^.]+$/.test(vault)) return undefined;
  return `KEY_VAULT_NAMESPACE is "${vault}", and the service takes db.collection only, without another dot: it does not start`;
}

/** Without which the service does not start (its envSchema.js); its image sets CRYPT_SHARED_LIB_PATH. */
export const REQUIRED: Readonly<Record<Provider, readonly string[]>> = {
  gcp: ['KMS_GCP_EMAIL', ...Object.values(GCP_VARIABLES), 'KMS_GCP_PRIVATE_KEY_PATH', 'KEY_VAULT_NAMESPACE'],
  local: ['LOCAL_MASTER_KEY_PATH', 'KEY_VAULT_NAMESPACE'],
};

/** What MONGODB_URL says, without credentials. */
export interface Connection {
  readonly database?: string;
  /** `name@db`; nothing where it is not told by the URL alone. */
  readonly account?: { readonly user: string; readonly db: string };
  readonly tls: boolean;
  /** The server's certificate, or its name, is not looked at. */
  readonly unverified: boolean;
}

const CONNECTION_STRING =
  /^mongodb(?<srv>\+srv)?:\/\/(?:(?<credentials>[^@/]*)@)?[^/?@]+(?:\/(?<database>[^?]*))?(?:\?(?<options>.*))?$/i;

/** Nothing for what is no connection string, or one that is not encoded as it should be. */
export function connectionOf(url: string): Connection | undefined {
  const { srv, credentials, database, options } = CONNECTION_STRING.exec(url)?.groups ?? {};
  // Where a part of a password is not percent-encoded, it would be taken for something that may be shown.
  if (!CONNECTION_STRING.test(url) || /[/\\. "$@:]/.test(database ?? '') || options?.includes('@') === true)
    return undefined;
  const set = new Map(
    (options ?? '').split('&').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split('=');
      return [name.toLowerCase(), decoded(value)];
    }),
  );
  const isTrue = (name: string): boolean => set.get(name)?.toLowerCase() === 'true';
  const tls = set.get('tls') ?? set.get('ssl') ?? (srv === undefined ? 'false' : 'true');
  const user = decoded(credentials?.split(':')[0] ?? '');
  const scram = /^(?:|SCRAM-.*)$/i.test(set.get('authmechanism') ?? '');
  return {
    ...(database && { database: decoded(database) }),
    ...(user !== '' &&
      scram && { account: { user, db: set.get('authsource') ?? (decoded(database ?? '') || 'admin') } }),
    tls: tls.toLowerCase() === 'true',
    unverified: ['tlsinsecure', 'tlsallowinvalidcertificates', 'tlsallowinvalidhostnames'].some(isTrue),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
