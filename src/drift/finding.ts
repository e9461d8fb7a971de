/** What a drift report says: one thing that is not as the policy wants it. */
import type { Origin } from '../policy/intent.ts';
import type { DriftRuleName } from './rules.ts';

export const FINDING_KINDS = [
  'missing',
  'changed',
  'orphaned',
  'unrecorded',
  'obstacle',
  'protection',
  'restriction',
  'uncovered',
  'stranger',
  'server',
  'demand',
  'break-glass',
  'encryption',
  'attestation',
  'migration',
  'accepted-risk',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export interface DriftFinding {
  readonly kind: FindingKind;
  /** `family/what`, the same word that the linter uses for it. */
  readonly rule: DriftRuleName;
  readonly severity: 'error' | 'warning' | 'info';
  /** `name@db`, `db.collection`, `cluster`, or a control that is declared. */
  readonly target: string;
  readonly message: string;
  /**
   * What tells it apart from other findings of its rule and target; absent: both its states, else what the message says. No days, and no counts
   * that are others tomorrow.
   */
  readonly identity?: readonly string[];
  /** The grant path: user, roles, privilege. */
  readonly path?: readonly string[];
  /** The target as it is and as the policy wants it, for a text difference. */
  readonly states?: { readonly before: unknown; readonly after: unknown };
  /** The line of the policy that it goes against. */
  readonly origin?: Origin;
}
