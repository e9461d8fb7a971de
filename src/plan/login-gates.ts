/** From where an account may log in: its own restrictions, and those of every role that it holds or inherits. */
import { isRangeWithin } from '../model/address.ts';
import { formatRole } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import type { AuthenticationRestriction, Role, User } from '../model/role.ts';

/** Restrictions of logins, one of which has to be met; `by`: the role that has them, nothing for the account itself. */
export interface LoginGate {
  readonly by?: string;
  readonly restrictions: readonly AuthenticationRestriction[];
}

export function ownGates({ authenticationRestrictions: restrictions = [] }: User): readonly LoginGate[] {
  return restrictions.length === 0 ? [] : [{ restrictions }];
}

/** `roles`: with those that they inherit. */
export function gatesOfRoles(roles: readonly Role[]): readonly LoginGate[] {
  const gated = roles.filter(({ authenticationRestrictions = [] }) => authenticationRestrictions.length > 0);
  return sortedBy(gated, formatRole).map((role) => ({
    by: formatRole(role),
    restrictions: role.authenticationRestrictions ?? [],
  }));
}

/**
 * Whether whoever meets the one gate meets the other. Which role has it makes no difference to the account: the role that
 * stands for another has its restrictions too.
 */
export function isNarrower({ restrictions }: LoginGate, wide: LoginGate): boolean {
  return restrictions.every((one) => wide.restrictions.some((other) => asksMore(one, other)));
}

function asksMore(one: AuthenticationRestriction, other: AuthenticationRestriction): boolean {
  const within = (inner?: readonly string[], outer?: readonly string[]): boolean =>
    outer === undefined || inner?.every((range) => outer.some((each) => isRangeWithin(range, each))) === true;
  return within(one.clientSource, other.clientSource) && within(one.serverAddress, other.serverAddress);
}

/**
 * Whether the gate lets somebody in from that address, to whichever address of the server: at which one the server is
 * reached it does not say.
 */
export function admits({ restrictions }: LoginGate, address: string): boolean {
  return restrictions.some(
    ({ clientSource, serverAddress }) =>
      serverAddress === undefined && clientSource?.some((range) => isRangeWithin(address, range)) !== false,
  );
}

/** `from 10.0.0.0/8 or to 10.1.2.3 (by r@admin)`, `from anywhere` */
export function gatesText(gates: readonly LoginGate[]): string {
  if (gates.length === 0) return 'from anywhere';
  return gates
    .map(
      ({ by, restrictions }) =>
        `${restrictions.map(restrictionText).join(' or ')}${by === undefined ? '' : ` (by ${by})`}`,
    )
    .join(', and ');
}

function restrictionText({ clientSource, serverAddress }: AuthenticationRestriction): string {
  return [
    ...(clientSource === undefined ? [] : [`from ${clientSource.join(', ')}`]),
    ...(serverAddress === undefined ? [] : [`to ${serverAddress.join(', ')}`]),
  ].join(' ');
}
