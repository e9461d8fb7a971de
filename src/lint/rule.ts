/** What a lint rule is. */
import type { Intent } from '../policy/intent.ts';
import type { Problem } from '../policy/problem.ts';

export interface LintRule {
  /** `family/what`; a rule that tells several things apart names them in its findings. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Everything in the policy that goes against the rule. `today` is `YYYY-MM-DD`. */
  check(intent: Intent, today: string): readonly Problem[];
}
