/** A run of expectations in the shape of schema/output/policy-test.json. */
import { percentOf } from '../expect/coverage.ts';
import { grantPath } from '../expect/model.ts';
import { countCovered, findingsOf, summaryOf, type TestReport } from '../expect/report.ts';
import { type TrialResult, whatIsDone } from '../expect/trial-result.ts';
import type { PolicyTestReport, PolicyTestTrial } from '../generated/output-policy-test.ts';
import { formatUser } from '../model/names.ts';
import type { Evidence } from './evidence.ts';

export function testJson(report: TestReport, evidence: Evidence): PolicyTestReport {
  const { files, coverage, server } = report;
  return {
    evidence,
    ...(server === undefined ? {} : { server: { ...server, notes: [...server.notes] } }),
    files: files.map(({ file, results }) => ({
      file: file.file,
      policy: file.policy,
      expectations: results.map(({ expectation, status, trials }) => {
        const { line, column, path } = expectation.origin();
        return { sentence: expectation.sentence, status, line, column, path, trials: trials.map(trialJson) };
      }),
    })),
    findings: findingsOf(report).map(({ rule, severity, message, file, line, column, path, grantPath: by }) => ({
      rule,
      severity,
      message,
      file,
      line,
      column,
      path,
      ...(by === undefined ? {} : { grantPath: [...by] }),
    })),
    coverage: coverage.map(({ policy, items }) => ({
      policy,
      percent: percentOf(items),
      grants: countCovered(items, 'grant'),
      protections: countCovered(items, 'protection'),
      uncovered: items
        .filter(({ covered }) => !covered)
        .map(({ kind, what, at: { file, line, column } }) => ({ kind, what, file, line, column })),
    })),
    summary: summaryOf(report),
  };
}

function trialJson({ trial, model, server }: TrialResult): PolicyTestTrial {
  return {
    account: formatUser(trial.user),
    what: whatIsDone(trial),
    wanted: trial.wanted,
    model: {
      allowed: model.allowed,
      ...(model.does === undefined ? {} : { does: model.does }),
      via: model.uses.map((use) => [...grantPath(use)]),
      ...(model.refusals.length === 0 ? {} : { refusals: [...model.refusals] }),
      ...(model.weakness === undefined ? {} : { weakness: model.weakness }),
    },
    ...(server === undefined
      ? {}
      : {
          server: server.map(({ command, db, outcome, words }) => ({
            command: Object.keys(command)[0] ?? '',
            db,
            outcome,
            words,
          })),
        }),
  };
}
