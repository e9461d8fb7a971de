/** What looks dangerous about the roles that somebody holds, in words for a comment. */
import { allows } from '../model/decision.ts';
import type { RoleGraph } from '../model/graph.ts';
import { type RoleRef, roleKey } from '../model/names.ts';
import { databaseTarget } from '../model/resource.ts';

/** A database that nobody has: what reaches it reaches every database. */
const ANY_DATABASE = ' any ';

export function dangersOf(graph: RoleGraph): (refs: readonly RoleRef[]) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (refs) => {
    const key = refs.map(roleKey).join('\n');
    const found = known.get(key) ?? look(graph, refs);
    known.set(key, found);
    return found;
  };
}

function look(graph: RoleGraph, refs: readonly RoleRef[]): readonly string[] {
  const privileges = graph.privileges(refs);
  const on = (db: string, ...actions: readonly string[]): boolean =>
    actions.some((action) => allows(privileges, action, databaseTarget(db)));
  if (on('admin', 'grantRole')) return ['can grant itself anything, root included'];
  return [
    ...(on(ANY_DATABASE, 'insert', 'update', 'remove') ? ['can change data in every database'] : []),
    ...(on(ANY_DATABASE, 'dropDatabase', 'dropCollection') ? ['can drop data in every database'] : []),
    ...(on('admin', 'changePassword') ? ['can set passwords in admin, and be whoever is there'] : []),
    ...(on(ANY_DATABASE, 'find') ? ['can read every database'] : []),
    ...(on('local', 'find') ? ['can read the oplog, and in it what is written anywhere'] : []),
  ];
}
