import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../src/report/evidence.ts';
import type { FindingsReport, ReportedFinding } from '../../src/report/findings.ts';
import { FINDINGS_FORMATS, formatFindings } from '../../src/report/formats/index.ts';

const AT = { file: 'policies/a b.yaml', line: 3, column: 5, path: '/roles/r@admin/privileges/0' };
const HOSTILE: ReportedFinding = {
  rule: 'family/what',
  severity: 'error',
  message: 'a | <b> & "c"\n::error::100%, `x`',
  at: AT,
  grantPath: ['u@admin', 'r@admin'],
};
const EVIDENCE: Evidence = {
  generatedAt: '2026-11-23T12:00:00Z',
  tool: 'mongoward 1.2.3',
  policies: [{ name: 'p', hash: 'f'.repeat(64) }],
  sources: [],
  exemptions: [{ policy: 'p', kind: 'breakGlass', account: 'r@x', reason: '<b>', until: '2026-01-01', ended: true }],
  attestations: [],
  unseen: [],
};
const REPORT: FindingsReport = {
  evidence: EVIDENCE,
  command: 'policy lint',
  version: '1.2.3',
  subject: 'policy "p" in 2 files',
  findings: [
    HOSTILE,
    { rule: 'family/other', severity: 'warning', message: 'hm', target: 'u@admin' },
    { rule: 'family/what', severity: 'error', message: 'known', at: AT, suppressed: 'until Q2' },
  ],
  unseen: ['users: no permission'],
  files: ['policies/a b.yaml', 'policies/c.yaml'],
  ruleHelp: (rule) =>
    rule === 'family/what'
      ? { description: 'What', page: '# family/what\n\n`a` is [told](../b.md#c) [here](https://docs.test/d).' }
      : undefined,
};

test('github: annotations with everything escaped that could end them; what is suppressed is none', async () => {
  assert.equal(
    await formatFindings('github', REPORT),
    `::error title=policy lint::not seen: users: no permission
::error file=policies/a b.yaml,line=3,col=5,title=family/what::a | <b> & "c"%0A::error::100%25, \`x\`%0Aby u@admin → r@admin
::warning title=family/other::hm
`,
  );
});

test('junit: a suite for each file, a failure for an error, a skipped case for what is suppressed', async () => {
  assert.equal(
    await formatFindings('junit', REPORT),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mongoward policy lint" tests="5" failures="1" errors="1">
  <testsuite name="policy &quot;p&quot; in 2 files" tests="2" failures="0" errors="1" skipped="0">
    <properties>
      <property name="made" value="2026-11-23 12:00:00 UTC by mongoward 1.2.3"/>
      <property name="policy" value="&quot;p&quot;, sha256 ffffffffffffffff"/>
      <property name="ended" value="r@x was exempt until 2026-01-01: &lt;b&gt;"/>
    </properties>
    <testcase classname="policy &quot;p&quot; in 2 files" name="everything can be seen"><error message="users: no permission"/></testcase>
    <testcase classname="policy &quot;p&quot; in 2 files" name="family/other u@admin"><system-out>warning: hm</system-out></testcase>
  </testsuite>
  <testsuite name="policies/a b.yaml" tests="2" failures="1" errors="0" skipped="1">
    <testcase classname="policies/a b.yaml" name="family/what 3:5"><failure type="family/what" message="a | &lt;b&gt; &amp; &quot;c&quot;&#10;::error::100%, \`x\`">policies/a b.yaml:3:5: a | &lt;b&gt; &amp; &quot;c&quot;
::error::100%, \`x\`
by u@admin → r@admin</failure></testcase>
    <testcase classname="policies/a b.yaml" name="family/what 3:5"><skipped message="until Q2"/></testcase>
  </testsuite>
  <testsuite name="policies/c.yaml" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="policies/c.yaml" name="nothing to say"></testcase>
  </testsuite>
</testsuites>
`,
  );
});

test('junit: what XML can not hold is replaced', async () => {
  const message = 'a\u0000b\u001bc\ud800d';
  const xml = await formatFindings('junit', { ...REPORT, findings: [{ ...HOSTILE, message }] });
  assert.ok(xml.includes('message="a\ufffdb\ufffdc\ufffdd"'));
});

