/**
 * Whole screens, as a terminal of 80 and of 200 columns shows them, with and without colour. In the files of those with
 * colour `⟨red⟩x⟨/⟩` is a red x. What changes here is read before it is committed: UPDATE_SCREENS=1 writes them anew.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { canUser, whoCan } from '../../src/access/who.ts';
import { whoTable } from '../../src/access/who-table.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { driftReport } from '../../src/drift/report.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import { formatUser } from '../../src/model/names.ts';
import { accessDiff } from '../../src/plan/access-diff.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { accessDiffText } from '../../src/report/access-diff-text.ts';
import { driftText } from '../../src/report/drift-text.ts';
import { lintText } from '../../src/report/lint-text.ts';
import { coloured, inWidth, type Paint, plain } from '../../src/report/paint.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { planText } from '../../src/report/plan-text.ts';
import { stateTitle } from '../../src/report/state-title.ts';
import { whoTableText } from '../../src/report/who-table.ts';
import { canText, whoText } from '../../src/report/who-text.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { inFolder, mongoward } from '../cli/terminal.ts';
import { policyText } from '../support/build.ts';
import { NO_EVIDENCE, TODAY } from './cases.ts';
import { ESTATE, ESTATE_EVIDENCE, KEEP_OUT, KEEP_OUT_LINES } from './thirty-accounts.ts';

const plan = makePlan(KEEP_OUT, ESTATE, { today: TODAY });

/** A policy with much to say about. */
const UNTIDY = policyText(`collections: {audit.logs: {protection: append-only}}
users:
${['a', 'b', 'c', 'd', 'e'].map((name) => `  ${name}@admin: {roles: [readWriteAnyDatabase@admin]}\n`).join('')}
  f@admin: {roles: [reed@audit]}
`);

/** Few accounts and two databases, so that a person can read all that `--full` shows. */
const FEW = {
  ...ESTATE,
  users: ESTATE.users?.filter(({ user }) => ['root', 'bi', 'service', 'monitoring', 'db0-app'].includes(user)) ?? [],
  databases: ESTATE.databases?.filter(({ name }) => ['audit', 'db0'].includes(name)) ?? [],
};

function planScreen(actual: ClusterState, paint: Paint, full: boolean): string {
  const title = stateTitle('Plan for policy "p"', 'prod.json', actual, paint);
  const shown = { evidence: ESTATE_EVIDENCE, full };
  return `${title}\n\n${planText(makePlan(KEEP_OUT, actual, { today: TODAY }), paint, shown)}`;
}

function canScreen(paint: Paint, full: boolean): string {
  const asked = { user: 'legacy@admin', action: 'read', namespace: 'audit.logs' };
  return canText(asked, canUser(ESTATE, asked.user, readQuestion('read', 'audit.logs', ESTATE)), paint, full);
}

const SCREENS: Readonly<Record<string, (paint: Paint) => string>> = {
  plan: (paint) => planScreen(ESTATE, paint, false),
  'plan-full': (paint) => planScreen(FEW, paint, true),
  drift: (paint) => driftText(driftReport(KEEP_OUT, ESTATE, { today: TODAY }), ESTATE_EVIDENCE, paint),
  'who-table': (paint) => whoTableText(whoTable(ESTATE, 'audit.logs'), ESTATE_EVIDENCE, paint, false),
  'who-read': (paint) => whoText(whoCan(ESTATE, readQuestion('read', 'audit.logs', ESTATE)), ESTATE_EVIDENCE, paint),
  can: (paint) => canScreen(paint, false),
  'can-full': (paint) => canScreen(paint, true),
  diff: (paint) => accessDiffText(accessDiff(ESTATE, plan.desired), ESTATE_EVIDENCE, paint),
  'diff-full': (paint) => accessDiffText(accessDiff(ESTATE, plan.desired), ESTATE_EVIDENCE, paint, true),
  lint: (paint) => {
    const file = parsePolicyFile({ file: 'policies/p.yaml', text: UNTIDY });
    const lines = UNTIDY.split('\n');
    return lintText(lintPolicies([file], ['policies/p.yaml'], { today: TODAY }), () => lines, NO_EVIDENCE, paint);
  },
};

const WIDTHS = [80, 200];

/** Colours that a reader of the file sees: `⟨red⟩x⟨/⟩`. */
function visible(width: number): Paint {
  return inWidth((style, text) => `⟨${style}⟩${text}⟨/⟩`, width);
}

const MARKS = /⟨[a-z/]+⟩/g;

