/** Every command's output as JSON: the shapes of schema/output/, sorted, the same bytes for the same input. */
import type { DriftReport } from '../drift/report.ts';
import type { DriftReport as DriftJson } from '../generated/output-drift-report.ts';
import type { PlanReport as PlanJson } from '../generated/output-migrate-plan.ts';
import type { LintReport as LintJson } from '../generated/output-policy-lint.ts';
import type { Plan } from '../migrate/plan.ts';
import type { Position, Problem } from '../policy/problem.ts';
import { countSeverities } from './findings-text.ts';
import { planCounts } from './plan-text.ts';
import { unifiedDiff } from './textdiff.ts';

/** As text, indented by two, with a line end. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

export function lintJson(findings: readonly Problem[]): LintJson {
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
    summary: countSeverities(findings),
  };
}

export function driftJson(report: DriftReport): DriftJson {
  return {
    findings: report.findings.map(({ kind, rule, severity, target, message, path, states, origin }) => ({
      kind,
      rule,
      severity,
      target,
      message,
      ...(path && { path: [...path] }),
      ...(states && { diff: unifiedDiff(target, states.before, states.after) }),
      ...lineOf(origin?.()),
    })),
    unreadable: report.unreadable.map(({ what, why }) => ({ what, why })),
    unchecked: [...report.unchecked],
    summary: { policy: report.policy, ...countSeverities(report.findings), breakGlass: report.breakGlass },
  };
}

export function planJson(plan: Plan, unchecked: readonly string[]): PlanJson {
  return {
    operations: plan.operations.map((operation) => {
      const { id, kind, target, before, after, reason } = operation;
      const { gained, lost } = plan.effects.get(id) ?? { gained: [], lost: [] };
      return {
        id,
        kind,
        target,
        ...(before && { before: { ...before } }),
        ...(after && { after: { ...after } }),
        reason: { text: reason.text, ...lineOf(reason.at) },
        effect: { gained: gained.map(mutable), lost: lost.map(mutable) },
      };
    }),
    obstacles: plan.obstacles.map(({ target, message, at }) => ({ target, message, ...lineOf(at) })),
    orphans: plan.orphans.map(({ kind, target }) => `${kind} ${target}`),
    unchecked: [...unchecked],
    summary: { policy: plan.policy, ...planCounts(plan) },
  };
}

function mutable<T extends { readonly actions: readonly string[]; readonly accounts: readonly string[] }>(
  change: T,
): Omit<T, 'actions' | 'accounts'> & { actions: string[]; accounts: string[] } {
  return { ...change, actions: [...change.actions], accounts: [...change.accounts] };
}

function lineOf(position: Position | undefined): { file?: string; line?: number } {
  return position === undefined ? {} : { file: position.file, line: position.line };
}
