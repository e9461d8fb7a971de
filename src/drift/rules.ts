/** The table of what a drift report can find. docs/findings.md is written from it, and `policy explain` reads it. */
import { ACCESS_RULES } from './rules/access.ts';
import { CLUSTER_RULES } from './rules/cluster.ts';
import { DEADLINE_RULES } from './rules/deadlines.ts';
import { DIFFERENCE_RULES } from './rules/differences.ts';
import { ENCRYPTION_RULES } from './rules/encryption.ts';
import { MIGRATION_RULES } from './rules/migrations.ts';
import type { DriftRule } from './rules/rule.ts';

export type { DriftRule } from './rules/rule.ts';

const RULES = [
  ...DIFFERENCE_RULES,
  ...ACCESS_RULES,
  ...CLUSTER_RULES,
  ...ENCRYPTION_RULES,
  ...DEADLINE_RULES,
  ...MIGRATION_RULES,
] as const;

/** A finding of a rule that is not in the table does not compile. */
export type DriftRuleName = (typeof RULES)[number]['name'];

/** Of the names of a family what stands after it. */
export type After<Family extends string, Name> = Name extends `${Family}/${infer Rest}` ? Rest : never;

export const DRIFT_RULES: readonly DriftRule[] = RULES;

export function findDriftRule(name: string): DriftRule | undefined {
  return DRIFT_RULES.find((rule) => rule.name === name);
}

/** The page of a rule, in Markdown. `level`: of its heading. */
export function driftRulePage({ name, description, danger, remedy, severity }: DriftRule, level = 1): string {
  const heading = '#'.repeat(level);
  return `${heading} ${name}

${description}. Severity: ${severity}.

${heading}# What could happen

${danger}

${heading}# How to mend it

${remedy}
`;
}
