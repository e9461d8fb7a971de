/** What the linter found, in the shape of schema/output/policy-lint.json. */
import type { LintReport as LintJson } from '../generated/output-policy-lint.ts';
import type { LintReport } from '../lint/lint.ts';
import type { Evidence } from './evidence.ts';
import { countSeverities } from './findings-text.ts';

export function lintJson(
  { findings, suppressed }: Pick<LintReport, 'findings' | 'suppressed'>,
  evidence: Evidence,
): LintJson {
  return {
    evidence,
    findings: findings.map(({ rule, severity, message, file, line, column, path, clusters }) => ({
      rule,
      severity,
      message,
      file,
      line,
      column,
      path,
      ...(clusters && { clusters: [...clusters] }),
    })),
    summary: { ...countSeverities(findings), ...(suppressed.length > 0 && { suppressed: suppressed.length }) },
  };
}
