/** The table of rules that need a compiled policy. What keeps a policy from compiling is reported by the compiler. */
import { protection } from './protection.ts';
import type { LintRule } from './rule.ts';

export const RULES: readonly LintRule[] = [protection];
