/** Hostile policies, each with the first sentences that the linter must say of it, and their places. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lintPolicies } from '../../src/lint/lint.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';

const folder = join(import.meta.dirname, 'policies');
const SENTENCES: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'policies.json'), 'utf8'),
);

const files = readdirSync(folder).sort();

for (const file of files) {
  test(file, () => {
    const parsed = parsePolicyFile({ file, text: readFileSync(join(folder, file), 'utf8') });
    const { findings } = lintPolicies([parsed], [file], { today: '2026-11-23' });
    const wanted = SENTENCES[file] ?? [];
    const said = findings.slice(0, wanted.length);
    assert.deepEqual(
      said.map(({ line, column, message }) => `${line}:${column}: ${message}`),
      wanted,
    );
    assert.equal(findings[0]?.severity, 'error');
  });
}

test('every hostile policy has its sentence, and every sentence its policy', () => {
  assert.deepEqual(Object.keys(SENTENCES).sort(), files);
});
