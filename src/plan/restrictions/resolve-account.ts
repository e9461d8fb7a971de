/** What becomes of one account: each rule below either decides, or leaves it to the next. */

import type { Demand } from '../../access/violations/demand.ts';
import type { RoleGraph } from '../../model/graph.ts';
import { once } from '../../model/once.ts';
import { sameRoleSet, type User } from '../../model/role.ts';
import type { Exemptions } from '../../policy/exemptions.ts';
import type { Intent } from '../../policy/intent.ts';
import { isUnmanaged } from '../../policy/selector.ts';
import type { Account } from './collect.ts';
import { contradictions } from './contradictions.ts';
import type { InheritedBits } from './inherited-bits.ts';
import {
  endedRefusal,
  escalationRefusal,
  foreignRefusal,
  givenBackRefusal,
  type Refusal,
} from './restriction-refusal.ts';
import type { RestrictionSolver } from './restriction-solver.ts';
import type { OpenTechnique } from './revocation.ts';
import type { Remains, RoleSolver, SolvedRoles } from './role-solver.ts';
import { servingRoles } from './serving-roles.ts';

/** What every account is judged by. */
export interface AccountContext {
  readonly intent: Intent;
  readonly exemptions: Exemptions;
  readonly demands: readonly Demand[];
  readonly graph: RoleGraph;
  readonly solver: RestrictionSolver;
  readonly bits: InheritedBits;
  readonly solve: RoleSolver;
  /** The other policy that the account belongs to, if one does. */
  ownerOf(user: User): string | undefined;
  /** What it takes to administer the users of the cluster. */
  readonly administering: bigint;
}

/** What an account is once everything is carried out. */
export interface AccountRights {
  readonly user: User;
  readonly met: bigint;
  /** The demands that are carried out on it. */
  readonly covering: readonly Demand[];
}

/** What becomes of an account; `user` is how it will be. */
export type Resolution = AccountRights & {
  readonly account: Account;
  /** Whether it can grant itself, or anybody, anything. */
  readonly administers: boolean;
} & AccountOutcome;

type AccountOutcome =
  | { readonly kind: 'untouched' }
  /** Nothing keeps it out any longer: it holds again what it held before. */
  | { readonly kind: 'released' }
  /** `escalates`: it can give itself back whatever is taken from it. */
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[]; readonly escalates: boolean }
  | { readonly kind: 'unmanaged'; readonly open: readonly OpenTechnique[] }
  | { readonly kind: 'restricted'; readonly open: readonly OpenTechnique[]; readonly remains: readonly Remains[] };

/** An account, and what is asked of it. */
interface Case {
  readonly account: Account;
  /** What it meets as it is. */
  readonly met: bigint;
  /** The demands that are about it. */
  readonly asked: readonly Demand[];
  /** What it would hold, were they carried out. */
  solved(): SolvedRoles;
}

type Rule = (context: AccountContext, one: Case) => Resolution | undefined;

const RULES: readonly Rule[] = [
  leaveUncovered,
  refuseContradiction,
  leaveUnmanaged,
  refuseForeign,
  refuseEndedExemption,
  refuseEscalation,
];

export function resolveAccount(context: AccountContext, account: Account): Resolution {
  const one = caseOf(context, account);
  for (const rule of RULES) {
    const resolution = rule(context, one);
    if (resolution !== undefined) return resolution;
  }
  return restrictAccount(one);
}

function caseOf({ demands, bits, solve }: AccountContext, account: Account): Case {
  const { user, holder, entry } = account;
  const asked = demands.filter(
    (demand) =>
      (entry?.adopted === false ? demand.from === 'restriction' : demand.remedy === 'rewrite') && demand.covers(holder),
  );
  return { account, met: bits.ofAll(user.roles), asked, solved: once(() => solve(holder.roles, asked)) };
}

function asItIs({ administering }: AccountContext, { account, met }: Case, outcome: AccountOutcome): Resolution {
  return { account, user: account.user, met, covering: [], administers: (met & administering) !== 0n, ...outcome };
}

function refused(context: AccountContext, one: Case, ...refusals: readonly Refusal[]): Resolution {
  return asItIs(context, one, { kind: 'refused', refusals, escalates: false });
}

/** Nothing is asked of it: it stays as it is, or holds again what it held before it was kept out of anything. */
function leaveUncovered(context: AccountContext, one: Case): Resolution | undefined {
  const { user, holder, entry } = one.account;
  if (one.asked.length > 0) return undefined;
  // What the policy says of an account that it defines holds, whatever that once stood for.
  if (holder === user || entry !== undefined || isUnmanaged(context.intent, user)) {
    return asItIs(context, one, { kind: 'untouched' });
  }
  const met = context.bits.ofAll(holder.roles);
  const again = asItIs(context, { ...one, met }, { kind: 'released' });
  const administers = (one.met & context.administering) !== 0n;
  if (again.administers && !administers) return refused(context, one, givenBackRefusal(user, holder.roles));
  return { ...again, user: holder };
}

/** The policy itself grants what it denies. */
function refuseContradiction(context: AccountContext, one: Case): Resolution | undefined {
  const { entry } = one.account;
  if (entry?.adopted !== false) return undefined;
  const open = context.solver.open(one.met, one.asked);
  return refused(context, one, ...contradictions(context.intent, entry, open, context.graph));
}

/** Others manage it: it is watched, and never changed. */
function leaveUnmanaged(context: AccountContext, one: Case): Resolution | undefined {
  if (!isUnmanaged(context.intent, one.account.user)) return undefined;
  return asItIs(context, one, { kind: 'unmanaged', open: context.solver.open(one.met, one.asked) });
}

/** Another policy would give it back whatever is taken from it. */
function refuseForeign(context: AccountContext, one: Case): Resolution | undefined {
  const { user, entry } = one.account;
  const owner = entry === undefined ? context.ownerOf(user) : undefined;
  const open = owner === undefined ? [] : context.solver.open(one.met, one.asked);
  return owner === undefined || open.length === 0
    ? undefined
    : refused(context, one, foreignRefusal(user, owner, open));
}

/** It was exempt, and would be changed now. */
function refuseEndedExemption(context: AccountContext, one: Case): Resolution | undefined {
  const { user } = one.account;
  const ended = context.exemptions.endedFor(user);
  if (ended === undefined) return undefined;
  const { roles, open } = one.solved();
  if (open.length === 0 && sameRoleSet(user.roles, roles)) return undefined;
  return refused(context, one, endedRefusal(ended, context.solver.open(one.met, one.asked)));
}

/** Whatever is taken from it, it can give itself back. */
function refuseEscalation(context: AccountContext, one: Case): Resolution | undefined {
  const { user } = one.account;
  const { open, remains } = one.solved();
  const escalations = open.filter(({ technique }) => technique.kind === 'escalation');
  if (escalations.length === 0) return undefined;
  const refusal = escalationRefusal(user, servingRoles(context.solver, remains, escalations), escalations);
  return asItIs(context, one, { kind: 'refused', refusals: [refusal], escalates: true });
}

function restrictAccount({ account, asked, solved }: Case): Resolution {
  const { user } = account;
  const { roles, met, open, remains } = solved();
  const after = sameRoleSet(user.roles, roles) ? user : { ...user, roles };
  return { account, user: after, met, covering: asked, administers: false, kind: 'restricted', open, remains };
}
