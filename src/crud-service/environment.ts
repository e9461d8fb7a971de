/** The environment that a CRUD Service is deployed with, as a file of `NAME=value` lines, and what it says about sealing. */
import type { KmsEntry } from '../generated/policy.ts';
import { hiddenIn } from '../input/characters.ts';
import type { Position, Problem } from '../policy/problem.ts';
import { refusalProblems } from '../policy/source.ts';

export interface Variable {
  readonly value: string;
  /** Absent: it was given on the command line. */
  readonly at?: Position;
}

export type Environment = ReadonlyMap<string, Variable>;

/** Longer than a key in base64, and short enough for what looks at values. */
const LONGEST_LINE = 32_768;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Blank lines and comments are passed over, quotes around a value are taken off. The lines themselves may hold secrets. */
export function parseEnvironment(
  file: string,
  text: string,
): { readonly environment: Environment; readonly problems: readonly Problem[] } {
  const hidden = refusalProblems(file, text, hiddenIn(text));
  if (hidden.length > 0) return { environment: new Map(), problems: hidden };
  const environment = new Map<string, Variable>();
  const problems: Problem[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const at = { file, line: index + 1, column: 1, path: '' };
    const refuse = (message: string): void =>
      void problems.push({ rule: 'crud-service/environment', severity: 'error', message, ...at });
    if (line.length > LONGEST_LINE) {
      refuse(`this line is longer than ${LONGEST_LINE} characters. Is this a file of variables?`);
      continue;
    }
    const equals = line.indexOf('=');
    const name = line
      .slice(0, Math.max(equals, 0))
      .trim()
      .replace(/^export\s+/, '');
    const before = environment.get(name)?.at;
    if (!NAME.test(name)) refuse('this line is not in the form NAME=value');
    else if (before !== undefined) refuse(`${name} is set in line ${before.line} too. Keep one`);
    else environment.set(name, { value: unquoted(line.slice(equals + 1).trim()), at });
  }
  return { environment, problems };
}

/** Without the quotes around it and the comment behind it. */
function unquoted(value: string): string {
  const quote = value.charAt(0);
  for (let at = value.lastIndexOf(quote); (quote === '"' || quote === "'") && at > 0; ) {
    const rest = value.slice(at + 1);
    if (rest === '' || /^\s+#/.test(rest)) return value.slice(1, at);
    at = value.lastIndexOf(quote, at - 1);
  }
  return value.slice(0, commentStart(value)).trimEnd();
}

/** Where ` #` begins a comment, or the end. */
function commentStart(value: string): number {
  for (let at = value.indexOf('#'); at >= 0; at = value.indexOf('#', at + 1)) {
    if (at > 0 && /\s/.test(value.charAt(at - 1))) return at;
  }
  return value.length;
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
  return `KEY_VAULT_NAMESPACE is "${vault}", and the service takes db.collection only, without another dot. It does not start`;
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
