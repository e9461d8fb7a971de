import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysOf } from '../../../../src/lint/rules/attestations/controls.ts';

test('durations as people and machines write them, in days', () => {
  const written: Readonly<Record<string, number | undefined>> = {
    '3d': 3,
    '72h': 3,
    '1.5 days': 1.5,
    '2w': 14,
    '6 weeks': 42,
    '2 months': 60,
    '1y': 365,
    '259200000ms': 3,
    P3D: 3,
    P1W: 7,
    PT36H: 1.5,
    P: undefined,
    '': undefined,
    'for ever': undefined,
    '3': undefined,
  };
  for (const [text, days] of Object.entries(written)) assert.equal(daysOf(text), days, text);
});
