/** docs/findings.md: what a drift report can find, from the table of its rules. */
import { type DriftRule, driftRulePage } from '../src/drift/rules.ts';

export function findingsPage(rules: readonly DriftRule[]): string {
  const rows = rules.map(
    ({ name, severity, description }) => `| [${name}](#${anchorOf(name)}) | ${severity} | ${description} |`,
  );
  return `<!-- Generated from src/drift/rules.ts by \`npm run generate\`. Do not edit. -->
# What a drift report finds

\`mongoward policy explain RULE\` shows one of these in the terminal. [Drift reports](drift.md) says how to run one, and
[acceptedRisks](policy.md) how to accept a finding for a time. The severity is that of most findings: a weakness of the
release and a role that a group could be given are warnings.

| Rule | Severity | What it finds |
|---|---|---|
${rows.join('\n')}

${rules.map((rule) => driftRulePage(rule, 2)).join('\n')}`;
}

/** Of its heading, as GitHub makes it. */
function anchorOf(name: string): string {
  return name.replaceAll('/', '');
}
