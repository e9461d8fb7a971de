/** The last stage: why the restrictions can't be carried out as they stand. A plan with a refusal is never applied. */

import type { Demand } from '../../access/violations/demand.ts';
import type { Database } from '../../state/state.ts';
import type { Collected } from './collect.ts';
import type { ManagedRole } from './managed-roles.ts';
import { refuseLockingOut, refuseOperator } from './refuse-lockouts.ts';
import { takenNames, tooLarge } from './refuse-managed-roles.ts';
import { refuseTakeovers } from './refuse-takeovers.ts';
import { at, forgedRefusal, type Refusal } from './restriction-refusal.ts';
import type { SolvedAccounts } from './solve-accounts.ts';

export function refuse(
  { operator, objects, forged, roles, demands, databases }: Collected,
  solved: SolvedAccounts,
  managed: readonly ManagedRole[],
): readonly Refusal[] {
  return [
    ...solved.resolutions.flatMap((resolution) => (resolution.kind === 'refused' ? resolution.refusals : [])),
    ...refuseLockingOut(solved),
    ...refuseOperator(solved, operator),
    ...refuseTakeovers(solved),
    ...forged.map(forgedRefusal),
    ...takenNames(managed, roles, objects),
    ...tooLarge(managed),
    ...unknownCollections(demands, databases),
  ];
}

/** Collections of a protected database that nobody could list: a wildcard over them can't be written out. */
function unknownCollections(demands: readonly Demand[], databases: readonly Database[]): Refusal[] {
  const unknown = new Set(databases.flatMap(({ name, collections }) => (collections === undefined ? [name] : [])));
  const first = new Map(
    demands
      .filter(({ remedy, db, on }) => remedy === 'rewrite' && unknown.has(db) && on !== `${db}.*`)
      .map((each) => [each.db, each]),
  );
  return [...first].map(([db, demand]) => ({
    target: db,
    message: `the collections of ${db} are unknown, so that grants on all of them can't be written out without ${demand.on}`,
    ...at(demand),
  }));
}
