/** The lines of policies that a grant path is made of. */
import type { Principal } from '../access/analysis.ts';
import { formatRole, formatUser } from '../model/names.ts';
import { resourceKey } from '../model/resource.ts';
import type { Intent, IntentGrant, Origin } from '../policy/intent.ts';

interface Holder {
  readonly grants: readonly IntentGrant[];
  readonly origin: Origin;
  readonly policy: string;
}

export interface GrantLines {
  /**
   * Follows the grant path from the account through its roles, at most `depth` of them. It ends at the role of a policy
   * that holds the privilege, or at the line that grants a role of MongoDB's own.
   */
  of(principal: Principal, depth?: number): GrantLine;
}

export interface GrantLine {
  readonly at: Origin;
  /** The policy that the line belongs to. */
  readonly policy: string;
}

/** Where several policies define an object, the first of them counts. */
export function grantLines(policies: readonly Intent[]): GrantLines {
  // Apart: a user may bear the name of a role, such as `backup@admin`.
  const users = new Map<string, Holder>();
  const roles = new Map<string, Holder>();
  for (const { policy, ...intent } of [...policies].reverse()) {
    for (const { user, grants, origin } of intent.users) users.set(formatUser(user), { grants, origin, policy });
    for (const { role, grants, origin } of intent.roles) roles.set(formatRole(role), { grants, origin, policy });
  }
  return {
    of: (principal, depth = Number.POSITIVE_INFINITY) => {
      const { path } = principal;
      let line: GrantLine | undefined;
      for (const [at, name] of path.entries()) {
        const holder = (at === 0 ? users : roles).get(name);
        // The grant path of a role that a group could be given begins with nobody of a policy.
        if (holder === undefined && line === undefined) continue;
        if (holder === undefined) break;
        const granted = grantFor(holder, path[at + 1], principal);
        line = { at: granted?.origin ?? holder.origin, policy: holder.policy };
        if (granted?.kind !== 'role' || at >= depth) break;
      }
      if (line === undefined) throw new Error(`the grant path of ${path[0] ?? ''} does not begin in a policy`);
      return line;
    },
  };
}

/** The line by which the holder has the next role of the path, or at its end the privilege. */
function grantFor(
  { grants }: Holder,
  next: string | undefined,
  { privilege, action }: Principal,
): IntentGrant | undefined {
  return (
    grants.find((grant) => grant.kind === 'role' && formatRole(grant.role) === next) ??
    grants.find(
      (grant) =>
        grant.kind === 'privilege' &&
        grant.privilege.actions.some((held) => held === action || held === 'anyAction') &&
        resourceKey(grant.privilege.resource) === resourceKey(privilege.resource),
    )
  );
}
