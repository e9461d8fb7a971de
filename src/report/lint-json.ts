/** What the linter found, in the shape of schema/output/policy-lint.json. */
import type { LintReport as LintJson } from '../generated/output-policy-lint.ts';
import type { LintReport } from '../lint/lint.ts';
import { countSeverities } from './findings-text.ts';

export function lintJson({ findings, suppressed }: Pick<LintReport, 'findings' | 'suppressed'>): LintJson {
  return {
    findings: findings.map(({ rule, severity, message, file, line, column, path }) => ({
      rule,
      severity,
      message,
      file,
      line,
      column,
      path,
    })),
    summary: { ...countSeverities(findings), ...(suppressed.length > 0 && { suppressed: suppressed.length }) },
  };
}
