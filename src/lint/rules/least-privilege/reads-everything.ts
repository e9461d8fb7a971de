import { formatRole } from '../../../model/names.ts';
import { collectionTarget, covers, formatResource, type Resource } from '../../../model/resource.ts';
import type { LintRule } from '../../rule.ts';
import { builtinLines } from './exposed.ts';

const OPLOG = collectionTarget({ db: 'local', collection: 'oplog.rs' });

/** What built-in roles give to read; `usual` ones are what tools of that kind are given by their makers' manuals. */
const BUILTIN: Readonly<Record<string, { readonly reads: string; readonly usual?: true }>> = {
  'readAnyDatabase@admin': { reads: 'every collection of every database' },
  'read@local': { reads: 'in the oplog whatever anybody writes, in any database' },
  'backup@admin': { reads: 'every collection and the hashes of all passwords', usual: true },
  'clusterMonitor@admin': { reads: 'in the oplog whatever anybody writes, in any database', usual: true },
};

export const readsEverything: LintRule = {
  kind: 'checks',
  name: 'least-privilege/reads-everything',
  description: 'A role gives every collection, or the oplog, to read',
  recommended: 'warning',
  source: 'tried on a MongoDB 4.4 server: the oplog holds every document that is written, whichever database it is for',
  check: (context) => {
    const told = context.isTold;
    const custom = context.privilegeLines().flatMap(({ entry, privilege: { resource, actions }, at }) => {
      const reads = actions.includes('find') && !told(at) ? reachOf(resource) : undefined;
      return reads === undefined ? [] : [{ message: say(`whoever holds ${formatRole(entry.role)}`, reads), at }];
    });
    const builtin = builtinLines(context).flatMap(({ role, to, at }) => {
      const known = BUILTIN[formatRole(role)];
      if (known === undefined || told(at)) return [];
      const message = say(to, `by ${formatRole(role)} ${known.reads}`);
      return [{ message, at, ...(known.usual && { severity: 'info' as const }) }];
    });
    return [...custom, ...builtin];
  },
};

/** What `find` on it gives to read, if that is more than an application's own; `any` has a rule of its own. */
function reachOf(resource: Resource): string | undefined {
  if ('anyResource' in resource) return undefined;
  if (covers(resource, OPLOG)) {
    return `whatever anybody writes, in any database: find on ${formatResource(resource)} shows the oplog`;
  }
  if (!('collection' in resource) || resource.db !== '') return undefined;
  if (resource.collection === '') return 'every collection of every database: find on *.*';
  return resource.collection === 'system.profile'
    ? 'the queries and documents of every database that is profiled: find on *.system.profile'
    : undefined;
}

function say(who: string, reads: string): string {
  return `${who} reads ${reads}. Name the databases or collections that it needs, and keep what it may not see out of reach`;
}
