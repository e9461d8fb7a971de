/**
 * Policies as they are met in the world, each with what a security engineer would say about it beside it: roles that
 * makers of tools publish (`vendors`), policies that are well (`good`), and policies that are wrong in many ways (`bad`).
 * A line of `*.expected` is `line severity rule`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lintPolicies } from '../../src/lint/lint.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';

const CORPUS = new URL('corpus/', import.meta.url);

function findingsOf(file: string): string[] {
  const text = readFileSync(new URL(file, CORPUS), 'utf8');
  const { findings, crashes } = lintPolicies([parsePolicyFile({ file, text })], [file], { today: '2026-11-23' });
  assert.deepEqual(crashes, []);
  return findings.map(({ line, severity, rule }) => `${line} ${severity} ${rule}`);
}

function policiesOf(folder: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, CORPUS)).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => `${folder}/${name}`);
}

for (const file of [...policiesOf('vendors'), ...policiesOf('bad')]) {
  test(`${file} gives what is expected of it`, () => {
    const expected = readFileSync(new URL(file.replace(/\.yaml$/, '.expected'), CORPUS), 'utf8');
    assert.deepEqual(
      findingsOf(file),
      expected.split('\n').filter((line) => line !== ''),
    );
  });
}

for (const file of policiesOf('good')) {
  test(`${file} is clean`, () => {
    assert.deepEqual(findingsOf(file), []);
  });
}