/** Holds a screen against the file of that name, or writes it. */
function holdScreen(name: string, screen: string): void {
  const file = join(import.meta.dirname, 'screens', `${name}.txt`);
  const text = `${screen}\n`;
  if (process.env['UPDATE_SCREENS'] !== undefined) writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is missing`);
  assert.equal(text, readFileSync(file, 'utf8'));
}

/** A screen in a width, without and with colour, which changes nothing but the colour. */
function holdBoth(name: string, width: number, without: string, withColour: string): void {
  holdScreen(`${name}.${width}`, without);
  holdScreen(`${name}.${width}.colour`, withColour);
  assert.notEqual(withColour, without);
  assert.equal(withColour.replaceAll(MARKS, ''), without);
  assert.deepEqual(
    without.split('\n').filter((line) => line.length > width && line.trim().includes(' ')),
    [],
  );
}

for (const [name, screen] of Object.entries(SCREENS)) {
  for (const width of WIDTHS) {
    test(`${name} in ${width} columns is the screen that was read and committed, with and without colour`, () => {
      holdBoth(name, width, screen(inWidth(plain, width)), screen(visible(width)));
    });
  }
}

test('the plan as Markdown is the page that was read and committed', () => {
  holdScreen('plan-markdown', planMarkdown(plan, 'policy "p" and prod.json', ESTATE_EVIDENCE).trimEnd());
});

test('a colour is an escape sequence that ends where the coloured text ends', () => {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  for (const screen of Object.values(SCREENS)) {
    const shown = screen(coloured);
    assert.notEqual(shown, shown.replaceAll(escapes, ''));
    assert.equal(shown.replaceAll(escapes, ''), screen(plain));
  }
});

const PASSWORD = 'very-secret';

/** What the commands that need a cluster show on a server that holds the estate; the file waits in the folder. */
const ON_A_CLUSTER: Readonly<Record<string, readonly string[]>> = {
  'migrate-status': ['migrate', 'status'],
  'migrate-apply': ['migrate', 'apply'],
  'migrate-apply-from-policy': ['migrate', 'apply', '--from-policy'],
};

test('migrate status and the questions of migrate apply are the screens that were read and committed', async () => {
  const sandbox = await startSandbox({ root: { user: 'root', password: PASSWORD } });
  const uri = `mongodb://root:${PASSWORD}@${sandbox.host}/?authSource=admin`;
  const files = {
    'policies/p.yaml': policyText(KEEP_OUT_LINES),
    'mongoward.config.yaml': 'clusters:\n  prod: { uri: { fromEnv: URI } }\n',
  };
  try {
    await withMongo(uri, async (client) => {
      for (const { name, collections = [] } of ESTATE.databases ?? []) {
        for (const { name: collection } of collections) await client.db(name).createCollection(collection);
      }
      for (const { role, db, privileges, roles } of ESTATE.roles ?? []) {
        await client.db(db).command({ createRole: role, privileges, roles });
      }
      for (const { user, db, roles } of ESTATE.users ?? []) {
        if (formatUser({ user, db }) === 'root@admin') continue;
        await client.db(db).command({ createUser: user, pwd: PASSWORD, roles, mechanisms: ['SCRAM-SHA-1'] });
      }
    });
    await inFolder(files, async (cwd) => {
      const run = async (argv: readonly string[], paint: Paint): Promise<string> => {
        let question = '';
        const options = { cwd, env: { URI: uri, P: PASSWORD }, paint, answer: 'n' };
        const asked = (text: string): void => {
          question += text;
        };
        const { out, err } = await mongoward([...argv, '--cluster', 'prod'], { ...options, asked });
        assert.equal(err, '');
        // The question goes out on standard error, before the last line.
        return out.trimEnd().replace(/(?=\n[^\n]*$)/, question === '' ? '' : `\n${question}n`);
      };
      const made = await mongoward(['migrate', 'new', 'keep_out', '--cluster', 'prod'], { cwd, env: { URI: uri } });
      assert.equal(made.code, 0, made.err);
      for (const [name, argv] of Object.entries(ON_A_CLUSTER)) {
        for (const width of WIDTHS) {
          const screen = (await run(argv, visible(width)))
            .replaceAll(sandbox.host, '127.0.0.1:27017')
            .replaceAll(/mongoward \d+\.\d+\.\d+/g, 'mongoward 1.2.3');
          holdBoth(name, width, screen.replaceAll(MARKS, ''), screen);
        }
      }
    });
  } finally {
    await sandbox.stop();
  }
});
