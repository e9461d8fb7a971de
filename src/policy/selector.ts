/** Whom a restriction is about: accounts by name, by pattern, by a role that they hold. */
import type { RoleGraph } from '../model/graph.ts';
import { getOrMake } from '../model/keyed.ts';
import { formatUser, roleKey } from '../model/names.ts';
import { roleSetKey, type User } from '../model/role.ts';
import type { Intent, UserSelector } from './intent.ts';

/** The keys of all roles that a user holds, inherited ones included, and those in whose place it holds others. */
export type RolesOf = (user: User) => ReadonlySet<string>;

export function selects(selector: UserSelector, user: User, rolesOf: RolesOf): boolean {
  switch (selector.kind) {
    case 'pattern':
      return matchesPattern(selector.pattern, user);
    case 'holding':
      return rolesOf(user).has(roleKey(selector.role));
  }
}

/** Users with the same roles share one answer. */
export function rolesHeld(graph: RoleGraph): RolesOf {
  const known = new Map<string, ReadonlySet<string>>();
  return ({ roles }) => getOrMake(known, roleSetKey(roles), () => new Set(graph.closure(roles).map(roleKey)));
}

/** Whether others manage the account: it is watched, and never changed. */
export function isUnmanaged({ unmanaged }: Pick<Intent, 'unmanaged'>, user: User): boolean {
  return unmanaged.some((pattern) => matchesPattern(pattern, user));
}

/** `*` stands for any run of characters of `name@db`, also for none. */
export function matchesPattern(pattern: string, user: User): boolean {
  return pattern === '*' || matchesText(pattern, formatUser(user));
}

/** Without regular expressions, which a pattern of many asterisks could make slow. */
export function matchesText(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return text === pattern;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
