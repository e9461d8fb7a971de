/** Everything that a run of expectations has to say. */
import { sortProblems } from '../policy/compile.ts';
import type { Problem } from '../policy/problem.ts';
import { type Coverage, type CoverageItem, percentOf } from './coverage.ts';
import type { FileResult } from './run.ts';
import { DISAGREEMENT, type ProofFinding } from './trial-result.ts';

/** The server that was asked besides the model. */
export interface AskedServer {
  /** For people: `the mongod at /usr/bin/mongod`. */
  readonly label: string;
  readonly version: string;
  /** It is the sandbox, and no MongoDB. */
  readonly simulated: boolean;
  /** In what it is not as the policies say, so that accounts can log in there. Sentences without a full stop. */
  readonly notes: readonly string[];
}

export interface TestReport {
  readonly files: readonly FileResult[];
  /** Of files that could not be run. */
  readonly problems: readonly Problem[];
  readonly coverage: readonly Coverage[];
  readonly server?: AskedServer;
}

export const COVERAGE = 'expectation/coverage';

/** By file, line and column. */
export function findingsOf({ files, problems }: TestReport): readonly ProofFinding[] {
  const all = files.flatMap((file) => [...file.problems, ...file.results.flatMap(({ findings }) => findings)]);
  return sortProblems([...problems, ...all]);
}

export interface TestSummary {
  readonly expectations: number;
  readonly passed: number;
  readonly failed: number;
  readonly invalid: number;
  readonly trials: number;
  readonly errors: number;
  readonly warnings: number;
  readonly disagreements: number;
  /** Trials that only the model answered; absent where no server was asked. */
  readonly untried?: number;
}

export function summaryOf(report: TestReport): TestSummary {
  const results = report.files.flatMap((file) => file.results);
  const trials = results.flatMap((result) => result.trials);
  const findings = findingsOf(report);
  const by = (status: string): number => results.filter((result) => result.status === status).length;
  const untried = trials.filter(({ server = [] }) => server.every(({ outcome }) => outcome === 'untried')).length;
  return {
    expectations: results.length,
    passed: by('passed'),
    failed: by('failed'),
    invalid: by('invalid'),
    trials: trials.length,
    errors: findings.filter(({ severity }) => severity === 'error').length,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
    disagreements: findings.filter(({ rule }) => rule === DISAGREEMENT).length,
    ...(report.server === undefined ? {} : { untried }),
  };
}

export interface CoverageCount {
  readonly covered: number;
  readonly total: number;
}

export function countCovered(items: readonly CoverageItem[], kind: CoverageItem['kind']): CoverageCount {
  const ofKind = items.filter((item) => item.kind === kind);
  return { covered: ofKind.filter(({ covered }) => covered).length, total: ofKind.length };
}

/** What falls short of the percentage that is demanded, told where the policy's first uncovered part stands. */
export function coverageProblems(coverage: readonly Coverage[], atLeast: number): readonly Problem[] {
  return coverage.flatMap(({ policy, items }) => {
    const percent = percentOf(items);
    const first = items.find(({ covered }) => !covered);
    if (percent >= atLeast || first === undefined) return [];
    const message = `the expectations exercise ${percent} % of the policy "${policy}", and --min-coverage demands ${atLeast} %`;
    return [{ rule: COVERAGE, severity: 'error', message, ...first.at }];
  });
}
