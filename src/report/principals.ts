/** How reports name who can: accounts, roles that a group could be given, accounts of shards, and whom a policy exempts. */
import type { AskedPrincipal } from '../access/who.ts';
import { type AccessRow, nameOf } from '../access/who-table.ts';
import { nameInPlace } from '../state/shards.ts';
import { type Evidence, exemptToday } from './evidence.ts';

export type Named = Pick<AccessRow, 'name' | 'isRole' | 'shard'>;

export function namedPrincipal(principal: AskedPrincipal): Named {
  return { name: nameOf(principal), isRole: principal.role !== undefined, shard: principal.shard };
}

/** `app@admin`; `whoever is given the role r@db`; `app@admin of shard s0`. */
export function principalName({ name, isRole, shard }: Named): string {
  if (isRole) return `whoever is given the role ${name}`;
  return nameInPlace(name, shard);
}

/** In a column of its own: `user`, `role`, `user of shard s0`. */
export function principalKind({ isRole, shard }: Named): string {
  if (isRole) return 'role';
  return shard === undefined ? 'user' : `user of shard ${shard}`;
}

/** Says of whom a report is that breakGlass exempts it today. Until when and why stands in the evidence. */
export function exemptMarks(evidence: Evidence): (named: Named) => string | undefined {
  const exempt = exemptToday(evidence);
  // An account of a shard is another one than that of the same name that logs in through mongos, and so is a role.
  return ({ name, isRole, shard }) => (!isRole && shard === undefined && exempt.has(name) ? 'break-glass' : undefined);
}
