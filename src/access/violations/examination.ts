/** One policy held against one state: what its checks share. */
import { roleGraph } from '../../model/graph.ts';
import type { RoleRef } from '../../model/names.ts';
import type { User } from '../../model/role.ts';
import { type Exemptions, exemptionsOn } from '../../policy/exemptions.ts';
import type { Intent } from '../../policy/intent.ts';
import { type RolesOf, rolesHeld } from '../../policy/selector.ts';
import type { ClusterState } from '../../state/state.ts';
import type { Holdings } from '../analysis.ts';
import { everybodyIn } from '../assignable.ts';
import { type MendOf, mends } from './mend.ts';

/** What the accounts of a state hold, for the checks of several policies. */
export interface People {
  /** The users, and whoever stands for those who are given a role by a group. */
  readonly everybody: Holdings;
  /** The stand-ins, each with the role that a group could be given. */
  readonly standIns: ReadonlyMap<User, RoleRef>;
  readonly rolesOf: RolesOf;
  readonly mendOf: MendOf;
}

export interface Examination extends People, Pick<Exemptions, 'isExempt'> {
  readonly intent: Intent;
  readonly state: ClusterState;
  readonly exemptions: Exemptions;
  /** Whose violations are asked for. */
  isAsked(user: User): boolean;
}

/** Nothing where roles or users are unknown: then nobody can say who can what, and the state's `unreadable` tells why. */
export function peopleOf(state: ClusterState): People | undefined {
  const { roles, server } = state;
  const everybody = everybodyIn(state);
  if (everybody === undefined || roles === undefined) return undefined;
  const { standIns, holdings } = everybody;
  const rolesOf = rolesHeld(roleGraph(roles, server.version));
  return { everybody: holdings, standIns, rolesOf, mendOf: mends(holdings, roles) };
}

export function examinationOf(
  intent: Intent,
  state: ClusterState,
  people: People,
  today: string | undefined,
  isAsked: Examination['isAsked'],
): Examination {
  const exemptions = exemptionsOn(intent, today);
  return { ...people, intent, state, exemptions, isExempt: exemptions.isExempt, isAsked };
}
