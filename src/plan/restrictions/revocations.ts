/**
 * What has to be taken from an account so that no way is left to it. A way takes everything that it requires, so that
 * one requirement less closes it. Only what is held at the protected database can be taken: what a way requires elsewhere
 * (the oplog, `currentOp`, grants in `admin`) is needed for other things, and a person has to decide about it.
 */

import { RequirementBits } from '../../access/requirement-bits.ts';
import { NOTHING, reaches, splitScope } from '../../access/scope.ts';
import { type Requirement, requirementKey, type Technique } from '../../access/techniques.ts';
import type { Demand } from '../../access/violations/demand.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { Privilege } from '../../model/privilege.ts';
import type { Resource } from '../../model/resource.ts';

/** An action that is taken from whoever holds it there. */
export interface Revocation {
  readonly requirement: Requirement;
  readonly on: string;
  /** One text for each, the same in every run. */
  readonly key: string;
  readonly bit: bigint;
  /** A bit of its own among the cuts. */
  readonly id: bigint;
  /** What goes with it, whatever the action: see {@link Demand}. */
  readonly all?: (resource: Resource) => boolean;
}

export interface OpenTechnique {
  readonly demand: Demand;
  readonly technique: Technique;
}

/** What is to be done about whoever holds so much: what to take, for the sake of which outcomes. */
export interface Solution {
  readonly revocations: ReadonlyMap<Revocation, ReadonlySet<Outcome>>;
  /** The ways that nothing at the protected databases closes. */
  readonly stuck: readonly OpenTechnique[];
}

/** Answers are shared: whoever gets one must not change it. */
export interface RestrictionSolver {
  /** The requirements that these privileges meet, and the cuts that touch them. */
  metBy(privileges: readonly Privilege[]): bigint;
  /** The ways of these demands that are open to whoever meets that much. */
  open(met: bigint, demands: readonly Demand[]): readonly OpenTechnique[];
  /** The fewest cuts, as far as can be told way by way, that close them. */
  solve(met: bigint, demands: readonly Demand[]): Solution;
  /** The bits of one of the requirements that were given besides those of the demands. */
  bitsOf(requirement: Requirement): bigint;
}

interface PreparedRequirement {
  readonly requirement: Requirement;
  readonly met: bigint;
  /** Whether it is still met when everything at the protected database is gone. */
  readonly metElsewhere: bigint;
  readonly revocation: Revocation;
}

interface PreparedTechnique {
  readonly open: OpenTechnique;
  readonly met: bigint;
  readonly requires: readonly PreparedRequirement[];
  readonly outcomes: readonly Outcome[];
}

