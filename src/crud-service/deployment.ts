/** A deployment's environment against the policy. */
import { type MasterKey, providerType } from '../encryption/master-key.ts';
import { formatNamespace, formatUser, userKey } from '../model/names.ts';
import type { Intent, IntentCollection } from '../policy/intent.ts';
import type { Position, Severity } from '../policy/problem.ts';
import {
  connectionOf,
  type Environment,
  GCP_VARIABLES,
  isPlaceholder,
  keyVaultProblem,
  kmsOf,
  PROVIDERS,
  type Provider,
  providerOf,
  REQUIRED,
  settingOf,
} from './environment.ts';

export interface EnvironmentFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Absent: it is about a variable that was given on the command line. */
  readonly at?: Position;
}

export interface Deployment {
  readonly environment: Environment;
  /** Where a variable stands that is not there. */
  readonly whole: Position | undefined;
  /** Collections of the policy that the service writes. */
  readonly entries: readonly IntentCollection[];
  /** The names of collections that its definitions seal. */
  readonly sealing: readonly string[];
  readonly intent: Intent;
}

type Note = (rule: string, name: string, message: string, severity?: Severity) => void;

/** `KMS_GCP_PRIVATE_KEY_PATH` and `LOCAL_MASTER_KEY_PATH` are only looked for: nobody reads what they lead to. */
export function deploymentFindings({
  environment,
  whole,
  entries,
  sealing,
  intent,
}: Deployment): readonly EnvironmentFinding[] {
  const findings: EnvironmentFinding[] = [];
  const note: Note = (rule, name, message, severity = 'error') => {
    const at = environment.has(name) ? environment.get(name)?.at : whole;
    findings.push({ rule: `crud-service/${rule}`, severity, message, ...(at && { at }) });
  };
  const sealed = entries.filter(({ encryption }) => encryption !== undefined);
  const names = [...new Set([...sealed.map(({ ns }) => ns.collection), ...sealing])].sort();
  if (names.length > 0) judgeProvider(environment, names, note);
  for (const entry of sealed) judgeKeys(environment, entry, note);
  judgeConnection(environment, intent, note);
  for (const entry of entries) judgeAccount(environment, entry, note);
  const asked = [
    ...Object.values(GCP_VARIABLES),
    'KEY_VAULT_NAMESPACE',
    'KMS_PROVIDER',
    'MONGODB_URL',
    'DISABLE_INDEX_MANAGEMENT',
  ];
  for (const name of asked) {
    if (!isPlaceholder(settingOf(environment, name) ?? '')) continue;
    note(
      'environment',
      name,
      `${name} was not compared, because its value is put in elsewhere. Add --env ${name}=…`,
      'warning',
    );
  }
  return findings;
}

function judgeProvider(environment: Environment, sealed: readonly string[], note: Note): void {
  const written = providerOf(environment);
  if (isPlaceholder(written)) return;
  const provider = PROVIDERS.find((each) => each === written);
  if (provider === undefined) {
    const message =
      written === 'none'
        ? `KMS_PROVIDER is ${environment.has('KMS_PROVIDER') ? '"none"' : 'not set'}. The service then seals nothing, whatever is said of ${sealed.join(', ')}. Set it to gcp or local`
        : `KMS_PROVIDER is "${written}", and the service knows gcp, local and none. It does not start`;
    note('kms-provider', 'KMS_PROVIDER', message);
    return;
  }
  for (const name of REQUIRED[provider]) {
    if (settingOf(environment, name) !== undefined) continue;
    const message = `${name} is not set, and with KMS_PROVIDER=${provider} the service does not start without it`;
    note('environment', name, message);
  }
  const vault = settingOf(environment, 'KEY_VAULT_NAMESPACE');
  const unfit = vault === undefined || isPlaceholder(vault) ? undefined : keyVaultProblem(vault);
  if (unfit !== undefined) note('environment', 'KEY_VAULT_NAMESPACE', unfit);
}

function judgeKeys(environment: Environment, { ns, encryption, origin }: IntentCollection, note: Note): void {
  if (encryption === undefined) return;
  const at = (...path: readonly string[]): string => {
    const { file, line } = origin('encryption', ...path);
    return `${file}:${line}`;
  };
  const about = formatNamespace(ns);
  const vault = settingOf(environment, 'KEY_VAULT_NAMESPACE');
  if (vault !== undefined && !isPlaceholder(vault) && vault !== encryption.keyVault) {
    const message = `KEY_VAULT_NAMESPACE is ${vault}, and the policy keeps the keys of ${about} in ${encryption.keyVault} (${at('keyVault')})`;
    note('key-vault', 'KEY_VAULT_NAMESPACE', message);
  }
  const provider = PROVIDERS.find((each) => each === providerOf(environment));
  const { kms } = encryption;
  if (provider === undefined || kms === undefined) return;
  if (provider !== providerType(kms.provider)) {
    const message = `KMS_PROVIDER is ${provider}, and the policy has the master key of ${about} in ${kms.provider} (${at('kms')})`;
    note('kms-provider', 'KMS_PROVIDER', message);
    return;
  }
  const ourKey: MasterKey = { ...kms };
  const theirKey: MasterKey = { ...kmsOf(environment, provider) };
  for (const [part, name] of masterKeyParts(provider)) {
    const theirs = theirKey[part];
    const ours = ourKey[part];
    if (typeof theirs !== 'string' || isPlaceholder(theirs) || ours === undefined || theirs === ours) continue;
    note('master-key', name, `${name} is "${theirs}", and the policy says "${ours}" for ${about} (${at('kms')})`);
  }
}

function masterKeyParts(provider: Provider): readonly (readonly [part: string, name: string])[] {
  return provider === 'gcp' ? Object.entries(GCP_VARIABLES) : [];
}

/** The connection string holds credentials: nothing of it is shown. */
function judgeConnection(environment: Environment, { cluster }: Intent, note: Note): void {
  const url = settingOf(environment, 'MONGODB_URL');
  if (url === undefined || isPlaceholder(url)) return;
  const connection = connectionOf(url);
  if (connection === undefined) {
    note(
      'environment',
      'MONGODB_URL',
      "MONGODB_URL can't be read: it begins with mongodb:// or mongodb+srv://, and in user and password @ : / ? are percent-encoded",
    );
    return;
  }
  if (connection.database === undefined) {
    note(
      'environment',
      'MONGODB_URL',
      'MONGODB_URL names no database, so that the service works in "test". Add the database behind the hosts',
    );
  }
  if (!connection.tls && cluster.tls === 'requireTLS') {
    note('tls', 'MONGODB_URL', 'MONGODB_URL does without TLS, and the policy demands it (cluster.tls). Add tls=true');
  }
  if (connection.tls && connection.unverified) {
    note(
      'tls',
      'MONGODB_URL',
      "MONGODB_URL lets TLS pass without looking at the server's certificate: take tlsInsecure and tlsAllowInvalid… out",
      'warning',
    );
  }
}

/** Under another account than the policy means nothing that the policy grants helps the service. */
function judgeAccount(environment: Environment, { ns, access, origin }: IntentCollection, note: Note): void {
  const account = connectionOf(settingOf(environment, 'MONGODB_URL') ?? '')?.account;
  const writers = access.get('insert');
  if (account === undefined || writers === undefined || writers.some((user) => userKey(user) === userKey(account)))
    return;
  const { file, line } = origin('access', 'insert');
  const message = `MONGODB_URL logs in as ${formatUser(account)}, and the policy lets others insert into ${formatNamespace(ns)} (${file}:${line}). Name the account there, or log in as one that is named`;
  note('account', 'MONGODB_URL', message);
}
