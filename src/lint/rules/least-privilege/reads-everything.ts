import { formatRole } from '../../../model/names.ts';
import { collectionTarget, covers, formatResource, type Resource } from '../../../model/resource.ts';
import type { LintRule } from '../../rule.ts';
import { builtinLines } from './exposed.ts';

const OPLOG = collectionTarget({ db: 'local', collection: 'oplog.rs' });

/** What built-in roles give to read; `usual` ones are what tools of that kind are given by their makers' manuals. */
const BUILTIN: Readonly<Record<string, { readonly reads: string; readonly usual?: true }>> = {
  'readAnyDatabase@admin': { reads: 'every collection of every database' },
  'read@local': { reads: 'whatever anybody writes, in any database, in the oplog' },
  'backup@admin': { reads: 'every collection and the hashes of all passwords', usual: true },
  'clusterMonitor@admin': { reads: 'whatever anybody writes, in any database, in the oplog', usual: true },
};

export const readsEverything: LintRule = {
  kind: 'checks',
  name: 'least-privilege/reads-everything',
  description: 'A role can read every collection, or the oplog',
  recommended: 'warning',
  source: 'tried on a MongoDB 4.4 server: the oplog holds every document that is written, whichever database it is for',
  check: (context) => {
    const told = context.isTold;
    const custom = context.privilegeLines().flatMap(({ entry, privilege: { resource, actions }, at }) => {
      const reads = actions.includes('find') && !told(at) ? reachOf(resource) : undefined;
      return reads === undefined
        ? []
        : [
            {
              message: say(`whoever holds ${formatRole(entry.role)}`, reads, `find on ${formatResource(resource)}`),
              at,
            },
          ];
    });
    const builtin = builtinLines(context).flatMap(({ role, to, at }) => {
      const known = BUILTIN[formatRole(role)];
      if (known === undefined || told(at)) return [];
      const message = say(to, known.reads, formatRole(role));
      return [{ message, at, ...(known.usual && { severity: 'info' as const }) }];
    });
    return [...custom, ...builtin];
  },
};

/** What `find` on it gives to read, if that is more than an application's own; `any` has a rule of its own. */
function reachOf(resource: Resource): string | undefined {
  if ('anyResource' in resource) return undefined;
  if (covers(resource, OPLOG)) {
    return 'whatever anybody writes, in any database, in the oplog';
  }
  if (!('collection' in resource) || resource.db !== '') return undefined;
  if (resource.collection === '') return 'every collection of every database';
  return resource.collection === 'system.profile'
    ? 'the queries and documents of every database that is profiled'
    : undefined;
}

function say(who: string, reads: string, through: string): string {
  return `${who} can read ${reads}, through ${through}. Name the databases or collections that it needs`;
}
