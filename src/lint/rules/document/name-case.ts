import { parseNamespace } from '../../../model/names.ts';
import type { Origin } from '../../../policy/intent.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

export const nameCase: LintRule = {
  kind: 'checks',
  name: 'document/name-case',
  description: 'Two databases of the policy differ by upper and lower case only',
  recommended: 'error',
  source: "MongoDB's manual, “Naming Restrictions”: the server refuses it, DatabaseDifferCase",
  check: (context) => {
    const { intent } = context;
    const spelled = new Map<string, { readonly db: string; readonly origin: Origin }>();
    const findings: RuleFinding[] = [];
    const looked = new Set<string>();
    // An adopted role says what the cluster has: that it grants nothing must not stand in the way of everything else.
    const look = (db: string, origin: Origin, adopted = false): void => {
      if (looked.has(db)) return;
      looked.add(db);
      const first = spelled.get(db.toLowerCase());
      if (first === undefined) spelled.set(db.toLowerCase(), { db, origin });
      else {
        const { file, line } = first.origin();
        const message = `the database "${db}" is written "${first.db}" in ${file}:${line}. MongoDB refuses to have both, because they differ by case only. What the policy says of one of them has no effect. Write the name the same way`;
        findings.push({ message, at: origin, ...(adopted && { severity: 'warning' }) });
      }
    };
    for (const { ns, encryption, origin } of intent.collections) {
      look(ns.db, origin);
      const vault = parseNamespace(encryption?.keyVault ?? '');
      if (vault !== undefined) look(vault.db, () => origin('encryption', 'keyVault'));
    }
    for (const { role, origin, adopted } of intent.roles) look(role.db, origin, adopted);
    for (const { grants, adopted } of [...intent.roles, ...intent.users]) {
      for (const grant of grants) {
        if (grant.kind === 'role') look(grant.role.db, grant.origin, adopted);
        else if ('db' in grant.privilege.resource) look(grant.privilege.resource.db, grant.origin, adopted);
      }
    }
    for (const { on, origin } of intent.restrictions) {
      for (const [index, place] of on.entries()) {
        const ns = parseNamespace(place);
        if (ns !== undefined) look(ns.db, partOf(context, origin, ['on', index]));
      }
    }
    return findings;
  },
};
