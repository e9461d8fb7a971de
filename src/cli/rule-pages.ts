/** The rules' pages, which the package brings along. */
import { readFileSync } from 'node:fs';
import { findRule } from '../lint/levels.ts';
import type { RuleHelp } from '../report/findings.ts';

/** A rule's page as it stands in docs/rules/, or nothing for what is not a rule of the linter. */
export function ruleHelp(name: string): RuleHelp | undefined {
  const rule = findRule(name);
  if (rule === undefined) return undefined;
  const page = readFileSync(new URL(`../../docs/rules/${name}.md`, import.meta.url), 'utf8');
  return { description: rule.description, page };
}
