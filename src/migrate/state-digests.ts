/** What a plan rests on, digested: whether a cluster is still what it was planned on, and if not, in what. */
import { createHash } from 'node:crypto';
import { formatNamespace, formatRole, formatUser } from '../model/names.ts';
import type { Intent } from '../policy/intent.ts';
import { documentKey } from '../state/document.ts';
import { findCollection } from '../state/lookup.ts';
import { sortedJson } from '../state/sorted-json.ts';
import { type ClusterState, objectKey } from '../state/state.ts';

/** By name, `user a@b`, of everything that grants access and of what the policy says something about: its form, digested. */
export type StateDigests = Readonly<Record<string, string>>;

/** Enough to tell two forms of one object apart. */
const DIGEST_LENGTH = 16;

/** Other collections come and go while a plan waits for approval; where they matter, the plan itself becomes another. */
export function stateDigests({ collections }: Pick<Intent, 'collections'>, state: ClusterState): StateDigests {
  const { roles, users, settings, objects, keyVaults } = state;
  const named: (readonly [string, unknown])[] = [
    ...(roles ?? [])
      .filter(({ isBuiltin }) => isBuiltin !== true)
      .map((role) => [`role ${formatRole(role)}`, role] as const),
    ...(users ?? []).map((user) => [`user ${formatUser(user)}`, user] as const),
    ...collections.map(({ ns }) => [`collection ${formatNamespace(ns)}`, findCollection(state, ns)] as const),
    ...(objects ?? []).map((object) => [`record of ${objectKey(object)}`, object] as const),
    ...(keyVaults ?? []).map((vault) => [`key vault ${vault.ns}`, vault] as const),
    ['settings', settings],
  ];
  return Object.fromEntries(
    named
      .filter(([, form]) => form !== undefined)
      .map(([what, form]): [string, string] => [what, sha256(documentKey(form)).slice(0, DIGEST_LENGTH)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The same in one hash, for the head of a migration: SHA-256 in hexadecimal. */
export function stateHash(digests: StateDigests): string {
  return sha256(sortedJson(digests));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
