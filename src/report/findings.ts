/** What the linter, the drift report and a plan have in common for other programs: findings with their places. */
import type { LintReport } from '../lint/lint.ts';
import type { Position, Severity } from '../policy/problem.ts';
import type { Evidence } from './evidence.ts';
import { countSeverities, severitySummary } from './findings-text.ts';
import { count } from './layout.ts';

export interface ReportedFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Where the policy has to change, or what it goes against; absent if no file has anything to do with it. */
  readonly at?: Position;
  /** `name@db`, `db.collection` or `cluster`, where it is about a cluster. */
  readonly target?: string;
  /** The grant path: user, roles, privilege. */
  readonly grantPath?: readonly string[];
  /** What it is known by from one run to the next; absent: what it says, and where. */
  readonly fingerprint?: string;
  /** The reason, where it is suppressed in place. */
  readonly suppressed?: string;
}

/** Something that was tried, and how it came out: without an error among its findings it passed. */
export interface ReportedCase {
  readonly name: string;
  readonly at: Position;
  readonly findings: readonly ReportedFinding[];
}

export interface FindingsReport {
  /** `policy lint` */
  readonly command: string;
  /** Of the program. */
  readonly version: string;
  /** What it is made from. */
  readonly evidence: Evidence;
  /** What was looked at, for people. */
  readonly subject: string;
  readonly findings: readonly ReportedFinding[];
  /** What was tried, for the forms that tell what passed too. Their findings stand among `findings`. */
  readonly cases?: readonly ReportedCase[];
  /** What could not be looked at, and why. With one of these the command could not do its job. */
  readonly unseen: readonly string[];
  /** The files that were looked at. */
  readonly files: readonly string[];
  /** What is known of a rule besides its findings. */
  ruleHelp(rule: string): RuleHelp | undefined;
}

export interface RuleHelp {
  readonly description: string;
  /** Its documentation, in Markdown. */
  readonly page: string;
}

/** What every report says besides its findings. */
export type Facts = Pick<FindingsReport, 'version' | 'ruleHelp' | 'evidence'>;

export function lintFindings(report: LintReport, files: readonly string[], facts: Facts): FindingsReport {
  const names = report.policies.map((name) => `"${name}"`).join(', ');
  return {
    ...facts,
    command: 'policy lint',
    subject: `policy ${names} in ${count(report.files, 'file')}`,
    findings: [...report.findings, ...report.suppressed].map((finding) => ({ ...finding, at: finding })),
    unseen: report.crashes.map(({ rule, policy }) => `the rule ${rule} failed on the policy "${policy}"`),
    files,
  };
}

/** `2 errors, 1 warning, 1 suppressed`, or `nothing to say`. */
export function findingsSummary({ findings, unseen }: Pick<FindingsReport, 'findings' | 'unseen'>): string {
  const told = severitySummary(countSeverities(findings.filter(({ suppressed }) => suppressed === undefined)));
  const held = findings.filter(({ suppressed }) => suppressed !== undefined).length;
  const parts = [
    told,
    held === 0 ? '' : `${held} suppressed`,
    unseen.length === 0 ? '' : `${count(unseen.length, 'part')} not seen`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing to say' : parts.join(', ');
}
