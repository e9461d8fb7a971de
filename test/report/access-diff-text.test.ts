/** What accounts gain and lose, as `policy diff` shows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessDiff } from '../../src/plan/access-diff.ts';
import { accessDiffText } from '../../src/report/access-diff-text.ts';
import { plain } from '../../src/report/paint.ts';
import { role, state, user } from '../support/build.ts';
import { NO_EVIDENCE } from './cases.ts';

const PLACES = ['a', 'b', 'c', 'd', 'e', 'f'];
const NAMES = Array.from({ length: 12 }, (_, at) => `u${String(at).padStart(2, '0')}`);
const WIDE = role('wide@admin', Object.fromEntries(PLACES.map((db) => [`${db}.x`, ['find']])));
const without = state({ roles: [WIDE], users: NAMES.map((name) => user(`${name}@admin`, [])) });
const withRole = state({ roles: [WIDE], users: NAMES.map((name) => user(`${name}@admin`, ['wide@admin'])) });

const ALL = NAMES.map((name) => `${name}@admin`).join(', ');

/** Without line breaks, the evidence aside. */
function shown(text: string): readonly string[] {
  return text
    .replaceAll(/\n {9}/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('made'));
}

test('what many accounts lose in many places is one line with counts', () => {
  const diff = accessDiff(withRole, without);
  assert.deepEqual(shown(accessDiffText(diff, NO_EVIDENCE, plain)), [
    `- lost   find on a.x; b.x; c.x; d.x; and 2 other places: ${NAMES.slice(0, 10)
      .map((name) => `${name}@admin`)
      .join(', ')} and 2 more`,
    '--full shows everything that is lost.',
    '0 gains, 6 lost.',
  ]);
});

test('--full shows every loss of every account', () => {
  const diff = accessDiff(withRole, without);
  assert.deepEqual(shown(accessDiffText(diff, NO_EVIDENCE, plain, true)), [
    ...PLACES.map((db) => `- lost   find on ${db}.x: ${ALL}`),
    '0 gains, 6 lost.',
  ]);
});

test('a gain is never folded, neither its places nor its accounts', () => {
  const diff = accessDiff(without, withRole);
  assert.deepEqual(shown(accessDiffText(diff, NO_EVIDENCE, plain)), [
    ...PLACES.map((db) => `+ gained find on ${db}.x: ${ALL}`),
    '6 gains, 0 lost.',
  ]);
});
