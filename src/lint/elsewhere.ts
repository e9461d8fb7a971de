/** Objects that two policies define. It may be meant so: the policies may be for different clusters. */
import { formatNamespace, formatRole, formatUser } from '../model/names.ts';
import type { Draft } from '../policy/compile.ts';
import type { Intent, Origin } from '../policy/intent.ts';
import type { Problem } from '../policy/problem.ts';
import type { Level } from './rule.ts';
import { OWNED_TWICE } from './rules/reported.ts';

/** Findings at the definitions of one policy that another one has too. */
export function definedElsewhere(policy: string, drafts: ReadonlyMap<string, Draft>, level: Level): readonly Problem[] {
  const own = drafts.get(policy)?.intent;
  if (own === undefined || drafts.size < 2 || level === 'off') return [];
  const others = new Map<string, { readonly name: string; readonly origin: Origin }>();
  for (const [name, { intent }] of drafts) {
    if (name === policy || intent === undefined) continue;
    for (const { what, origin } of objectsOf(intent)) if (!others.has(what)) others.set(what, { name, origin });
  }
  return objectsOf(own).flatMap(({ what, origin }) => {
    const other = others.get(what);
    if (other === undefined) return [];
    const { file, line } = other.origin();
    const message = `the policy "${other.name}" defines the ${what} too, in ${file}:${line}: on one cluster only one of them can own it, and the other is refused`;
    return [{ rule: OWNED_TWICE, severity: level, message, ...origin() }];
  });
}

function objectsOf({
  roles,
  users,
  collections,
}: Intent): readonly { readonly what: string; readonly origin: Origin }[] {
  return [
    ...roles.map(({ role, origin }) => ({ what: `role ${formatRole(role)}`, origin })),
    ...users.map(({ user, origin }) => ({ what: `user ${formatUser(user)}`, origin })),
    ...collections.map(({ ns, origin }) => ({ what: `collection ${formatNamespace(ns)}`, origin })),
  ];
}
