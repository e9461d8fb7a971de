/** Every command's output as JSON: the shapes of schema/output/, sorted, the same bytes for the same input. */
import type { RunAnswer } from '../ask/run-command.ts';
import type { WhoAnswer } from '../ask/who.ts';
import type { Effect } from '../diff/effect.ts';
import type { DriftReport } from '../drift/report.ts';
import type { ScanResult } from '../drift/scan.ts';
import type { DriftReport as DriftJson } from '../generated/output-drift-report.ts';
import type { PlanReport as PlanJson } from '../generated/output-migrate-plan.ts';
import type { CanReport as CanJson } from '../generated/output-policy-can.ts';
import type { AccessDiffReport as AccessDiffJson } from '../generated/output-policy-diff.ts';
import type { LintReport as LintJson } from '../generated/output-policy-lint.ts';
import type { WhoReport as WhoJson } from '../generated/output-policy-who.ts';
import type { Plan } from '../migrate/plan.ts';
import type { Principal } from '../model/assess.ts';
import { formatRole, formatUser } from '../model/names.ts';
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
    ...(report.scan && { scan: scanJson(report.scan) }),
    summary: { policy: report.policy, ...countSeverities(report.findings), breakGlass: report.breakGlass },
  };
}

function scanJson({ ns, mode, documents, refused, fields }: ScanResult): NonNullable<DriftJson['scan']> {
  return {
    namespace: ns,
    mode,
    documents,
    refused,
    fields: fields.map(({ path, values, sealed, defects }) => ({ path, values, sealed, defects: { ...defects } })),
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

export function accessDiffJson({ gained, lost }: Effect): AccessDiffJson {
  return { gained: gained.map(mutable), lost: lost.map(mutable) };
}

export function whoJson({ principals, unenumerable, unreadable }: WhoAnswer): WhoJson {
  return {
    principals: principals.map(({ user, role, kind, path, steps, way }) => ({
      ...(role === undefined ? { user: formatUser(user) } : { role: formatRole(role) }),
      kind,
      way: way.id,
      path: [...path],
      steps: [...steps],
      ...(kind === 'server' && way.remedy !== undefined ? { remedy: way.remedy } : {}),
    })),
    unenumerable: [...unenumerable],
    unreadable: unreadable.map(({ what, why }) => ({ what, why })),
  };
}

export function canJson(ways: readonly Principal[]): CanJson {
  return {
    allowed: ways.length > 0,
    via: ways.map(({ kind, path, steps, privilege }) => ({
      kind,
      path: [...path],
      steps: [...steps],
      privilege: { resource: { ...privilege.resource }, actions: [...privilege.actions] },
    })),
  };
}

export function runJson({ allowed, uses, missing }: RunAnswer): CanJson {
  return {
    allowed,
    via: uses.map(({ path, privilege }) => ({
      kind: 'direct',
      path: [...path],
      privilege: { resource: { ...privilege.resource }, actions: [...privilege.actions] },
    })),
    ...(allowed ? {} : { missing: [...missing] }),
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
