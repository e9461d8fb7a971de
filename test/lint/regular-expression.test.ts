import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedExpression } from '../../src/lint/rules/regular-expression.ts';
import { REFUSED_EXPRESSIONS, TAKEN_EXPRESSIONS } from '../support/expressions.ts';

test('what a server takes is let pass', () => {
  for (const text of TAKEN_EXPRESSIONS) assert.equal(refusedExpression(text), undefined, text);
});

test('what every server refuses is found, with what to do', () => {
  for (const [text, why] of REFUSED_EXPRESSIONS) assert.equal(refusedExpression(text), why, text);
  assert.equal(refusedExpression('a\0'), 'it holds a null character. Take that out');
});

test('what can be read in more than one way is left to the server', () => {
  for (const text of ['(?x)a # (', '(*UTF8)(', '(?(1)a)(']) assert.equal(refusedExpression(text), undefined, text);
});
