/** The table of rules. Each has a page of its name in docs/rules/. */
import type { LintRule } from './rule.ts';
import { access } from './rules/protection/access.ts';
import { appendOnly } from './rules/protection/append-only.ts';
import { readOnly } from './rules/protection/read-only.ts';
import { REPORTED } from './rules/reported.ts';

export const RULES: readonly LintRule[] = [...REPORTED, appendOnly, readOnly, access];
