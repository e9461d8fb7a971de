/** Audit trails among the collections of a policy. */
import type { IntentCollection } from '../../policy/intent.ts';

/** Written once and never changed. */
export function isTrail({ protection }: IntentCollection): boolean {
  return protection === 'append-only';
}

/** As the audit-trail guide builds one: in a database of its own. What the guide demands besides is then looked for. */
export function isGuidedTrail(entry: IntentCollection): boolean {
  return isTrail(entry) && entry.dedicatedDatabase;
}
