/**
 * What has to be taken from an account so that no way is left to it. A way takes everything that it requires, so that
 * one requirement less closes it. Only what is held at the protected database can be taken: what a way requires elsewhere
 * (the oplog, `currentOp`, grants in `admin`) is needed for other things, and a person has to decide about it.
 */

import { RequirementBits } from '../../access/requirement-bits.ts';
import type { Requirement, Technique } from '../../access/techniques.ts';
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
      technique.requires.flatMap((q) => [q, part(q, db, 'there'), part(q, db, 'elsewhere')]),
    ),
  );
  const bits = new RequirementBits([...requirements, ...besides]);
  const revocations = new Map<string, Revocation>();
  const prepare = (demand: Demand, requirement: Requirement): PreparedRequirement => {
    const there = part(requirement, demand.db, 'there');
    const { on, all } = demand;
    const key = `${there.action} on ${there.on}${all === undefined ? '' : `, and everything on ${on}`}`;
    const id = 1n << BigInt(revocations.size);
    const revocation = revocations.get(key) ?? {
      requirement: there,
      on,
      key,
      bit: bits.maskOf([there]),
      id,
      ...(all && { all }),
    };
    revocations.set(key, revocation);
    const metElsewhere = bits.maskOf([part(requirement, demand.db, 'elsewhere')]);
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

/** The part of a requirement that is met at the database, or everywhere else. */
function part(requirement: Requirement, db: string, where: 'there' | 'elsewhere'): Requirement {
  const { action, on } = requirement;
  if (db === 'admin' && isAboutAccounts(requirement)) {
    if (where === 'elsewhere') return { ...requirement, on: `${on}, outside ${db}` };
    return { action, on: `${on}, in ${db}`, reaches: () => false };
  }
  if (where === 'there') {
    const reaches = (resource: Resource): boolean => touches(resource, db) && requirement.reaches(resource);
    return { action, on: `${on}, in ${db}`, reaches };
  }
  const outside = OUTSIDE.filter((resource) => !('db' in resource) || resource.db !== db);
  const someElsewhere = outside.some((resource) => requirement.reaches(resource));
  const reaches = (resource: Resource): boolean =>
    someElsewhere &&
    requirement.reaches(resource) &&
    !within(resource, db) &&
    reachesOutside(resource, db, requirement);
  return { action, on: `${on}, outside ${db}`, reaches };
}

/** What is granted in `admin` is about the accounts of the whole cluster, also where `admin` is the protected database. */
function isAboutAccounts({ action, reaches }: Requirement): boolean {
  if (ACCOUNT_ACTIONS.has(action)) return true;
  return ['system.users', 'system.roles', 'system.version'].some(
    (collection) => reaches({ db: 'admin', collection }) && !reaches({ db: 'admin', collection: 'any' }),
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

function touches(resource: Resource, db: string): boolean {
  return 'anyResource' in resource || ('db' in resource && (resource.db === '' || resource.db === db));
}

function within(resource: Resource, db: string): boolean {
  return 'db' in resource && resource.db === db;
}

/** Whether a wildcard over databases meets the requirement by another one than that. */
function reachesOutside(resource: Resource, db: string, requirement: Requirement): boolean {
  if (!('db' in resource) || resource.db !== '') return true;
  // A wildcard over collections never reaches local and config.
  const wildcard = 'collection' in resource && resource.collection === '';
  const others = wildcard ? ['admin', ANY_OTHER] : ['admin', 'local', 'config', ANY_OTHER];
  return others.some((other) => other !== db && requirement.reaches({ ...resource, db: other }));
}

/** No database has this name: where a requirement reaches it, it reaches any. */
const ANY_OTHER = ' any other ';

/** Places outside of a protected database, of which every requirement that can be met outside reaches one. */
const OUTSIDE: readonly Resource[] = [
  { cluster: true },
  ...['admin', 'local', 'config', ANY_OTHER].flatMap((db) => [
    { db, collection: '' },
    { db, collection: 'any' },
    { db, collection: 'system.views' },
  ]),
  ...['system.users', 'system.roles', 'system.version'].map((collection) => ({ db: 'admin', collection })),
  { db: 'local', collection: 'oplog.rs' },
  ...['transactions', 'chunks'].map((collection) => ({ db: 'config', collection })),
];
