/** The linter: everything that is wrong in policies as text, one policy at a time, without a cluster. */
import { type CompileOptions, draftPolicy, type ParsedFile, policyNameOf, sortProblems } from '../policy/compile.ts';
import type { Problem } from '../policy/problem.ts';
import { lintContext } from './context.ts';
import { type LevelOptions, ruleLevels } from './levels.ts';
import type { CheckingRule, Edit, Level, LintContext } from './rule.ts';
import { RULES } from './rules.ts';

export interface LintOptions extends CompileOptions, LevelOptions {
  /** `YYYY-MM-DD`: break-glass entries and suppressions end with it. */
  readonly today: string;
  /** The release that the policies will meet, instead of the oldest one that they admit. */
  readonly targetVersion?: string | undefined;
}

export interface LintFinding extends Problem {
  /** The way: user, roles, privilege. */
  readonly way?: readonly string[];
  readonly fix?: readonly Edit[];
}

/** A rule that failed, which is a bug in the rule and not in the policy. */
export interface Crash {
  readonly rule: string;
  readonly policy: string;
  readonly error: unknown;
}

export interface LintReport {
  /** By file, line and column. */
  readonly findings: readonly LintFinding[];
  readonly crashes: readonly Crash[];
  /** The names of the policies that were linted. */
  readonly policies: readonly string[];
  /** How many files they are made of. */
  readonly files: number;
}

/**
 * Lints every policy that one of the `given` files belongs to, whole. Files that can't be read far enough to tell their
 * policy are reported if they were given.
 */
export function lintPolicies(files: readonly ParsedFile[], given: readonly string[], options: LintOptions): LintReport {
  const levels = ruleLevels(options);
  const wanted = new Set(given);
  const groups = new Map<string, ParsedFile[]>();
  const findings: LintFinding[] = [];
  const crashes: Crash[] = [];
  let count = 0;
  for (const file of files) {
    const name = policyNameOf(file);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), file]);
    else if (wanted.has(file.file)) {
      findings.push(...draftPolicy([file], options).problems);
      count += 1;
    }
  }
  // A file that can't be read may define what another one refers to.
  const unreadable = files.some(({ source }) => source === undefined);
  const touched = [...groups].filter(([, group]) => group.some(({ file }) => wanted.has(file)));
  for (const [policy, group] of touched) {
    const draft = draftPolicy(group, { ...options, complete: !unreadable });
    findings.push(...draft.problems);
    const sources = group.flatMap(({ source }) => source ?? []);
    const context = draft.intent && lintContext({ ...options, ...draft, intent: draft.intent, files: sources });
    if (context !== undefined)
      askRules(context, levels, findings, (rule, error) => crashes.push({ rule, policy, error }));
    count += group.length;
  }
  return { findings: sortProblems(findings), crashes, policies: touched.map(([name]) => name).sort(), files: count };
}

/** A rule that fails does not keep the others from looking. */
function askRules(
  context: LintContext,
  levels: ReadonlyMap<string, Level>,
  findings: LintFinding[],
  crashed: (rule: string, error: unknown) => void,
): void {
  for (const rule of RULES) {
    const level = levels.get(rule.name) ?? 'off';
    if (rule.kind === 'reported' || level === 'off') continue;
    try {
      findings.push(...ask(rule, level, context));
    } catch (error) {
      crashed(rule.name, error);
    }
  }
}

const WEIGHTS = ['info', 'warning', 'error'] as const;

function ask(rule: CheckingRule, level: Exclude<Level, 'off'>, context: LintContext): LintFinding[] {
  return rule.check(context).map(({ message, at, severity = level, way, fix }) => ({
    rule: rule.name,
    severity: WEIGHTS.indexOf(severity) < WEIGHTS.indexOf(level) ? severity : level,
    message,
    ...at(),
    ...(way && { way }),
    ...(fix && { fix }),
  }));
}
