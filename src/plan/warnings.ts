/**
 * What a plan does besides what accounts gain and lose. Said before, for those who have to prepare clients and services:
 * what will be refused and is taken today, documents that nobody seals, logins from elsewhere or by an old password. And
 * for those who review: plaintext that will be taken, and what accounts can do for a moment.
 */
import { findKeys, keyText, wantedKeys } from '../encryption/key-names.ts';
import { sealedPaths } from '../encryption/sealed-paths.ts';
import { groupBy } from '../model/keyed.ts';
import { formatNamespace, parseNamespace } from '../model/names.ts';
import type { Intent } from '../policy/intent.ts';
import type { Position } from '../policy/problem.ts';
import type { ClusterState } from '../state/state.ts';
import { type AccountChange, closesLogins } from './account-changes.ts';
import { keyVaultHazards } from './key-vault-hazards.ts';
import { gatesText } from './login-gates.ts';
import type { Operation, ValidationState } from './operations/operation.ts';
import { knownKeys } from './operations/targets/data-key-target.ts';
import { effective } from './operations/targets/validation-target.ts';
import { type PassingGain, passingGains } from './passing.ts';

export interface PlanWarning {
  /**
   * - `sealed`: documents are refused that clients do not seal
   * - `unsealed`: documents are taken that clients do not seal, and were refused
   * - `logins`: logins are refused from elsewhere
   * - `password`: an account that is there gets another password
   * - `passing`: an account can do something only for as long as the plan is carried out
   * - `keys`: the server deletes data encryption keys, or nothing can hold them, whether anything is carried out or not
   */
  readonly kind: 'sealed' | 'unsealed' | 'logins' | 'password' | 'passing' | 'keys';
  /** `db.collection`, or the accounts. */
  readonly target: string;
  /** Sentences. */
  readonly message: string;
  readonly at?: Position;
}

/**
 * `before`: the state that the operations are applied to; `accounts`: what they mean there; `collections`: of the policy
 * where there is one, for the names of the data encryption keys.
 */
export function planWarnings(
  before: ClusterState,
  operations: readonly Operation[],
  accounts: readonly AccountChange[],
  collections: Intent['collections'] = [],
): readonly PlanWarning[] {
  return [
    ...operations.flatMap((operation) => sealedWarning(operation, before, operations, collections)),
    ...operations.flatMap(unsealedWarning),
    ...accounts.flatMap(loginsWarning),
    ...operations.flatMap(passwordWarning),
    ...passingGains(before, operations, accounts).map(passingWarning),
  ];
}

/** What endangers sealed fields today, and stays: no plan mends it, so that no migration's head tells it. */
export function keyWarnings(intent: Pick<Intent, 'collections'>, actual: ClusterState): readonly PlanWarning[] {
  return keyVaultHazards(intent, actual).map(({ keyVault: target, message, origin }) => ({
    kind: 'keys',
    target,
    message: `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`,
    at: origin(),
  }));
}

function sealedWarning(
  operation: Operation,
  state: ClusterState,
  operations: readonly Operation[],
  collections: Intent['collections'],
): readonly PlanWarning[] {
  if (operation.kind !== 'createCollection' && operation.kind !== 'collMod') return [];
  const already = operation.kind === 'collMod' ? refusedUnsealed(operation.before) : [];
  const paths = refusedUnsealed(operation.after).filter((path) => !already.includes(path));
  if (paths.length === 0) return [];
  const target = formatNamespace(operation.after.ns);
  const encryption = collections.find(({ ns }) => formatNamespace(ns) === target)?.encryption;
  const message = [
    `Once this is applied, the server refuses documents of ${target} that hold ${anyOf(paths)} unsealed.`,
    ...(encryption === undefined
      ? [`Without the data key, no document with ${thatMany(paths)} can be stored.`]
      : keySentences(encryption, paths, state, operations)),
  ].join(' ');
  const { at } = operation.reason;
  return [{ kind: 'sealed', target, message, ...(at && { at }) }];
}

