/** Privileges in a migration's file: resources with the same actions stand together, as short as a reviewer can read them. */

import type { FilePrivilege } from '../../generated/migration.ts';
import { groupBy } from '../../model/keyed.ts';
import { sortedSet } from '../../model/order.ts';
import type { Privilege } from '../../model/privilege.ts';
import { formatResource, parseResource, type Resource, resourceKey } from '../../model/resource.ts';
import { ChainBreak } from './chain-break.ts';
import { block, type FilePart, items, line } from './file-parts.ts';

/** A single one, or one whose names can't be told apart with blanks between them, is written out. */
export function printPrivileges(privileges: readonly Privilege[]): FilePart {
  const [short, long] = [privileges.filter(isShort), privileges.filter((privilege) => !isShort(privilege))];
  const groups = [...groupBy(short, ({ actions }) => sortedSet(actions).join(' '))];
  return items([
    ...groups.flatMap(([actions, list]) =>
      list.length === 1
        ? list.map((privilege) => line(privilege))
        : [block({ on: list.map(({ resource }) => shortText(resource)).join(' '), actions })],
    ),
    ...long.map((privilege) => line(privilege)),
  ]);
}

function isShort({ resource, actions }: Privilege): boolean {
  const text = shortText(resource);
  const again = parseShort(text);
  const same = again !== undefined && resourceKey(again) === resourceKey(resource);
  return same && SHORT.test(text) && actions.every((action) => /^\w+$/.test(action));
}

/** Names with other signs are written out. */
const SHORT = /^(?:system_buckets:)?[\w.*$-]+$/;
const BUCKETS = 'system_buckets:';

/** As a policy says it; buckets, for which a policy has the document only, as `system_buckets:shop.*`. */
function shortText(resource: Resource): string {
  if (!('system_buckets' in resource)) return formatResource(resource);
  return `${BUCKETS}${formatResource({ db: resource.db, collection: resource.system_buckets })}`;
}

function parseShort(text: string): Resource | undefined {
  if (!text.startsWith(BUCKETS)) return parseResource(text);
  const inside = parseResource(text.slice(BUCKETS.length));
  if (inside === undefined || !('collection' in inside)) return undefined;
  return { db: inside.db, system_buckets: inside.collection };
}

export function parsePrivileges(entries: readonly FilePrivilege[], key: string): readonly Privilege[] {
  return entries.flatMap(({ resource, on, actions }, index): Privilege[] => {
    if (resource !== undefined && on === undefined && typeof actions !== 'string') return [{ resource, actions }];
    if (resource !== undefined || on === undefined || typeof actions !== 'string') {
      throw new ChainBreak('a privilege has a "resource" and a list of actions, or "on" and actions as one text', [
        key,
        index,
      ]);
    }
    const names = words(actions);
    return words(on).map((text) => ({ resource: resourceOf(text, [key, index]), actions: names }));
  });
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function resourceOf(text: string, path: readonly (string | number)[]): Resource {
  const resource = parseShort(text);
  if (resource === undefined) throw new ChainBreak(`"${text}" is no resource`, path);
  return resource;
}
