/** Which grants the rules of least privilege look at: those of accounts in daily use, and those not told of already. */
import { formatRole, type RoleRef } from '../../../model/names.ts';
import type { Privilege } from '../../../model/privilege.ts';
import type { Grant, IntentRole, IntentUser, Origin } from '../../../policy/intent.ts';
import type { LintContext } from '../../rule.ts';

export interface PrivilegeLine {
  readonly entry: IntentRole;
  readonly privilege: Privilege;
  readonly at: Origin;
}

/** Every privilege that a role of the policy grants, unless break-glass accounts alone hold the role. */
export function privilegeLines(context: LintContext): readonly PrivilegeLine[] {
  return context.intent.roles.flatMap((entry) => {
    if (!context.isExposed(entry.role)) return [];
    return entry.grants.flatMap((grant) =>
      grant.kind === 'privilege' ? [{ entry, privilege: grant.privilege, at: grant.origin }] : [],
    );
  });
}

export interface BuiltinLine {
  readonly role: RoleRef;
  /** Who gets it: `service@admin`, or the role that inherits it. */
  readonly to: string;
  readonly at: Origin;
}

/** Every line that grants a role of MongoDB's own, unless to break-glass accounts alone. */
export function builtinLines(context: LintContext): readonly BuiltinLine[] {
  const lines = (to: string, grants: readonly Grant[]): BuiltinLine[] =>
    grants.flatMap((grant) =>
      grant.kind === 'role' && context.graph.role(grant.role)?.isBuiltin === true
        ? [{ role: grant.role, to, at: grant.origin }]
        : [],
    );
  return [
    ...context.intent.users.flatMap((entry) =>
      context.isBreakGlass(entry.user) ? [] : lines(nameOf(entry), entry.grants),
    ),
    ...context.intent.roles.flatMap((entry) =>
      context.isExposed(entry.role) ? lines(formatRole(entry.role), entry.grants) : [],
    ),
  ];
}

function nameOf({ user }: IntentUser): string {
  return `${user.user}@${user.db}`;
}

/** Whether a protection or an exclusive `access` is broken by this very line: that is told there, and more urgent. */
export function toldByProtection(context: LintContext): (at: Origin) => boolean {
  // Each line has one origin, which is not looked up: that would take as long as the file is.
  const told = new Set(context.violations().map(({ principal }) => context.grantOf(principal)));
  return (at) => told.has(at);
}