/** Whoever may insert can store plaintext from then on, and whoever may read finds it: a gain that no grant shows. */
function unsealedWarning(operation: Operation): readonly PlanWarning[] {
  if (operation.kind !== 'collMod') return [];
  const still = refusedUnsealed(operation.after);
  const paths = refusedUnsealed(operation.before).filter((path) => !still.includes(path));
  if (paths.length === 0) return [];
  const target = formatNamespace(operation.after.ns);
  const message = `Once this is applied, the server takes documents of ${target} that hold ${anyOf(paths)} unsealed. It refuses them today.`;
  const { at } = operation.reason;
  return [{ kind: 'unsealed', target, message, ...(at && { at }) }];
}

/** The fields that the server takes as ciphertext alone, as its documentation of `validationAction` has it. */
function refusedUnsealed(validation: ValidationState): readonly string[] {
  const { validator, validationLevel, validationAction } = effective(validation);
  return validationLevel === 'off' || validationAction === 'warn' ? [] : sealedPaths(validator);
}

type Encryption = NonNullable<Intent['collections'][number]['encryption']>;

/** Of each data key that the fields are sealed with: whether it is there, is made by the plan, or is missing. */
function keySentences(
  encryption: Encryption,
  paths: readonly string[],
  state: ClusterState,
  operations: readonly Operation[],
): readonly string[] {
  const ns = parseNamespace(encryption.keyVault);
  if (ns === undefined) return [];
  const keys = knownKeys(state, ns);
  return wantedKeys(encryption).flatMap(({ name, fields }) => {
    const sealed = fields.map(({ path }) => path).filter((path) => paths.includes(path));
    if (sealed.length === 0) return [];
    const key = `the data key ${keyText(name)}`;
    const isMade = operations.some(
      (one) =>
        one.kind === 'createDataKey' &&
        formatNamespace(one.after.ns) === encryption.keyVault &&
        keyText(one.after.key) === keyText(name),
    );
    if (isMade) return [`This plan makes ${key}.`];
    const stops = `no document with ${sealed.length === paths.length ? thatMany(paths) : anyOf(sealed)} can be stored`;
    if (keys === undefined)
      return [`Whether ${key} exists in ${encryption.keyVault} is unknown. Without it, ${stops}.`];
    if (findKeys({ keys }, name).length > 0) return [];
    return [`T${key.slice(1)} does not exist in ${encryption.keyVault}. Until somebody makes it, ${stops}.`];
  });
}

function loginsWarning({ accounts, kind, logins, why }: AccountChange): readonly PlanWarning[] {
  if (logins === undefined || !closesLogins(logins)) return [];
  const names = namesText(accounts);
  const who = kind === 'assignable' ? `whoever is given ${names}` : names;
  const message = `Once this is applied, ${who} can log in only ${gatesText(logins.after)}. Whatever connects from elsewhere is locked out.`;
  const at = why.find((reason) => reason.at !== undefined)?.at;
  return [{ kind: 'logins', target: names, message, ...(at && { at }) }];
}

/** Whoever knows what the reference holds can log in: a gain that no grant shows. */
function passwordWarning(operation: Operation): readonly PlanWarning[] {
  if (operation.kind !== 'rotatePassword' && operation.kind !== 'updateUser') return [];
  const { target, password, reason } = operation;
  if (password === undefined) return [];
  const place =
    'fromEnv' in password ? `the environment variable ${password.fromEnv}` : `the file ${password.fromFile}`;
  const message = `Once this is applied, ${target} logs in with the password from ${place}. The old one is refused.`;
  return [{ kind: 'password', target, message, ...(reason.at && { at: reason.at }) }];
}

function passingWarning({ accounts, gains, logins }: PassingGain): PlanWarning {
  const can = [
    ...[...groupBy(gains, ({ actions }) => actions.join(', '))].map(
      ([actions, places]) => `can do ${actions} on ${places.map(({ on }) => on).join('; ')}`,
    ),
    ...(logins ? ['can log in from more places'] : []),
  ].join(', and ');
  const names = accounts.join(', ');
  const message = `While this is applied, ${names} ${can}, as neither before nor afterwards. A run that is cut off leaves it so until the next one.`;
  return { kind: 'passing', target: names, message };
}

function thatMany(paths: readonly string[]): string {
  return paths.length === 1 ? 'this field' : 'these fields';
}

/** `a`, `a or b`, `a, b or c` */
function anyOf(paths: readonly string[]): string {
  const last = paths.at(-1) ?? '';
  return paths.length < 2 ? last : `${paths.slice(0, -1).join(', ')} or ${last}`;
}

const MOST_NAMES = 10;

function namesText(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
