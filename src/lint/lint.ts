/** The linter: everything that is wrong in policies as text, one policy at a time, without a cluster. */

import { VIOLATION_RULE_NAMES } from '../access/violations.ts';
import {
  type CompileOptions,
  type Draft,
  draftPolicy,
  type ParsedFile,
  policyNameOf,
  sortProblems,
} from '../policy/compile.ts';
import { emptyIntent, type Intent } from '../policy/intent.ts';
import type { Problem, Severity } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';
import { definedElsewhere } from './elsewhere.ts';
import { type LevelOptions, ruleLevels } from './levels.ts';
import { lintContext } from './lint-context.ts';
import { type LintedPolicies, lintedPolicies } from './linted-policies.ts';
import { withMend } from './misspelt.ts';
import type { CheckingRule, Edit, Level, LintContext, LintRule } from './rule.ts';
import { OWNED_TWICE } from './rules/reported.ts';
import { RULES } from './rules.ts';
import { suppress } from './suppress.ts';
import { readSuppressions } from './suppressions.ts';

export interface LintOptions extends CompileOptions, LevelOptions {
  /** `YYYY-MM-DD`: break-glass entries and suppressions end with it. */
  readonly today: string;
  /** The release that the policies will meet, instead of the oldest one that they admit. */
  readonly targetVersion?: string | undefined;
  /** The versions that a cluster's entry demands, instead of those that the policies demand themselves. */
  readonly version?: string | undefined;
  /** Instead of the project's own rules. */
  readonly table?: readonly LintRule[];
}

export interface LintFinding extends Problem {
  /** The grant path: user, roles, privilege. */
  readonly grantPath?: readonly string[];
  readonly fix?: readonly Edit[];
  /** The line holds a secret, and is not shown. */
  readonly secret?: boolean;
  /** Those that have it, where other clusters have other variables, policies or versions. */
  readonly clusters?: readonly string[];
  /** The reason, where the finding is suppressed in place. */
  readonly suppressed?: string;
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
  /** What would be findings, but for a suppression that says why not. */
  readonly suppressed: readonly LintFinding[];
  readonly crashes: readonly Crash[];
  /** The names of the policies that were linted. */
  readonly policies: readonly string[];
  /** Those that compile, by name, and the names of the others. */
  readonly intents: readonly Intent[];
  readonly broken: readonly string[];
  /** How many files they are made of. */
  readonly files: number;
}

/**
 * Lints every policy that one of the `given` files belongs to, whole. Files that can't be read far enough to tell their
 * policy are reported if they were given.
 */
export function lintPolicies(files: readonly ParsedFile[], given: readonly string[], options: LintOptions): LintReport {
  const wanted = new Set(given);
  const groups = new Map<string, ParsedFile[]>();
  const strays: ParsedFile[] = [];
  for (const file of files) {
    const name = policyNameOf(file);
    const group = name === undefined ? strays : (groups.get(name) ?? []);
    if (name !== undefined) groups.set(name, group);
    group.push(file);
  }
  // A file that can't be read may define what another one refers to.
  const complete = files.every(({ source }) => source !== undefined);
  const drafts = new Map(
    [...groups].map(([name, group]) => [
      name,
      demanding(options.version, draftPolicy(group, { ...options, complete })),
    ]),
  );
  const isTouched = (name: string): boolean => groups.get(name)?.some(({ file }) => wanted.has(file)) ?? false;
  const levels = ruleLevels(options, options.table);
  const together = lintedPolicies(
    [...drafts.values()].flatMap(({ intent }) => intent ?? []),
    options,
  );
  const lint = policyLinter(options, levels, together);
  // Files that nobody gave are not linted; what they do to a policy that is, is told all the same.
  const against = {
    ...together,
    violations: () => together.violations().filter(({ violation }) => isTouched(violation.policy)),
  };
  const blame = policyLinter({ ...options, table: VIOLATION_RULES }, levels, against);
  const blamed = [...drafts.keys()].filter(
    (name) => !isTouched(name) && against.violations().some(({ policy }) => policy === name),
  );
  const linted = [
    ...strays
      .filter(({ file }) => wanted.has(file))
      .map((file) => ({ findings: draftPolicy([file], options).problems, suppressed: [], crashes: [], files: 1 })),
    ...[...drafts]
      .filter(([name]) => isTouched(name))
      .map(([name, draft]) => ({
        ...lint(name, draft, groups.get(name) ?? [], definedElsewhere(name, drafts, levels.get(OWNED_TWICE) ?? 'off')),
        files: groups.get(name)?.length ?? 0,
      })),
    ...blamed.map((name) => ({
      ...blame(name, { intent: drafts.get(name)?.intent, problems: [], complete: false }, groups.get(name) ?? [], []),
      files: 0,
    })),
  ];
  const policies = [...drafts.keys()].filter(isTouched).sort();
  return {
    findings: sortProblems(eachOnce(linted.flatMap(({ findings }) => findings))),
    suppressed: sortProblems(eachOnce(linted.flatMap(({ suppressed }) => suppressed))),
    crashes: linted.flatMap(({ crashes }) => crashes),
    policies,
    intents: policies.flatMap((name) => drafts.get(name)?.intent ?? []),
    broken: policies.filter((name) => drafts.get(name)?.intent === undefined),
    files: linted.reduce((sum, part) => sum + part.files, 0),
  };
}

