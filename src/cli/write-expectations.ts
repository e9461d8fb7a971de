/** `policy test --init` and `--update`: expectations written from what policies promise. */
import { dirname, resolve } from 'node:path';
import { stateAmong } from '../access/intent-state.ts';
import type { JudgeDocument } from '../expect/model.ts';
import { compileExpectations, parseExpectationFile } from '../expect/parse.ts';
import type { TestedPolicy } from '../expect/policies.ts';
import { type Promised, promisesOf } from '../expect/promises.ts';
import { askFile, judgeFile } from '../expect/run.ts';
import { missingFrom } from '../expect/update.ts';
import { withEntries, writeExpectations } from '../expect/write.ts';
import { Failure } from '../failure.ts';
import { writeWhole } from '../files/write-file.ts';
import { count } from '../report/layout.ts';
import type { Tests } from './expectation-files.ts';
import { writeNewFiles } from './new-files.ts';
import type { Terminal } from './terminal.ts';

/** A file for each policy that has none, beside it. */
export function initExpectations(terminal: Terminal, { policies, files }: Tests, force: boolean): void {
  const tested = new Set(force ? [] : files.map(({ subject }) => subject.intent));
  const without = policies.filter(({ intent }) => !tested.has(intent));
  if (without.length === 0) {
    const names = policies.map(({ intent }) => `"${intent.policy}"`).join(', ');
    throw new Failure(`there are expectations about ${names} already`, {
      advice: 'add what is missing by mongoward policy test --update',
    });
  }
  for (const { intent, files: parsed } of without) {
    const folder = dirname(parsed[0]?.file ?? '.');
    const promises = promisesOf(intent, stateOf(intent, policies), terminal.today);
    if (promises.promised.length === 0) {
      terminal.err(`note: the policy "${intent.policy}" promises nothing that an expectation could say\n`);
      continue;
    }
    const text = writeExpectations(intent.policy, promises);
    writeNewFiles(terminal, folder, new Map([[`${intent.policy}.test.yaml`, text]]), force);
    terminal.out(`${count(promises.promised.length, 'expectation')}: what the policy "${intent.policy}" promises.\n`);
  }
  terminal.out('Try them by mongoward policy test.\n');
}

/** Adds to each file what it lacks. */
export function updateExpectations(terminal: Terminal, tests: Tests, judgeDocument: JudgeDocument): void {
  for (const { file, subject } of tests.files) {
    const { intent } = subject;
    const options = { today: terminal.today, judgeDocument };
    const { results } = judgeFile(askFile(file, subject, options));
    const rehearse = (promised: readonly Promised[]) => {
      const text = writeExpectations(intent.policy, { given: { databases: [], users: {} }, promised });
      const { read } = compileExpectations(parseExpectationFile({ file: file.file, text }), []);
      return read === undefined ? [] : judgeFile(askFile({ ...read, given: file.given }, subject, options)).results;
    };
    const state = stateOf(intent, tests.policies);
    const missing = missingFrom(file, { intent, state, today: terminal.today }, results, rehearse);
    if (missing.length === 0) {
      terminal.out(`${file.file}: nothing is missing\n`);
      continue;
    }
    const before = tests.parsed.find((each) => each.file === file.file)?.text ?? '';
    const after = withEntries(before, missing);
    if (after === undefined) {
      throw new Failure(`${file.file}: expectations are added only where each has a line of its own`, {
        advice: 'write "expect:" with a line that begins with "- " for each',
      });
    }
    writeWhole(resolve(terminal.cwd, file.file), file.file, after, { links: 'followed' });
    terminal.out(`${file.file}: ${count(missing.length, 'expectation')} added\n`);
  }
}

function stateOf(intent: TestedPolicy['intent'], policies: readonly TestedPolicy[]) {
  return stateAmong(
    intent,
    policies.map((each) => each.intent).filter((each) => each !== intent),
  );
}
