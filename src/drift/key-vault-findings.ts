/** Key vaults against the policy: their keys, their index, and who can take the keys away. */

import { assess, type Principal } from '../access/analysis.ts';
import { circumstancesOf } from '../access/circumstances.ts';
import { techniquesOn } from '../access/techniques.ts';
import {
  findKeys,
  findKeyVault,
  keyText,
  keyVaultIndex,
  sharedNames,
  type WantedKey,
  wantedKeys,
} from '../encryption/key-names.ts';
import { masterKeyDifferences } from '../encryption/master-key.ts';
import type { EncryptionEntry } from '../generated/policy.ts';
import { formatNamespace, formatUser, type Namespace, parseNamespace, userKey } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { collectionTarget } from '../model/resource.ts';
import { overdueDays } from '../plan/data-key-changes.ts';
import { keyVaultHazards } from '../plan/key-vault-hazards.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent, IntentCollection, PartOrigin } from '../policy/intent.ts';
import type { DataKey, KeyVault } from '../state/key-vault.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';
import type { After, DriftRuleName } from './rules.ts';

/** One collection with sealed fields, and the vault of their keys. */
interface Sealed {
  readonly collection: IntentCollection;
  readonly encryption: EncryptionEntry;
  readonly vault: Namespace;
}

/** Everything that is wrong with the key vaults. A vault that was not looked into is not judged by its keys. */
export function keyVaultFindings(intent: Intent, actual: ClusterState, today: string): DriftFinding[] {
  const sealed = intent.collections.flatMap((collection): Sealed[] => {
    const { encryption } = collection;
    const vault = encryption && parseNamespace(encryption.keyVault);
    return encryption === undefined || vault === undefined ? [] : [{ collection, encryption, vault }];
  });
  const first = new Map(sealed.map((entry) => [entry.encryption.keyVault, entry] as const).reverse());
  return [
    ...keyVaultHazards(intent, actual).map(({ kind, keyVault, message, origin }) =>
      finding(`key-vault-${kind}`, 'error', keyVault, message, origin),
    ),
    ...[...first.values()].flatMap((entry) => vaultFindings(entry, actual)),
    ...sealed.flatMap((entry) => keyFindings(entry, actual, today)),
    ...sealed.flatMap((entry) => accessFindings(entry, intent, actual, today)),
  ];
}

type Severity = DriftFinding['severity'];

function finding(
  rule: After<'encryption', DriftRuleName>,
  severity: Severity,
  target: string,
  message: string,
  origin: DriftFinding['origin'],
): DriftFinding {
  return { kind: 'encryption', rule: `encryption/${rule}`, severity, target, message, ...(origin && { origin }) };
}

/** The vault itself. That it or its index is missing is a difference like any other: `migrate apply` makes both. */
function vaultFindings({ collection, encryption, vault }: Sealed, actual: ClusterState): DriftFinding[] {
  const target = encryption.keyVault;
  const origin = (): ReturnType<PartOrigin> => collection.origin('encryption', 'keyVault');
  const indexes = findCollection(actual, vault)?.indexes;
  const keyIndex = indexes === undefined ? 'right' : keyVaultIndex(indexes);
  const keys = findKeyVault(actual, target);
  const shared = keys === undefined ? [] : sharedNames(keys);
  return [
    ...(typeof keyIndex === 'string'
      ? []
      : [
          finding(
            'key-vault-index',
            'error',
            target,
            `the index ${keyIndex.wrong.name} does not keep the alternative names of keys unique: drop it, and migrate apply makes the unique partial one`,
            origin,
          ),
        ]),
    ...shared.map((name) =>
      finding(
        'key-shared-name',
        'error',
        target,
        `several keys bear the alternative name ${JSON.stringify(name)}: which one seals is left to chance. Take the name from all but one, and migrate apply makes the index that prevents it`,
        origin,
      ),
    ),
  ];
}

function keyFindings(entry: Sealed, actual: ClusterState, today: string): DriftFinding[] {
  const vault = findKeyVault(actual, entry.encryption.keyVault);
  if (vault === undefined) return [];
  return wantedKeys(entry.encryption).flatMap((wanted) => {
    const found = findKeys(vault, wanted.name);
    return found.length === 0
      ? [missingKey(entry, wanted)]
      : found.flatMap((key) => presentKey(entry, vault, wanted, key, today));
  });
}

