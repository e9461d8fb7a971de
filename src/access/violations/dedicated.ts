/** Databases that are for one collection alone, against what else lives there. */
import { formatNamespace } from '../../model/names.ts';
import type { Intent } from '../../policy/intent.ts';
import type { ClusterState } from '../../state/state.ts';
import { encryptedStateOf } from '../circumstances.ts';
import { AT_ACCOUNT, type Violation } from './violation.ts';

export function dedicatedViolations({ policy, collections }: Intent, { databases }: ClusterState): Violation[] {
  return collections.flatMap(({ ns, dedicatedDatabase, origin }): Violation[] => {
    if (!dedicatedDatabase) return [];
    const database = databases?.find(({ name }) => name === ns.db);
    const collections = database?.collections ?? [];
    const own = collections.find(({ name }) => name === ns.collection);
    const state = Object.values((own && encryptedStateOf(own)) ?? {});
    const others = collections
      .map(({ name }) => name)
      .filter((name) => name !== ns.collection && !name.startsWith('system.') && !state.includes(name));
    if (others.length === 0) return [];
    return [
      {
        rule: 'protection/dedicated-database',
        policy,
        origin,
        severity: 'error',
        vulnerability: false,
        target: ns.db,
        on: formatNamespace(ns),
        outcomes: [],
        objects: others.map((collection) => formatNamespace({ db: ns.db, collection })),
        path: [],
        mend: AT_ACCOUNT,
        fact: `${ns.db} is for ${formatNamespace(ns)} alone, and holds ${others.join(', ')} too`,
        advice: 'Move them to another database',
      },
    ];
  });
}
