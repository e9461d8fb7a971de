/** One policy held against one state: what its checks share. */
import { roleGraph } from '../../model/graph.ts';
import type { RoleRef } from '../../model/names.ts';
import type { User } from '../../model/role.ts';
import { type Exemptions, exemptionsOn } from '../../policy/exemptions.ts';
import type { Intent } from '../../policy/intent.ts';
import { type RolesOf, rolesHeld } from '../../policy/selector.ts';
import type { ClusterState } from '../../state/state.ts';
import { type Holdings, holdingsOf } from '../analysis.ts';
import { assignableRoles } from '../assignable.ts';
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
export function peopleOf({ roles, users, server }: ClusterState): People | undefined {
  if (roles === undefined || users === undefined) return undefined;
  const graph = roleGraph(roles, server.version);
  const { standIns, held } = assignableRoles({ roles, users }, graph);
  const everybody = holdingsOf({ users: [...users, ...standIns.keys()] }, graph, held);
  return { everybody, standIns, rolesOf: rolesHeld(graph), mendOf: mends(everybody, roles) };
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
