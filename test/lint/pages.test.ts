/**
 * Every rule's page, run: the hostile example has exactly the page's rule, at the lines marked `# here`; the near miss
 * doesn't have it. In an example `---` begins another file; the head that every policy file needs is added at the end.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lintPolicies } from '../../src/lint/lint.ts';
import { RULES } from '../../src/lint/rules.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';

const PAGES = new URL('../../docs/rules/', import.meta.url);
const FENCE = /^```yaml (hostile|near-miss)((?: [a-z-]+\/[a-z-]+)*)\n(.*?)^```$/gms;
const HEAD = 'apiVersion: mongoward/v1\nmetadata: { name: example }\n';

interface Example {
  readonly kind: string;
  /** Other rules that the hostile example breaks too, named in the fence: a policy that is wrong in one way often is in another. */
  readonly also: readonly string[];
  readonly files: readonly string[];
}

function examplesOf(page: string): Example[] {
  return [...page.matchAll(FENCE)].map(([, kind = '', also = '', text = '']) => ({
    kind,
    also: also.split(' ').filter((name) => name !== ''),
    files: text.split(/^---\n/m).map((part) => (part.includes('apiVersion:') ? part : `${part}${HEAD}`)),
  }));
}

function lint(files: readonly string[], rule: string) {
  const parsed = files.map((text, index) =>
    parsePolicyFile({ file: `${index + 1}.yaml`, text: text.replaceAll(/ # here$/gm, '') }),
  );
  const names = parsed.map(({ file }) => file);
  const report = lintPolicies(parsed, names, { today: '2026-11-23', rules: { [rule]: 'error' } });
  assert.deepEqual(report.crashes, []);
  return report.findings;
}

for (const { name, description } of RULES) {
  test(name, () => {
    const url = new URL(`${name}.md`, PAGES);
    assert.ok(existsSync(url), `docs/rules/${name}.md is missing`);
    const page = readFileSync(url, 'utf8');
    assert.ok(page.startsWith(`# ${name}\n\n`), 'the page begins with the name of its rule');
    assert.ok(page.replaceAll(/\s+/g, ' ').includes(`# ${name} ${description}.`), 'then comes the description');
    for (const part of ['## What could happen', '## How to mend it', '## Source']) assert.ok(page.includes(part), part);
    const examples = examplesOf(page);
    const hostile = examples.filter(({ kind }) => kind === 'hostile');
    const nearMisses = examples.filter(({ kind }) => kind === 'near-miss');
    assert.ok(hostile.length > 0 && nearMisses.length > 0, 'there is a hostile example and a near miss');
    for (const { files, also } of hostile) {
      const findings = lint(files, name);
      const marked = files.flatMap((text, index) =>
        text.split('\n').flatMap((line, at) => (line.endsWith('# here') ? [`${index + 1}.yaml:${at + 1}`] : [])),
      );
      const lines = findings.filter(({ rule }) => rule === name).map(({ file, line }) => `${file}:${line}`);
      assert.deepEqual([...new Set(lines)], marked);
      const others = findings.filter(({ rule }) => rule !== name && !also.includes(rule));
      assert.deepEqual(others, []);
      for (const other of also)
        assert.ok(
          findings.some(({ rule }) => rule === other),
          `${other} is found too`,
        );
    }
    for (const { files } of nearMisses) {
      assert.deepEqual(lint(files, name), []);
    }
  });
}

test('every page is that of a rule', () => {
  const pages = readdirSync(PAGES, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.md') && path !== 'README.md');
  const names = new Set(RULES.map(({ name }) => `${name}.md`));
  assert.deepEqual(
    pages.filter((path) => !names.has(path)),
    [],
  );
});
