/** A plan as findings, for the formats of other programs. */
import { violationText } from '../access/violations.ts';
import { changedNames, isGain } from '../plan/account-changes.ts';
import type { Plan } from '../plan/plan.ts';
import { accessText } from './access-diff-text.ts';
import { gainTexts } from './account-changes-shown.ts';
import type { Facts, FindingsReport, ReportedFinding } from './findings.ts';
import { plain } from './paint.ts';
import { operationTitle, orphanText, type PlanTextOptions } from './plan-text.ts';

const WARNING_RULES = {
  sealed: 'migrate/refuses-unsealed',
  unsealed: 'migrate/takes-unsealed',
  logins: 'migrate/refuses-logins',
  password: 'migrate/new-password',
  passing: 'migrate/passing-gain',
  keys: 'migrate/key-vault',
} as const;

/**
 * What accounts gain is a note each, before those of the operations, which stand at the lines that want them, with the
 * access that they give and take. An obstacle is an error.
 */
export function planFindings(
  plan: Plan,
  { violations = [], open = [] }: Pick<PlanTextOptions, 'violations' | 'open'>,
  cluster: string,
  files: readonly string[],
  facts: Facts,
): FindingsReport {
  const operations = plan.operations
    .filter(({ kind }) => kind !== 'recordObject' && kind !== 'forgetObject')
    .map((operation): ReportedFinding => {
      const { gained = [], lost = [] } = plan.effects.get(operation.id) ?? {};
      const access = [
        ...gained.map((change) => `gained ${accessText(change)}`),
        ...lost.map((change) => `lost ${accessText(change)}`),
      ];
      const title = operationTitle(operation, plain).replaceAll(/\s+/g, ' ');
      return {
        rule: `migrate/${operation.kind}`,
        severity: 'info',
        target: operation.target,
        message: [`${title}: ${operation.reason.text}`, ...access].join('; '),
        ...(operation.reason.at && { at: operation.reason.at }),
      };
    });
  const violated = [...violations, ...open].map((violation): ReportedFinding => {
    const { rule, target, path, origin } = violation;
    return { rule, severity: 'error', target, message: violationText(violation), grantPath: path, at: origin() };
  });
  const obstacles = plan.obstacles.map(
    ({ target, message, at }): ReportedFinding => ({
      rule: 'migrate/obstacle',
      severity: 'error',
      target,
      message,
      ...(at && { at }),
    }),
  );
  const orphans = plan.orphans.map(
    (orphan): ReportedFinding => ({
      rule: 'migrate/orphan',
      severity: 'warning',
      target: orphan.target,
      message: orphanText(orphan),
    }),
  );
  const gains = plan.accounts.filter(isGain).map((change): ReportedFinding => {
    const names = changedNames(change);
    const [at] = change.why.flatMap((reason) => reason.at ?? []);
    const who = `${names.join(', ')} ${names.length === 1 ? 'gains' : 'gain'}`;
    return {
      rule: 'migrate/gains',
      severity: 'info',
      target: names.join(', '),
      message: `${who} ${gainTexts(change).join(', and ')}`,
      ...(at && { at }),
    };
  });
  const warnings = plan.warnings.map(
    ({ kind, target, message, at }): ReportedFinding => ({
      rule: WARNING_RULES[kind],
      severity: 'warning',
      target,
      message,
      ...(at && { at }),
    }),
  );
  return {
    ...facts,
    command: 'migrate plan',
    subject: `policy "${plan.policy}" and ${cluster}`,
    findings: [...violated, ...obstacles, ...warnings, ...orphans, ...gains, ...operations],
    unseen: [],
    files,
  };
}
