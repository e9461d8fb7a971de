/** Why something is changed, and which line of the policy that comes from. */

import { UserMap } from '../model/name-maps.ts';
import {
  formatNamespace,
  formatRole,
  type Namespace,
  type RoleRef,
  roleKey,
  type UserRef,
  userKey,
} from '../model/names.ts';
import { onceFor } from '../model/once.ts';
import type { Intent, Origin, SecretReference } from '../policy/intent.ts';
import type { OwnedObject } from '../state/state.ts';
import type { Reason } from './operations/operation.ts';
import type { Rewrite } from './restrictions/access-change.ts';
import type { Restricted } from './restrictions/restrict.ts';

export interface PolicyLines {
  role(ref: RoleRef): Reason;
  user(ref: UserRef): Reason;
  collection(ns: Namespace): Reason;
  left(object: OwnedObject): Reason;
  password(ref: UserRef): SecretReference | undefined;
}

/** Answers from the intent. What it does not name is changed because of something that left the policy. */
export function policyLines(intent: Intent, restricted?: Restricted): PolicyLines {
  const roles = new Map(intent.roles.map((entry) => [roleKey(entry.role), entry]));
  const users = new Map(intent.users.map((entry) => [userKey(entry.user), entry]));
  const collections = new Map(intent.collections.map((entry) => [formatNamespace(entry.ns), entry]));
  const vaults = new Map(
    intent.collections.flatMap(({ encryption, origin }) =>
      encryption === undefined ? [] : [[encryption.keyVault, () => origin('encryption', 'keyVault')] as const],
    ),
  );
  const managed = new Map(restricted?.managed.map((each) => [roleKey(each.role), each]));
  const rewrites = new UserMap<Rewrite>();
  for (const rewrite of restricted?.rewrites ?? []) for (const user of rewrite.users) rewrites.set(user, rewrite);
  const stated = (entry: { readonly origin: Origin } | undefined): Reason =>
    entry === undefined
      ? { text: `what it refers to has left the policy "${intent.policy}"` }
      : { text: 'the policy says so', at: entry.origin() };
  // Accounts of one rewrite share the reason.
  const ofRewrite = onceFor(({ released, could, at: [at] }: Rewrite): Reason => {
    if (released) return { text: 'nothing is denied to it any longer' };
    return {
      text: `the policy denies access to ${could.map(({ on }) => on).join(' and ')}`,
      ...(at && { at }),
    };
  });
  return {
    role: (ref) => {
      const own = managed.get(roleKey(ref));
      if (own === undefined) return stated(roles.get(roleKey(ref)));
      return { text: `stands for ${formatRole(own.replaces)} without what is denied` };
    },
    user: (ref) => {
      const rewrite = rewrites.get(ref);
      if (rewrite === undefined || (rewrite.could.length === 0 && !rewrite.released)) {
        return stated(users.get(userKey(ref)));
      }
      return ofRewrite(rewrite);
    },
    collection: (ns) => {
      const entry = collections.get(formatNamespace(ns));
      const vault = entry === undefined ? vaults.get(formatNamespace(ns)) : undefined;
      if (vault === undefined) return stated(entry);
      return { text: 'the policy keeps data encryption keys there', at: vault() };
    },
    left: () => ({ text: `it has left the policy "${intent.policy}"` }),
    password: (ref) => (users.size === 0 ? undefined : users.get(userKey(ref))?.password),
  };
}
