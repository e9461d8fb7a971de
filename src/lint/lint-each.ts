/** The linter over the same policies with the variables of several clusters. */
import { groupBy } from '../model/keyed.ts';
import { type ParsedFile, sortProblems } from '../policy/compile.ts';
import { type LintFinding, type LintOptions, type LintReport, lintPolicies } from './lint.ts';

/** What counts for the clusters that are named. */
export interface LintRun {
  readonly clusters: readonly string[];
  readonly variables: NonNullable<LintOptions['variables']>;
  /** As in {@link LintOptions}. */
  readonly version?: string | undefined;
  /** Whether the file is meant for these clusters. */
  includes(file: string): boolean;
}

/**
 * Lints once for each run. What some runs find and others don't names its clusters. With one run it is what
 * {@link lintPolicies} gives.
 */
export function lintEach(
  files: readonly ParsedFile[],
  given: readonly string[],
  options: LintOptions,
  runs: readonly LintRun[],
): LintReport {
  const [only, ...others] = runs;
  if (only === undefined || others.length === 0) {
    return lintPolicies(files, given, { ...options, ...(only && lintedAs(only)) });
  }
  const done = runs.map((run) => {
    const own = files.filter(({ file }) => run.includes(file));
    return { run, report: lintPolicies(own, given, { ...options, ...lintedAs(run) }) };
  });
  const merge = (pick: (report: LintReport) => readonly LintFinding[]): readonly LintFinding[] => {
    const found = done.flatMap(({ run, report }) => pick(report).map((finding) => ({ finding, run })));
    const merged = [...groupBy(found, ({ finding }) => keyOf(finding)).values()].flatMap((same): LintFinding[] => {
      const [{ finding }] = same;
      const looked = runs.filter((run) => run.includes(finding.file));
      if (same.length === looked.length) return [finding];
      // What a suppression holds back for one cluster is reason enough for it.
      if (finding.rule === 'suppression/without-effect') return [];
      const clusters = same.flatMap(({ run }) => run.clusters);
      return [{ ...finding, clusters, message: `${finding.message} (on ${clusters.join(', ')})` }];
    });
    return sortProblems(merged);
  };
  const every = <T>(pick: (report: LintReport) => readonly T[]): T[] => done.flatMap(({ report }) => pick(report));
  const broken = [...new Set(every((report) => report.broken))].sort();
  return {
    findings: merge((report) => report.findings),
    suppressed: merge((report) => report.suppressed),
    crashes: every((report) => report.crashes),
    policies: [...new Set(every((report) => report.policies))].sort(),
    intents: every((report) => report.intents),
    broken,
    files: files.filter(({ file }) => given.includes(file) || runs.some((run) => run.includes(file))).length,
  };
}

function lintedAs({ variables, version }: LintRun): Pick<LintOptions, 'variables' | 'version'> {
  return { variables, version };
}

function keyOf({ rule, severity, file, line, column, message, grantPath, suppressed }: LintFinding): string {
  return JSON.stringify([rule, severity, file, line, column, message, grantPath, suppressed]);
}
