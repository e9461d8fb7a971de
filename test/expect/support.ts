/** Expectations run by the model on small policies. */
import assert from 'node:assert/strict';
import { judgeDocument } from '../../src/ephemeral/judge-document.ts';
import { coverageOf } from '../../src/expect/coverage.ts';
import type { ExpectationFile } from '../../src/expect/expectation.ts';
import { compileExpectations, parseExpectationFile } from '../../src/expect/parse.ts';
import { askFile, type FileResult, judgeFile } from '../../src/expect/run.ts';
import type { Intent } from '../../src/policy/intent.ts';

export const TODAY = '2026-11-23';

/** What is expected of the policy `p`; `given` and the list below `expect` as they stand in a file. */
export function expectations(expect: string, given = '{}'): ExpectationFile {
  const { read, problems } = readExpectations(`given: ${given}\nexpect:\n${expect}`);
  assert.deepEqual(problems, []);
  assert.ok(read);
  return read;
}

export function readExpectations(body: string): ReturnType<typeof compileExpectations> {
  const text = `apiVersion: mongoward/v1\ntest: p\n${body}\n`;
  return compileExpectations(parseExpectationFile({ file: 'p.test.yaml', text }), []);
}

export function runBy(intent: Intent, file: ExpectationFile, others: readonly Intent[] = []): FileResult {
  return judgeFile(askFile(file, { intent, policies: [...others, intent] }, { today: TODAY, judgeDocument }));
}

/** Every message with the line of its place, those about what is given first. */
export function said({ problems, results }: FileResult): readonly string[] {
  return [...problems, ...results.flatMap(({ findings }) => findings)].map(
    ({ rule, line, message }) => `${line} ${rule.replace('expectation/', '')}: ${message}`,
  );
}

/** `covered` and `open`, as the items are told. */
export function coverage(intent: Intent, { results }: FileResult) {
  const { items } = coverageOf(
    intent,
    results.flatMap(({ trials }) => trials),
  );
  const of = (covered: boolean): readonly string[] =>
    items.filter((item) => item.covered === covered).map(({ what }) => what);
  return { covered: of(true), open: of(false) };
}
