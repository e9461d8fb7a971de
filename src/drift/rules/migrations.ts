/** What the folder of migrations has in store. */
import type { DriftRule } from './rule.ts';

export const MIGRATION_RULES = [
  {
    name: 'migration/pending',
    severity: 'warning',
    description: 'A migration file is still to be applied',
    danger: 'What was reviewed does not hold yet.',
    remedy: '`migrate apply` applies it.',
  },
  {
    name: 'migration/edited',
    severity: 'error',
    description: 'A migration file is not as `mongoward.sum` or the journal says, or is missing',
    danger: 'What is in the file is not what was reviewed, or not what ran.',
    remedy: 'Bring the file back from the history. After a merge `migrate rebase` repairs the sum.',
  },
  {
    name: 'migration/unfit',
    severity: 'error',
    description: 'Somebody has changed what a pending file is about',
    danger: "The file can't be applied as it was reviewed.",
    remedy: 'Delete the file and plan anew with `migrate new`.',
  },
  {
    name: 'migration/misleading',
    severity: 'error',
    description: 'The comments or the head of a pending file say something else than its operations do',
    danger: 'Whoever reviews the head approves something else than what runs.',
    remedy: 'Delete the file and plan anew with `migrate new`.',
  },
  {
    name: 'migration/violating',
    severity: 'error',
    description: 'What a pending file would leave violates a policy of the run',
    danger: 'Once it is applied an account can do what the policy rules out.',
    remedy: 'Delete the file, and change the policy that it was planned from.',
  },
] as const satisfies readonly DriftRule[];
