/**
 * Whole screens, as a terminal of 80 and of 200 columns shows them, with and without colour. What changes here is read
 * before it is committed: UPDATE_SCREENS=1 writes them anew.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { whoCan } from '../../src/access/who.ts';
import { whoTable } from '../../src/access/who-table.ts';
import { driftReport } from '../../src/drift/report.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import { accessDiff } from '../../src/plan/access-diff.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { accessDiffText } from '../../src/report/access-diff-text.ts';
import { driftText } from '../../src/report/drift-text.ts';
import { lintText } from '../../src/report/lint-text.ts';
import { coloured, inWidth, type Paint, plain } from '../../src/report/paint.ts';
import { planText } from '../../src/report/plan-text.ts';
import { stateTitle } from '../../src/report/state-title.ts';
import { whoTableText } from '../../src/report/who-table.ts';
import { whoText } from '../../src/report/who-text.ts';
import { policyText } from '../support/build.ts';
import { NO_EVIDENCE, TODAY } from './cases.ts';
import { ESTATE, ESTATE_EVIDENCE, KEEP_OUT } from './thirty-accounts.ts';

const plan = makePlan(KEEP_OUT, ESTATE, { today: TODAY });

/** A policy with much to say about. */
const UNTIDY = policyText(`collections: {audit.logs: {protection: append-only}}
users:
${['a', 'b', 'c', 'd', 'e'].map((name) => `  ${name}@admin: {roles: [readWriteAnyDatabase@admin]}\n`).join('')}
  f@admin: {roles: [reed@audit]}
`);

const SCREENS: Readonly<Record<string, (paint: Paint) => string>> = {
  plan: (paint) =>
    `${stateTitle('Plan for policy "p"', 'prod.json', ESTATE, paint)}\n\n${planText(plan, paint, { evidence: ESTATE_EVIDENCE })}`,
  drift: (paint) => driftText(driftReport(KEEP_OUT, ESTATE, { today: TODAY }), ESTATE_EVIDENCE, paint),
  'who-table': (paint) => whoTableText(whoTable(ESTATE, 'audit.logs'), ESTATE_EVIDENCE, paint, false),
  'who-read': (paint) => whoText(whoCan(ESTATE, readQuestion('read', 'audit.logs', ESTATE)), ESTATE_EVIDENCE, paint),
  diff: (paint) => accessDiffText(accessDiff(ESTATE, plan.desired), ESTATE_EVIDENCE, paint),
  'diff-full': (paint) => accessDiffText(accessDiff(ESTATE, plan.desired), ESTATE_EVIDENCE, paint, true),
  lint: (paint) => {
    const file = parsePolicyFile({ file: 'policies/p.yaml', text: UNTIDY });
    const lines = UNTIDY.split('\n');
    return lintText(lintPolicies([file], ['policies/p.yaml'], { today: TODAY }), () => lines, NO_EVIDENCE, paint);
  },
};

const WIDTHS = [80, 200];
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

for (const [name, screen] of Object.entries(SCREENS)) {
  for (const width of WIDTHS) {
    test(`${name} in ${width} columns is the screen that was read and committed`, () => {
      const file = join(import.meta.dirname, 'screens', `${name}.${width}.txt`);
      const text = `${screen(inWidth(plain, width))}\n`;
      if (process.env['UPDATE_SCREENS'] !== undefined) writeFileSync(file, text);
      assert.ok(existsSync(file), `${file} is missing`);
      assert.equal(text, readFileSync(file, 'utf8'));
      assert.deepEqual(
        text.split('\n').filter((line) => line.length > width && line.trim().includes(' ')),
        [],
      );
    });
  }

  test(`${name}: colour changes nothing but the colour`, () => {
    const shown = screen(coloured);
    assert.notEqual(shown, shown.replaceAll(ESCAPES, ''));
    assert.equal(shown.replaceAll(ESCAPES, ''), screen(plain));
  });
}
