/** Why a restriction can't be carried out as it stands, in sentences for whoever wrote it. */

import type { Demand } from '../../access/violations/demand.ts';
import { listed } from '../../access/violations.ts';
import { formatRole, formatUser, type RoleRef } from '../../model/names.ts';
import { sortedSet } from '../../model/order.ts';
import type { User } from '../../model/role.ts';
import type { IntentBreakGlass } from '../../policy/intent.ts';
import type { Position } from '../../policy/problem.ts';
import type { OwnedObject } from '../../state/state.ts';
import { reachOf } from './access-change.ts';
import type { OpenTechnique } from './revocation.ts';

/** Why a restriction can't be carried out as it stands. */
export interface Refusal {
  readonly target: string;
  readonly message: string;
  readonly at?: Position;
}

/** For an account that would stay able by an escalation. `roles`: those that it comes by. */
export function escalationRefusal(user: User, roles: readonly RoleRef[], open: readonly OpenTechnique[]): Refusal {
  const target = formatUser(user);
  const places = sortedSet(open.map(({ demand }) => demand.on)).join(' and ');
  const does = listed(sortedSet(open.map(({ technique }) => technique.does)));
  const by = roles.map(formatRole).join(' and ');
  return {
    target,
    message: `${target} can't be kept out of ${places} while it holds ${by}. It can ${does}. ${exemptAdvice(target)}`,
    ...at(open[0]?.demand),
  };
}

/** An exemption that has ended: whether the account is still needed as it is, a person has to say. */
export function endedRefusal({ user, until, origin }: IntentBreakGlass, open: readonly OpenTechnique[]): Refusal {
  const target = formatUser(user);
  const still = open.length === 0 ? '' : `. ${target} can still ${deniedText(open)}`;
  const message = `the exemption of ${target} ended on ${until}${still}. Renew it with a reason and a date. Without it ${target} is kept out like any other account`;
  return { target, message, at: origin() };
}

/** An account of another policy, which would give it back whatever is taken from it. */
export function foreignRefusal(user: User, owner: string, open: readonly OpenTechnique[]): Refusal {
  const target = formatUser(user);
  const message = `${target} belongs to the policy "${owner}" and can ${deniedText(open)}. Take that from it there, or name it under "except", "unmanaged" or breakGlass`;
  return { target, message, ...at(open[0]?.demand) };
}

/** `read audit.*, although audit.yaml:3 denies it` */
function deniedText(open: readonly OpenTechnique[]): string {
  const lines = sortedSet(open.map(({ demand }) => `${demand.origin().file}:${demand.origin().line}`)).join(' and ');
  const places = reachOf(open).map(({ on, outcomes }) => `${outcomes.join(', ')} ${on}`);
  return `${places.join('; ')}, although ${lines} denies it`;
}

export function exemptAdvice(target: string): string {
  return `Name ${target} under breakGlass with a reason and a date, or take that from it`;
}

export function at(demand: Demand | undefined): { readonly at?: Position } {
  return demand === undefined ? {} : { at: demand.origin() };
}

/** An entry of the record that nothing bears out. */
export function forgedRefusal({ target, replaces }: OwnedObject): Refusal {
  const message = `the record in mongoward.objects says that ${target} stands for ${replaces}, but a role that stands for it has another name. Somebody has changed the record. See who can write it, and remove the entry`;
  return { target, message };
}

/** No plan narrows a role by which its holder administers users: whoever could have one given back has changed the record, or the role. */
export function givenBackRefusal(user: User, roles: readonly RoleRef[]): Refusal {
  const target = formatUser(user);
  const message = `${target} would be given back ${roles.map(formatRole).join(', ')}, through which it could grant itself anything, and which no plan takes away. Somebody has changed the record in mongoward.objects, or the role. See who can write them, and grant by hand what it should have`;
  return { target, message };
}