function demanding(version: string | undefined, draft: Draft): Draft {
  const { intent } = draft;
  if (version === undefined || intent === undefined) return draft;
  return { ...draft, intent: { ...intent, cluster: { ...intent.cluster, version } } };
}

/** Where an object is defined more than once, whatever is found about it is found as often. */
function eachOnce(findings: readonly LintFinding[]): readonly LintFinding[] {
  const key = ({ rule, file, line, column, message, grantPath }: LintFinding): string =>
    JSON.stringify([rule, file, line, column, message, grantPath]);
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}

type Linted = Pick<LintReport, 'findings' | 'suppressed' | 'crashes'>;

function policyLinter(options: LintOptions, levels: ReadonlyMap<string, Level>, together: LintedPolicies) {
  const { table = RULES, today } = options;
  return (policy: string, draft: Draft, group: readonly ParsedFile[], others: readonly Problem[]): Linted => {
    const sources = group.flatMap(({ source }) => source ?? []);
    // Files that do not fit the schema may hold secrets all the same.
    const intent = draft.intent ?? emptyIntent(policy);
    const context = lintContext({ ...options, ...draft, intent, files: sources, together });
    const { findings, crashes } = askRules(policy, context, table, levels, options);
    const judged = suppress(
      [...draft.problems.map((problem) => withMend(problem, sources)), ...others, ...findings],
      readAll(sources),
      {
        today,
        levels,
        // What could not be looked at could not be found: then a suppression may well have its effect.
        settled: draft.problems.length === 0 && draft.complete && crashes.length === 0,
      },
    );
    return { ...judged, crashes };
  };
}

/** Those that hold the accounts of all policies against each. */
const VIOLATION_RULES = RULES.filter(({ name }) => VIOLATION_RULE_NAMES.has(name));

function readAll(sources: readonly SourceFile[]): ReturnType<typeof readSuppressions> {
  const read = sources.map(readSuppressions);
  return {
    suppressions: read.flatMap(({ suppressions }) => suppressions),
    misfits: read.flatMap(({ misfits }) => misfits),
  };
}

/** A rule that fails does not keep the others from looking. */
function askRules(
  policy: string,
  context: LintContext,
  table: readonly LintRule[],
  levels: ReadonlyMap<string, Level>,
  options: LevelOptions,
): Pick<Linted, 'findings' | 'crashes'> {
  const findings: LintFinding[] = [];
  const crashes: Crash[] = [];
  for (const rule of table) {
    const level = levels.get(rule.name) ?? 'off';
    if (rule.kind === 'reported' || level === 'off') continue;
    try {
      const unsaid = options.rules?.[rule.name] === undefined ? UNSAID[options.preset ?? 'recommended'] : level;
      for (const finding of ask(rule, level, unsaid, context)) findings.push(finding);
    } catch (error) {
      crashes.push({ rule: rule.name, policy, error });
    }
  }
  return { findings, crashes };
}

const WEIGHTS = ['info', 'warning', 'error'] as const;

/** What a policy merely does not say; a level that the configuration gives the rule itself counts instead. */
const UNSAID = { recommended: 'info', strict: 'warning' } as const;

function ask(rule: CheckingRule, level: Severity, unsaidLevel: Severity, context: LintContext): LintFinding[] {
  return rule.check(context).map(({ message, at, severity = level, unsaid, grantPath, fix, secret }) => ({
    rule: rule.name,
    severity: mildest(level, severity, unsaid === true ? unsaidLevel : level),
    message,
    ...at(),
    ...(grantPath && { grantPath }),
    ...(fix && { fix }),
    ...(secret && { secret }),
  }));
}

function mildest(...severities: readonly Severity[]): Severity {
  return WEIGHTS.find((severity) => severities.includes(severity)) ?? 'error';
}