test('markdown: a table that nothing in a text can break', async () => {
  assert.equal(
    await formatFindings('markdown', REPORT),
    `### mongoward policy lint

**1 error, 1 warning, 1 suppressed, 1 part not seen** — policy "p" in 2 files

- **not seen**: users: no permission

|  | Rule | Where | What |
| --- | --- | --- | --- |
| error | \`family/what\` | \`policies/a b.yaml:3\` | a \\| &lt;b> &amp; "c"<br>::error::100%, \\\`x\\\`<br>by u&#64;admin → r&#64;admin |
| warning | \`family/other\` | \`u@admin\` | hm |

| Suppressed | Where | Why |
| --- | --- | --- |
| \`family/what\` | \`policies/a b.yaml:3\` | until Q2 |

#### Evidence

- made: 2026-11-23 12:00:00 UTC by mongoward 1.2.3
- policy: "p", sha256 ffffffffffffffff
- **ended**: r&#64;x was exempt until 2026-01-01: &lt;b>
`,
  );
});

async function sarif(report: Partial<FindingsReport> = {}) {
  return JSON.parse(await formatFindings('sarif', { ...REPORT, ...report }));
}

test('sarif: what the specification demands of a log, and what code scanning reads', async () => {
  const log = await sarif();
  assert.equal(log.version, '2.1.0');
  const [{ tool, results, invocations }] = log.runs;
  assert.deepEqual(
    tool.driver.rules.map(({ id, help, helpUri }: Record<string, unknown>) => ({ id, help, helpUri })),
    [
      { id: 'family/other', help: undefined, helpUri: undefined },
      {
        id: 'family/what',
        help: {
          text: 'family/what\n\n`a` is told here (https://docs.test/d).',
          markdown: '# family/what\n\n`a` is told [here](https://docs.test/d).',
        },
        helpUri: undefined,
      },
    ],
  );
  assert.deepEqual(results[0].locations, [
    {
      physicalLocation: {
        artifactLocation: { uri: 'policies/a%20b.yaml' },
        region: { startLine: 3, startColumn: 5 },
      },
    },
  ]);
  assert.deepEqual(
    results.map(({ ruleId, ruleIndex, level }: Record<string, unknown>) => [ruleId, ruleIndex, level]),
    [
      ['family/what', 1, 'error'],
      ['family/other', 0, 'warning'],
      ['family/what', 1, 'error'],
    ],
  );
  assert.deepEqual(results[2].suppressions, [{ kind: 'inSource', status: 'accepted', justification: 'until Q2' }]);
  assert.equal(invocations[0].executionSuccessful, false);
  assert.equal(invocations[0].endTimeUtc, '2026-11-23T12:00:00Z');
  assert.deepEqual(log.runs[0].properties, { evidence: EVIDENCE });
});

test('sarif: a fingerprint stays when lines move, and two findings never share one', async () => {
  const prints = async (findings: readonly ReportedFinding[]): Promise<string[]> => {
    const [{ results }] = (await sarif({ findings })).runs;
    return results.map(
      (result: { partialFingerprints: Record<string, string> }) => Object.values(result.partialFingerprints)[0],
    );
  };
  const moved = { ...HOSTILE, at: { ...AT, line: 30, path: '/roles/r@admin/privileges/7' } };
  const cites = (line: number): ReportedFinding => ({ ...HOSTILE, message: `defined in a.yaml:${line} too` });
  assert.deepEqual(await prints([HOSTILE]), await prints([moved]));
  assert.deepEqual(await prints([cites(3)]), await prints([cites(5)]));
  assert.equal(new Set(await prints([HOSTILE, moved, { ...HOSTILE, rule: 'family/other' }])).size, 3);
});

test('every format says that nothing was found', async () => {
  for (const format of FINDINGS_FORMATS) {
    const text = await formatFindings(format, { ...REPORT, findings: [], unseen: [] });
    assert.equal(text === '', format === 'github', format);
  }
});