/** `besides`: requirements that are no part of a demand, and are asked about all the same. */
export function prepareSolver(demands: readonly Demand[], besides: readonly Requirement[] = []): RestrictionSolver {
  const requirements = demands.flatMap(({ techniques, db }) =>
    techniques.flatMap((technique) =>
      technique.requires.flatMap((requirement) => {
        const { at, beyond } = split(requirement, db);
        return [requirement, at, beyond];
      }),
    ),
  );
  const bits = new RequirementBits([...requirements, ...besides]);
  const revocations = new Map<string, Revocation>();
  const prepare = (demand: Demand, requirement: Requirement): PreparedRequirement => {
    const { at, beyond } = split(requirement, demand.db);
    const { on, all } = demand;
    const key = `${requirementKey(at)}${all === undefined ? '' : `, and everything on ${on}`}`;
    const id = 1n << BigInt(revocations.size);
    const revocation = revocations.get(key) ?? {
      requirement: at,
      on,
      key,
      bit: bits.maskOf([at]),
      id,
      ...(all && { all }),
    };
    revocations.set(key, revocation);
    const metElsewhere = bits.maskOf([beyond]);
    return { requirement, met: bits.maskOf([requirement]), metElsewhere, revocation };
  };
  const prepared = new Map(
    demands.map((demand) => [
      demand,
      demand.techniques.map(
        (technique): PreparedTechnique => ({
          open: { demand, technique },
          met: bits.maskOf(technique.requires),
          requires: technique.requires.map((requirement) => prepare(demand, requirement)),
          outcomes: technique.outcomes.filter((outcome) => demand.deny.includes(outcome)),
        }),
      ),
    ]),
  );
  const numbers = new Map(demands.map((demand, number) => [demand, number]));
  // Accounts with the same rights and the same demands are one case.
  const remember = <T>(
    work: (met: bigint, asked: readonly Demand[]) => T,
  ): ((met: bigint, asked: readonly Demand[]) => T) => {
    const known = new Map<string, Map<bigint, T>>();
    return (met, asked) => {
      const id = asked.map((demand) => numbers.get(demand)).join(' ');
      const byMet = known.get(id) ?? new Map<bigint, T>();
      known.set(id, byMet);
      const before = byMet.get(met);
      if (before !== undefined) return before;
      const made = work(met, asked);
      byMet.set(met, made);
      return made;
    };
  };
  const waysOf = (asked: readonly Demand[], met: bigint): readonly PreparedTechnique[] =>
    asked
      .flatMap((demand) => prepared.get(demand) ?? [])
      .filter((technique) => (met & technique.met) === technique.met);
  return {
    metBy: (privileges) => bits.metBy(privileges),
    bitsOf: (requirement) => bits.maskOf([requirement]),
    open: remember((met, asked) => waysOf(asked, met).map(({ open }) => open)),
    solve: remember((met, asked) => chooseRevocations(waysOf(asked, met), met)),
  };
}

/** The ways that leave the least choice come first, so that what must go anyway closes others too. */
function chooseRevocations(techniques: readonly PreparedTechnique[], met: bigint): Solution {
  const stuck: OpenTechnique[] = [];
  const chosen = new Map<Revocation, Set<Outcome>>();
  const choices = techniques
    .map((technique) => ({
      technique,
      candidates: technique.requires.filter(({ metElsewhere }) => (met & metElsewhere) === 0n),
    }))
    .sort((a, b) => a.candidates.length - b.candidates.length);
  for (const { technique, candidates } of choices) {
    const already = candidates.find(({ revocation }) => chosen.has(revocation));
    const cheapest = already ?? candidates.toSorted((a, b) => rank(a.requirement) - rank(b.requirement))[0];
    if (cheapest === undefined) {
      stuck.push(technique.open);
      continue;
    }
    const outcomes = chosen.get(cheapest.revocation) ?? new Set<Outcome>();
    for (const outcome of technique.outcomes) outcomes.add(outcome);
    chosen.set(cheapest.revocation, outcomes);
  }
  return { revocations: chosen, stuck };
}

/** What everyday work needs goes last. */
function rank({ action }: Requirement): number {
  return action === 'insert' ? 2 : action === 'find' || action === 'update' ? 1 : 0;
}

/** A requirement as far as it is met at the database, and as far as it is met beyond. */
function split(requirement: Requirement, db: string): { readonly at: Requirement; readonly beyond: Requirement } {
  const { action, on } = requirement;
  if (db === 'admin' && isAboutAccounts(requirement)) return { at: { action, on: NOTHING }, beyond: requirement };
  const { at, beyond } = splitScope(on, db);
  return { at: { action, on: at }, beyond: { action, on: beyond } };
}

/** What is granted in `admin` is about the accounts of the whole cluster, also where `admin` is the protected database. */
function isAboutAccounts({ action, on }: Requirement): boolean {
  if (ACCOUNT_ACTIONS.has(action)) return true;
  return ['system.users', 'system.roles', 'system.version'].some(
    (collection) => reaches(on, { db: 'admin', collection }) && !reaches(on, { db: 'admin', collection: 'any' }),
  );
}

const ACCOUNT_ACTIONS = new Set([
  'changePassword',
  'dropRole',
  'dropUser',
  'grantRole',
  'revokeRole',
  'setAuthenticationRestriction',
]);
