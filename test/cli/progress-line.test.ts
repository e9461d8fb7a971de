import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressLine, wantsProgress } from '../../src/cli/progress-line.ts';

/** What a row of a terminal shows after each write. */
function row(columns: number) {
  const rows: string[] = [];
  let shown = '';
  return {
    rows,
    columns,
    write: (text: string): void => {
      shown = text.startsWith('\r\u001b[K') ? text.slice(4) : shown + text;
      rows.push(shown);
    },
  };
}

test('each line replaces the one before, and clearing leaves nothing', () => {
  const stream = row(40);
  const line = progressLine(stream, () => () => {});
  line.show('Reading');
  line.show('Reading more');
  line.clear();
  assert.deepEqual(stream.rows, ['Reading', 'Reading more', '']);
});

test('what is not shown is not cleared', () => {
  const stream = row(40);
  const line = progressLine(stream, () => () => {});
  line.clear();
  line.show('');
  assert.deepEqual(stream.rows, []);
});

test('a line is cut to the width of the terminal: a second row would stay', () => {
  const stream = row(12);
  progressLine(stream, () => () => {}).show('Working on somewhere');
  assert.deepEqual(stream.rows, ['Working ...']);
});

test('an interruption clears the line, as long as there is one', () => {
  const stream = row(40);
  const handlers = new Set<() => void>();
  const line = progressLine(stream, (clear) => {
    handlers.add(clear);
    return () => void handlers.delete(clear);
  });
  assert.equal(handlers.size, 0);
  line.show('Reading');
  for (const interrupt of handlers) interrupt();
  assert.deepEqual(stream.rows, ['Reading', '']);
  assert.equal(handlers.size, 0);
});

test('it is shown where a person watches, and not in CI unless asked', () => {
  const cases: readonly (readonly [boolean | undefined, Record<string, string>, boolean, boolean])[] = [
    [undefined, {}, true, true],
    [undefined, {}, false, false],
    [true, {}, false, false],
    [false, {}, true, false],
    [undefined, { CI: 'true' }, true, false],
    [undefined, { CI: 'false' }, true, true],
    [true, { CI: 'true' }, true, true],
    [undefined, { TERM: 'dumb' }, true, false],
  ];
  for (const [asked, env, isTerminal, wanted] of cases) {
    assert.equal(wantsProgress(asked, env, isTerminal), wanted, JSON.stringify([asked, env, isTerminal]));
  }
});
