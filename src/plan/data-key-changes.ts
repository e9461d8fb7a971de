/** Data encryption keys that a policy manages: which are to be made, and which to be rewrapped. */
import { findKeys, type KeyName, keyAgeDays, keyText, keyVaultIndex, wantedKeys } from '../encryption/key-names.ts';
import {
  canonicalMasterKey,
  type MasterKey,
  masterKeyDifferences,
  masterKeyProblem,
} from '../encryption/master-key.ts';
import { formatNamespace, type Namespace, parseNamespace } from '../model/names.ts';
import type { Intent, Origin } from '../policy/intent.ts';
import { durationSeconds } from '../policy/presets.ts';
import type { DataKey } from '../state/key-vault.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState } from '../state/state.ts';
import type { Obstacle } from './desired.ts';
import { isPlainCollection } from './key-vault-hazards.ts';
import { makeOperation } from './operations/make-operation.ts';
import type { DataKeyState, Operation } from './operations/operation.ts';
import type { TargetKey } from './operations/target.ts';
import { dataKeyTarget, knownKeys } from './operations/targets/data-key-target.ts';

export interface DataKeyChanges {
  readonly operations: readonly Operation[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * What brings the keys of `dataKeys: managed` about: those that are missing are made, those under another master key or
 * older than `rotateAfter` rewrapped. A key that nobody could look for is an obstacle. `today` is `YYYY-MM-DD`; without
 * it none is too old.
 */
export function dataKeyChanges(intent: Intent, actual: ClusterState, today?: string): DataKeyChanges {
  const operations: Operation[] = [];
  const obstacles: Obstacle[] = [];
  for (const managed of managedKeys(intent)) {
    const found = changeOf(managed, actual, today);
    if (found === undefined) continue;
    if ('message' in found) obstacles.push(found);
    else operations.push(found);
  }
  return { operations, obstacles };
}

/** How many days old a key is that is older than it may be (`rotateAfter`); nothing if it is young enough. */
export function overdueDays(key: DataKey, rotateAfter: string | undefined, today: string): number | undefined {
  const days = rotateAfter === undefined ? undefined : keyAgeDays(key, today);
  if (days === undefined || rotateAfter === undefined) return undefined;
  return days * 86_400 >= durationSeconds(rotateAfter) ? days : undefined;
}

interface ManagedKey {
  readonly ns: Namespace;
  readonly key: KeyName;
  readonly masterKey: MasterKey;
  /** The first field that it seals, and the lines that name the master key and the age. */
  readonly field: Origin;
  readonly kms: Origin;
  readonly rotateAfter?: { readonly text: string; readonly at: Origin };
}

/** Each key once. That all collections want it under the same master key was made sure of when the policy was compiled. */
function managedKeys({ collections }: Intent): readonly ManagedKey[] {
  const keys = new Map<TargetKey, ManagedKey>();
  for (const { encryption, origin } of collections) {
    const ns = encryption && parseNamespace(encryption.keyVault);
    if (encryption?.dataKeys !== 'managed' || encryption.kms === undefined || ns === undefined) continue;
    const masterKey = { ...encryption.kms };
    for (const { name: key, fields } of wantedKeys(encryption)) {
      const id = dataKeyTarget.key({ ns, key, masterKey });
      const rotateAfter = strictest(keys.get(id)?.rotateAfter, encryption.rotateAfter, () =>
        origin('encryption', 'rotateAfter'),
      );
      keys.set(id, {
        ns,
        key,
        masterKey,
        field: () => origin('encryption', 'fields', fields[0]?.path ?? ''),
        kms: () => origin('encryption', 'kms'),
        ...(rotateAfter && { rotateAfter }),
      });
    }
  }
  return [...keys.values()];
}

function strictest(known: ManagedKey['rotateAfter'], text: string | undefined, at: Origin): ManagedKey['rotateAfter'] {
  if (text === undefined) return known;
  return known !== undefined && durationSeconds(known.text) <= durationSeconds(text) ? known : { text, at };
}

function changeOf(
  managed: ManagedKey,
  actual: ClusterState,
  today: string | undefined,
): Operation | Obstacle | undefined {
  const { ns, key } = managed;
  const target = formatNamespace(ns);
  const incomplete = masterKeyProblem(managed.masterKey);
  if (incomplete !== undefined) {
    return { target, message: `no key can be made under this master key: ${incomplete}`, at: managed.kms() };
  }
  const keys = knownKeys(actual, ns);
  if (keys === undefined) {
    const why = actual.unreadable.find(({ what }) => what === `keyVaults.${target}`)?.why ?? 'nobody has looked';
    const message = `whether the key ${keyText(key)} exists is unknown: ${why}. Reading it takes find on ${target}`;
    return { target, message, at: managed.field(), unknown: true };
  }
  const [present, ...others] = findKeys({ keys }, key);
  if (others.length > 0) {
    const message = `${others.length + 1} keys in ${target} bear the name ${keyText(key)}. Take it from all but one`;
    return { target, message, at: managed.field() };
  }
  return present === undefined ? making(managed, actual) : rewrapping(managed, present, today);
}

function making({ ns, key, masterKey, field }: ManagedKey, actual: ClusterState): Operation | Obstacle {
  const vault = formatNamespace(ns);
  const obstacle = (message: string): Obstacle => ({ target: vault, message, at: field() });
  if ('keyId' in key) {
    return obstacle(
      `the key ${key.keyId} is not in ${vault}, and no key can be made with a given id. Name it by keyAltName`,
    );
  }
  const present = findCollection(actual, ns);
  if (present !== undefined && !isPlainCollection(present)) {
    return obstacle(`the key ${keyText(key)} can't be made, because ${vault} is a ${present.type}, not a collection`);
  }
  const keyIndex = keyVaultIndex(present?.indexes ?? []);
  if (typeof keyIndex !== 'string') {
    return obstacle(
      `the key ${keyText(key)} could be made twice, because the index ${keyIndex.wrong.name} of ${vault} does not keep alternative names unique. Drop the index. The next plan makes it anew`,
    );
  }
  const after: DataKeyState = { ns, key, masterKey: canonicalMasterKey(masterKey) };
  const reason = { text: 'fields are sealed with this key, and it does not exist', at: field() };
  return makeOperation({ kind: 'createDataKey', after }, reason);
}

function rewrapping(managed: ManagedKey, present: DataKey, today: string | undefined): Operation | undefined {
  const { ns, key, rotateAfter } = managed;
  const differences = masterKeyDifferences(present.masterKey, managed.masterKey);
  const days = today === undefined ? undefined : overdueDays(present, rotateAfter?.text, today);
  if (differences.length === 0 && days === undefined) return undefined;
  const before: DataKeyState = {
    ns,
    key,
    masterKey: canonicalMasterKey(present.masterKey),
    ...(present.updateDate === undefined ? {} : { updateDate: present.updateDate }),
  };
  const wanted = canonicalMasterKey(managed.masterKey);
  // The name of a provider that the policy leaves open stays.
  const masterKey = differences.length > 0 ? wanted : { ...wanted, provider: present.masterKey.provider };
  const reason =
    differences.length > 0
      ? { text: `another master key seals it: ${differences.join('; ')}`, at: managed.kms() }
      : {
          text: `it was made or last rewrapped ${days} days ago, and the policy allows ${rotateAfter?.text}`,
          ...(rotateAfter && { at: rotateAfter.at() }),
        };
  return makeOperation({ kind: 'rewrapDataKey', before, after: { ns, key, masterKey } }, reason);
}
