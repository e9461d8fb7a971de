/** Which line of the policy an operation comes from. */
import { formatNamespace, formatRole, formatUser, type Namespace, type RoleRef, type UserRef } from '../model/names.ts';
import type { Intent, SecretReference } from '../policy/intent.ts';
import type { OwnedObject } from '../state/state.ts';
import type { Reason } from './operations/operation.ts';
import type { Restricted } from './restrictions/solve.ts';

export interface PolicyLines {
  role(ref: RoleRef): Reason;
  user(ref: UserRef): Reason;
  collection(ns: Namespace): Reason;
  left(object: OwnedObject): Reason;
  password(ref: UserRef): SecretReference | undefined;
}

/** Answers from the intent. What it does not name is changed because of something that left the policy. */
export function policyLines(intent: Intent, restricted?: Restricted): PolicyLines {
  const at = new Map(
    [
      ...intent.roles.map((entry) => [`role ${formatRole(entry.role)}`, entry.origin] as const),
      ...intent.users.map((entry) => [`user ${formatUser(entry.user)}`, entry.origin] as const),
      ...intent.collections.map((entry) => [`collection ${formatNamespace(entry.ns)}`, entry.origin] as const),
    ].map(([key, origin]) => [key, origin] as const),
  );
  const vaults = new Map(
    intent.collections.flatMap(({ encryption, origin }) =>
      encryption === undefined ? [] : [[encryption.keyVault, () => origin('encryption', 'keyVault')] as const],
    ),
  );
  const passwords = new Map(intent.users.map((entry) => [formatUser(entry.user), entry.password]));
  const stands = new Map(
    restricted?.managed.map(({ role, replaces }) => [
      formatRole(role),
      `it stands for ${formatRole(replaces)}, and reaches nothing that is denied`,
    ]),
  );
  const rewrites = new Map(
    restricted?.rewrites.flatMap((rewrite) => rewrite.users.map((user) => [formatUser(user), rewrite] as const)),
  );
  const reason = (kind: OwnedObject['kind'], target: string): Reason => {
    const origin = at.get(`${kind} ${target}`);
    if (origin === undefined) return { text: `what it refers to has left the policy "${intent.policy}"` };
    return { text: 'the policy says so', at: origin() };
  };
  return {
    role: (ref) => {
      const text = stands.get(formatRole(ref));
      return text === undefined ? reason('role', formatRole(ref)) : { text };
    },
    user: (ref) => {
      const rewrite = rewrites.get(formatUser(ref));
      if (rewrite === undefined) return reason('user', formatUser(ref));
      if (rewrite.released) return { text: 'nothing keeps it out any longer' };
      const [at] = rewrite.at;
      return { text: `it is kept out of ${rewrite.could.map(({ on }) => on).join(' and ')}`, ...(at && { at }) };
    },
    collection: (ns) => {
      const vault = at.has(`collection ${formatNamespace(ns)}`) ? undefined : vaults.get(formatNamespace(ns));
      if (vault !== undefined) return { text: 'the policy keeps data encryption keys there', at: vault() };
      return reason('collection', formatNamespace(ns));
    },
    left: () => ({ text: `it has left the policy "${intent.policy}"` }),
    password: (ref) => passwords.get(formatUser(ref)),
  };
}