/** Nothing leaks while a key is missing: the validator refuses plaintext, and nobody can seal. */
function missingKey({ collection, encryption }: Sealed, { name, fields }: WantedKey): DriftFinding {
  const remedy =
    'keyId' in name
      ? 'none can be made with a given id, so bring it back or name it by keyAltName; until then'
      : encryption.dataKeys === 'managed'
        ? 'migrate apply makes it, and until then'
        : 'until it is made';
  const sealedWith = fields.map(({ path }) => path).join(', ');
  return finding(
    'key-missing',
    'warning',
    encryption.keyVault,
    `the key ${keyText(name)}, which seals ${sealedWith} of ${formatNamespace(collection.ns)}, does not exist: ${remedy} nothing can be stored there`,
    () => collection.origin('encryption', 'fields', fields[0]?.path ?? ''),
  );
}

function presentKey(
  { collection, encryption }: Sealed,
  vault: KeyVault,
  { name }: WantedKey,
  key: DataKey,
  today: string,
): DriftFinding[] {
  const { kms, rotateAfter } = encryption;
  const which = `the key ${keyText(name)}`;
  const differences = kms === undefined ? [] : masterKeyDifferences(key.masterKey, { ...kms });
  const madeOn = key.updateDate?.slice(0, 10);
  const isTooOld = overdueDays(key, rotateAfter, today) !== undefined;
  const remedy = encryption.dataKeys === 'managed' ? 'migrate apply rewraps it' : 'rewrap it';
  return [
    ...(differences.length === 0
      ? []
      : [
          finding(
            'master-key',
            'error',
            vault.ns,
            `${which} is sealed by another master key: ${differences.join('; ')}: ${remedy}`,
            () => collection.origin('encryption', 'kms'),
          ),
        ]),
    ...(isTooOld
      ? [
          finding(
            'key-age',
            'error',
            vault.ns,
            `${which} was last rewrapped or made on ${madeOn}, and the policy allows ${rotateAfter}: ${remedy}`,
            () => collection.origin('encryption', 'rotateAfter'),
          ),
        ]
      : []),
  ];
}

/**
 * Who writes or reads the sealed data must not be able to change or remove keys: what a lost key sealed is lost. The
 * writers that the policy names must find them.
 */
function accessFindings(
  { collection, encryption, vault }: Sealed,
  intent: Intent,
  actual: ClusterState,
  today: string,
): DriftFinding[] {
  const { roles, users } = actual;
  if (roles === undefined || users === undefined) return [];
  const { isExempt } = exemptionsOn(intent, today);
  const able = (ns: Namespace, ...outcomes: readonly Outcome[]): readonly Principal[] => {
    const subject = collectionTarget(ns);
    const techniques = techniquesOn(subject, circumstancesOf(actual, subject));
    const wanted = techniques.filter((technique) => outcomes.some((outcome) => technique.outcomes.includes(outcome)));
    return assess({ roles, users }, actual.server.version, techniques).who(wanted);
  };
  const direct = (principals: readonly Principal[]): ReadonlySet<string> =>
    new Set(principals.filter(({ kind }) => kind === 'direct').map(({ user }) => userKey(user)));
  const writers = direct(able(collection.ns, 'insert'));
  const readers = direct(able(collection.ns, 'read'));
  const data = formatNamespace(collection.ns);
  const origin = (): ReturnType<PartOrigin> => collection.origin('encryption', 'keyVault');
  const altering = able(vault, 'alter', 'destroy')
    .filter(({ user }) => !isExempt(user))
    .flatMap(({ user, kind, path, steps, technique }) => {
      const does = writers.has(userKey(user)) ? 'writes' : readers.has(userKey(user)) ? 'reads' : undefined;
      if (does === undefined) return [];
      const vulnerability = kind === 'server';
      const remedy = vulnerability
        ? `This release lets it: ${technique.remedy ?? 'upgrade'}`
        : `Leave it find${does === 'writes' ? ', and insert if it makes its own keys,' : ''} on the key vault`;
      const message = `${formatUser(user)} ${does} ${data} and can take the keys of its sealed fields away: it can ${steps.join(', then ')}. ${remedy}`;
      const base = finding('key-vault-access', vulnerability ? 'warning' : 'error', formatUser(user), message, origin);
      return [{ ...base, path }];
    });
  const finders = direct(able(vault, 'read'));
  const known = new Set(users.map(userKey));
  const blind = (collection.access.get('insert') ?? [])
    .filter((user) => known.has(userKey(user)) && !finders.has(userKey(user)))
    .map((user) =>
      finding(
        'key-vault-find',
        'warning',
        formatUser(user),
        `${formatUser(user)} writes ${data} and can't read ${encryption.keyVault}: without its keys it can seal nothing. Grant it find there`,
        origin,
      ),
    );
  return [...altering, ...blind];
}
