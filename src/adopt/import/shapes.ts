/** Roles, privileges and restrictions as MongoDB's commands take them, read from nodes; a sentence where they are none. */
import type { RoleRef } from '../../model/names.ts';
import type { Privilege } from '../../model/privilege.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthenticationRestriction } from '../../model/role.ts';
import { isSecretName } from '../../policy/secrets.ts';
import { firstUnresolved, listOf, mapOf, type Node, textOf } from './node.ts';

/** What could not be read of a value, with its line. */
export class Unreadable extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Throws an {@link Unreadable} for a value that only the other tool could work out. */
export function refuseUnresolved(value: Node, what: string): void {
  const found = firstUnresolved(value);
  if (found === undefined) return;
  throw new Unreadable(found.line, `${what} is ${short(found.data.unresolved)}, which is not known here`);
}

const LONGEST = 60;

const QUOTED = /(["'])((?:\\.|(?!\1)[^\\])*)\1/g;

/** For a sentence: on one line, without texts that stand beside the name of a secret, or have texts in themselves. */
export function short(text: string): string {
  const isSecret = (text.match(/\w+/g) ?? []).some(isSecretName);
  const line = text
    .replaceAll(QUOTED, (whole, quote: string, inside: string) =>
      isSecret || /["'].*["']/s.test(inside) ? `${quote}…${quote}` : whole,
    )
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function items(value: Node, what: string): readonly Node[] {
  refuseUnresolved(value, `something in ${what}`);
  const list = listOf(value);
  if (list === undefined) throw new Unreadable(value.line, `${what} is no list`);
  return list;
}

function text(value: Node | undefined, line: number, what: string): string {
  const found = textOf(value);
  if (found === undefined) throw new Unreadable(value?.line ?? line, `${what} is no text`);
  return found;
}

/**
 * By name alone a role is one of the database that the command goes to. The server takes no notice of other fields (tried
 * on 5.1: `collection` grants the role on the whole database).
 */
export function readRoles(value: Node, db: string): readonly RoleRef[] {
  return items(value, 'its roles').map((item) => {
    const name = textOf(item);
    if (name !== undefined) return { role: name, db };
    const fields = mapOf(item);
    const role = fields?.get('role') ?? fields?.get('name');
    if (fields === undefined || role === undefined) throw new Unreadable(item.line, 'a role has no name');
    const home = fields.get('db');
    return {
      role: text(role, item.line, 'the name of a role'),
      db: home === undefined ? db : text(home, item.line, 'the database of a role'),
    };
  });
}

export function readPrivilegeList(value: Node): readonly Privilege[] {
  return items(value, 'its privileges').map((item) => {
    const resource = mapOf(item)?.get('resource');
    const actions = mapOf(item)?.get('actions');
    if (resource === undefined || actions === undefined) {
      throw new Unreadable(item.line, 'a privilege has no "resource" or no "actions"');
    }
    return { resource: readResource(resource), actions: readTexts(actions, 'an action') };
  });
}

export function readTexts(value: Node, what: string): readonly string[] {
  const single = textOf(value);
  if (single !== undefined) return [single];
  return items(value, what).map((item) => text(item, item.line, what));
}

function readResource(value: Node): Resource {
  const fields = mapOf(value);
  const isTrue = (key: string): boolean => fields?.get(key)?.data === true;
  if (isTrue('cluster')) return { cluster: true };
  if (isTrue('anyResource')) return { anyResource: true };
  const db = fields?.get('db');
  const collection = fields?.get('collection');
  const buckets = fields?.get('system_buckets');
  if (buckets !== undefined) {
    return {
      db: db === undefined ? '' : text(db, value.line, 'a database'),
      system_buckets: text(buckets, value.line, 'a collection'),
    };
  }
  if (db === undefined || collection === undefined)
    throw new Unreadable(value.line, 'a resource has no "db" or no "collection"');
  return { db: text(db, value.line, 'a database'), collection: text(collection, value.line, 'a collection') };
}

export function readRestrictionList(value: Node): readonly AuthenticationRestriction[] {
  return items(value, 'its authentication restrictions').map((item) => {
    const clientSource = mapOf(item)?.get('clientSource');
    const serverAddress = mapOf(item)?.get('serverAddress');
    return {
      ...(clientSource && { clientSource: readTexts(clientSource, 'an address') }),
      ...(serverAddress && { serverAddress: readTexts(serverAddress, 'an address') }),
    };
  });
}
