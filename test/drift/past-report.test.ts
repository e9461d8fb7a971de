import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesSince, parsePastReport } from '../../src/drift/past-report.ts';

const finding = (target: string, message = 'm') =>
  ({ kind: 'protection', rule: 'protection/append-only', severity: 'error', target, message }) as const;

test('what is new, what stayed and what is gone; an account that can do more than before is new', () => {
  const before = [finding('a@x'), finding('b@x', 'can alter'), finding('c@x')];
  const after = [finding('a@x'), finding('b@x', 'can alter and destroy')];
  const { added, kept, gone } = changesSince(before, after);
  assert.deepEqual(
    [added, kept, gone].map((list) => list.map(({ target }) => target)),
    [['b@x'], ['a@x'], ['b@x', 'c@x']],
  );
  assert.deepEqual(changesSince(after, after), { added: [], kept: after, gone: [] });
});

test('a report of several clusters keeps their findings apart; one that could not be read then has none', () => {
  const text = JSON.stringify({
    clusters: [
      { cluster: 'eu', report: { findings: [finding('a@x')] } },
      { cluster: 'us', error: 'no answer' },
    ],
  });
  const past = parsePastReport(text);
  assert.deepEqual(
    past.findingsOf('eu')?.map(({ target }) => target),
    ['a@x'],
  );
  assert.equal(past.findingsOf('us'), undefined);
});

test('what is no report is refused', () => {
  for (const text of ['', '[]', '{}', 'null', '{"findings":[1]}', '{"findings":[{"rule":1}]}', '{"clusters":[{}]}']) {
    assert.throws(() => parsePastReport(text), /it is no/, text);
  }
});
