/** Which grants of MongoDB's own roles the rules of least privilege look at: those to accounts in daily use. */
import { formatRole, formatUser, type RoleRef } from '../../../model/names.ts';
import type { IntentRole, IntentUser, Origin } from '../../../policy/intent.ts';
import type { LintContext } from '../../rule.ts';

export interface BuiltinLine {
  readonly role: RoleRef;
  /** Who gets it: `service@admin`, or the role that inherits it. */
  readonly to: string;
  readonly at: Origin;
  readonly adopted: boolean;
}

/**
 * How grave a grant too wide is at most: what was adopted is what the cluster has already, and must not stand in the way
 * of the migration that narrows it.
 */
export function asFound({ adopted }: { readonly adopted: boolean }): { readonly severity?: 'warning' } {
  return adopted ? { severity: 'warning' } : {};
}

/** Every line that grants a role of MongoDB's own, unless to break-glass accounts alone. */
export function builtinLines(context: LintContext): readonly BuiltinLine[] {
  const lines = (to: string, { grants, adopted }: IntentUser | IntentRole): BuiltinLine[] =>
    grants.flatMap((grant) =>
      grant.kind === 'role' && context.graph.role(grant.role)?.isBuiltin === true
        ? [{ role: grant.role, to, at: grant.origin, adopted }]
        : [],
    );
  return [
    ...context.intent.users.flatMap((entry) =>
      context.isBreakGlass(entry.user) ? [] : lines(formatUser(entry.user), entry),
    ),
    ...context.intent.roles.flatMap((entry) =>
      context.isExposed(entry.role) ? lines(formatRole(entry.role), entry) : [],
    ),
  ];
}
