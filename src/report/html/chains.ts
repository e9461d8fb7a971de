/** What the names on a grant path are: the account, its roles, the account that it becomes, the privilege at the end. */
import type { GraphNode } from './graph.ts';

/**
 * `accounts`: the names of all. What follows an account is a role that it holds, also where an account bears the same
 * name; what follows a role is an account if one is called so.
 */
export function chainNodes(path: readonly string[], accounts: ReadonlySet<string>): readonly GraphNode[] {
  const nodes: GraphNode[] = [];
  for (const [at, label] of path.entries()) {
    const isPrivilege = at === path.length - 1 && at > 0 && / on /.test(label);
    const isAccount = at === 0 || (nodes.at(-1)?.kind !== 'account' && accounts.has(label));
    nodes.push({ kind: isPrivilege ? 'privilege' : isAccount ? 'account' : 'role', label });
  }
  return nodes;
}
