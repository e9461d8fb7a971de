import type { Demand } from '../../access/violations/demand.ts';
import type { RoleGraph } from '../../model/graph.ts';
import { type RoleRef, roleKey } from '../../model/names.ts';
import { canonicalRoleRefs, type User } from '../../model/role.ts';
import type { Exemptions } from '../../policy/exemptions.ts';
import type { Intent, IntentUser } from '../../policy/intent.ts';
import { isUnmanaged } from '../../policy/selector.ts';
import { type Alternative, alternativeTo } from './alternative.ts';
import { contradictions } from './contradictions.ts';
import type { InheritedBits } from './inherited-bits.ts';
import type { Universe } from './narrow.ts';
import {
  type AccountRights,
  endedRefusal,
  escalationRefusal,
  foreignRefusal,
  givenBackRefusal,
  type Refusal,
} from './refusal.ts';
import type { OpenTechnique, RestrictionSolver } from './revocations.ts';
import type { Remains, RoleSolver, Solved } from './solver.ts';

/** An account that still can, although it should not, and by which ways. */
export interface Undecided {
  readonly user: User;
  readonly open: readonly OpenTechnique[];
  /** The roles that it holds and that the ways begin with. */
  readonly roles: readonly RoleRef[];
  /** What the account could hold in the place of each of them. */
  readonly alternatives: readonly Alternative[];
  /** Whether others manage the account, so that nothing was tried. */
  readonly unmanaged: boolean;
}

/** What every account is judged by. */
export interface SolverContext {
  readonly intent: Intent;
  readonly exemptions: Exemptions;
  readonly demands: readonly Demand[];
  readonly solver: RestrictionSolver;
  readonly bits: InheritedBits;
  readonly graph: RoleGraph;
  readonly roleSolver: RoleSolver;
  readonly universe: Universe;
  /** The other policy that the account belongs to, if one does. */
  ownerOf(user: User): string | undefined;
  /** What it takes to administer the users of the cluster. */
  readonly administering: bigint;
  /** Those that were worked out: accounts with the same roles share them. */
  readonly alternatives: Map<string, readonly Alternative[]>;
}

/** What becomes of an account; `user` is how it will be. */
export type Resolution = AccountRights & {
  /** Whether it can grant itself, or anybody, anything. */
  readonly administers: boolean;
} & (
    | { readonly kind: 'free' }
    /** Nothing keeps it out any longer: it holds again what it held before. */
    | { readonly kind: 'released' }
    | { readonly kind: 'refused'; readonly refusals: readonly Refusal[]; readonly escalates: boolean }
    | { readonly kind: 'unmanaged'; readonly open: readonly OpenTechnique[] }
    | { readonly kind: 'operated'; readonly open: readonly OpenTechnique[]; readonly remains: readonly Remains[] }
  );

export function resolveAccount(
  context: SolverContext,
  user: User,
  holder: User,
  entry: IntentUser | undefined,
): Resolution {
  const { intent, demands, solver, bits, roleSolver } = context;
  const met = bits.ofAll(user.roles);
  const covering = demands.filter(
    (demand) =>
      (entry?.adopted === false ? demand.from === 'restriction' : demand.remedy === 'rewrite') && demand.covers(holder),
  );
  const administers = (met & context.administering) !== 0n;
  // What the policy says of an account that it defines holds, whatever that once stood for.
  if (covering.length === 0 && (holder === user || entry !== undefined || isUnmanaged(intent, user))) {
    return { kind: 'free', user, met, covering, administers };
  }
  if (covering.length === 0) {
    const again = bits.ofAll(holder.roles);
    const administersAgain = (again & context.administering) !== 0n;
    if (administersAgain && !administers) {
      const refusals = [givenBackRefusal(user, holder.roles)];
      return { kind: 'refused', user, met, covering, refusals, administers, escalates: false };
    }
    return { kind: 'released', user: holder, met: again, covering, administers: administersAgain };
  }
  if (entry?.adopted === false) {
    const open = solver.open(met, covering);
    const refusals = contradictions(intent, entry, open, context.graph);
    return { kind: 'refused', user, met, covering: [], refusals, administers, escalates: false };
  }
  if (isUnmanaged(intent, user)) {
    return { kind: 'unmanaged', user, met, covering: [], open: solver.open(met, covering), administers };
  }
  const owner = entry === undefined ? context.ownerOf(user) : undefined;
  const reached = owner === undefined ? [] : solver.open(met, covering);
  if (owner !== undefined && reached.length > 0) {
    const refusals = [foreignRefusal(user, owner, reached)];
    return { kind: 'refused', user, met, covering: [], refusals, administers, escalates: false };
  }
  const solved: Solved = roleSolver(holder.roles, covering);
  const escalation = solved.open.filter(({ technique }) => technique.kind === 'escalation');
  const same = sameRoles(user.roles, solved.roles);
  const ended = context.exemptions.endedFor(user);
  if (ended !== undefined && !(same && solved.open.length === 0)) {
    const refusals = [endedRefusal(ended, solver.open(met, covering))];
    return { kind: 'refused', user, met, covering: [], refusals, administers, escalates: false };
  }
  if (escalation.length > 0) {
    const refusals = [escalationRefusal(user, rolesFor(context, solved.remains, escalation), escalation)];
    return { kind: 'refused', user, met, covering: [], refusals, administers, escalates: true };
  }
  const after = same ? user : { ...user, roles: solved.roles };
  return {
    kind: 'operated',
    user: after,
    met: solved.met,
    covering,
    open: solved.open,
    remains: solved.remains,
    administers: false,
  };
}

export function undecidedOf(context: SolverContext, resolution: Resolution): readonly Undecided[] {
  if ((resolution.kind !== 'operated' && resolution.kind !== 'unmanaged') || resolution.open.length === 0) return [];
  const { user, open } = resolution;
  const untouched = (): readonly Remains[] =>
    canonicalRoleRefs(user.roles).map((of) => ({ of, met: context.bits.of(of) }));
  const roles = rolesFor(context, resolution.kind === 'operated' ? resolution.remains : untouched(), open);
  const key = `${roles.map(roleKey).join('\n')}\n\n${open.map(({ technique, demand }) => `${technique.id} ${demand.on}`).join('\n')}`;
  const known = context.alternatives.get(key);
  const alternatives = known ?? roles.map((role) => alternativeTo(role, open, context.graph, context.universe));
  context.alternatives.set(key, alternatives);
  return [{ user, open, roles, alternatives, unmanaged: resolution.kind === 'unmanaged' }];
}

/** The roles among these of which what remains serves one of the ways. */
function rolesFor(
  { solver }: SolverContext,
  remains: readonly Remains[],
  open: readonly OpenTechnique[],
): readonly RoleRef[] {
  const needed = open
    .flatMap(({ technique }) => technique.requires)
    .reduce((sum, requirement) => sum | solver.bitsOf(requirement), 0n);
  return remains.filter(({ met }) => (met & needed) !== 0n).map(({ of }) => of);
}

export function sameRoles(a: readonly RoleRef[], b: readonly RoleRef[]): boolean {
  if (a === b) return true;
  const keys = (refs: readonly RoleRef[]): string => canonicalRoleRefs(refs).map(roleKey).join('\n');
  return keys(a) === keys(b);
}
