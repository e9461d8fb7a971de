import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextVersion, parseMigrationName, slugOf } from '../../src/migrate/file-names.ts';

test('a name says version and words', () => {
  assert.deepEqual(parseMigrationName('migrations/prod/20260131120000_audit-trail.yaml'), {
    version: '20260131120000',
    slug: 'audit-trail',
  });
  for (const wrong of [
    '20260131_a.yaml',
    '20260131120000.yaml',
    '20260131120000_A.yaml',
    '20260131120000_a.yml',
    'a',
  ]) {
    assert.equal(parseMigrationName(wrong), undefined, wrong);
  }
});

const NOW = new Date('2026-01-31T12:00:00.900Z');

for (const [last, next] of [
  [undefined, '20260131120000'],
  ['20260131115959', '20260131120000'],
  ['20260131120000', '20260131120001'],
  ['20271231235959', '20280101000000'],
] as const) {
  test(`after ${last ?? 'none'}, whatever the clock says, comes ${next}`, () => {
    assert.equal(nextVersion(NOW, last), next);
  });
}

for (const [text, slug] of [
  ['Audit trail', 'audit-trail'],
  ['  Café & Bar!  ', 'cafe-bar'],
  ['../../etc', 'etc'],
  ['漢字', ''],
  ['x'.repeat(70), 'x'.repeat(60)],
] as const) {
  test(`"${text}" becomes "${slug}" in a file's name`, () => {
    assert.equal(slugOf(text), slug);
  });
}
