/** The pages of rules: the linter's, which the package brings along, and those of what a drift report finds. */
import { readFileSync } from 'node:fs';
import { driftRulePage, findDriftRule } from '../drift/rules.ts';
import { findRule } from '../lint/levels.ts';
import type { RuleHelp } from '../report/findings.ts';

/** Nothing for what is no rule. Of a rule that both know the linter's page comes first. */
export function ruleHelp(name: string): RuleHelp | undefined {
  const found = findDriftRule(name);
  const linted = findRule(name);
  if (linted === undefined) {
    return found && { description: found.description, page: driftRulePage(found) };
  }
  const page = readFileSync(new URL(`../../docs/rules/${name}.md`, import.meta.url), 'utf8');
  const inReport = found === undefined ? '' : `\n## In a drift report\n\n${found.description}. ${found.remedy}\n`;
  return { description: linted.description, page: `${page}${inReport}` };
}
