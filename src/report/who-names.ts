/** How those who can are called in lists and tables: users, and roles that a group could be given, of the cluster or of a shard. */
import type { AccessRow } from '../access/who-table.ts';
import type { Evidence } from './evidence.ts';
import { exemptMarks } from './who-text.ts';

type Named = Pick<AccessRow, 'name' | 'isRole' | 'shard'>;

export function rowName({ name, isRole, shard }: Named): string {
  const who = isRole ? `whoever is given the role ${name}` : name;
  return shard === undefined ? who : `${who} of shard ${shard}`;
}

/** `user`, `role`, `user of shard sh0`. */
export function rowKind({ isRole, shard }: Named): string {
  return `${isRole ? 'role' : 'user'}${shard === undefined ? '' : ` of shard ${shard}`}`;
}

/**
 * What marks an account that is exempt today. An account of a shard is another one than that of the same name that logs
 * in through mongos.
 */
export function exemptMark(evidence: Evidence): (row: Named) => string | undefined {
  const marks = exemptMarks(evidence);
  return ({ name, isRole, shard }) => (isRole || shard !== undefined ? undefined : marks.get(name));
}
