/** What lowers the guard is told by the linter and the drift report, in every form. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { state } from '../support/build.ts';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward } from './terminal.ts';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: p }
variables: { verb: find }
cluster: { authorization: enabled }
unmanaged: ["ldap-*@admin"]
breakGlass: [{ user: root@admin, reason: last resort, until: 2099-12-31 }]
roles:
  r@admin:
    privileges:
      # mongoward-ignore least-privilege/any-action: an old tool needs it
      - { on: any, allow: [anyAction] }
      - { on: shop.carts, allow: ["\${verb}"] }
users:
  u@admin: { roles: [r@admin], password: { fromEnv: U } }
`;
const CONFIG = `lint: { rules: { document/matches-nothing: off } }
clusters:
  prod:
    uri: { fromEnv: PROD }
    variables: { verb: remove }
    cluster: { authorization: disabled }
`;
const FILES = { 'policies/p.yaml': POLICY, 'mongoward.config.yaml': CONFIG, 's.json': formatSnapshot(state()) };

async function run(line: string, files: Readonly<Record<string, string>> = FILES) {
  return inFolder(files, (cwd) => mongoward(line.split(' '), { cwd }));
}

const LINES = [
  'the configuration makes document/matches-nothing off, which is warning otherwise',
  'policies/p.yaml:11 suppresses least-privilege/any-action: an old tool needs it',
  'prod makes the variable verb of policy "p" "remove"',
  'prod demands authorization "disabled", and the policy "p" "enabled"',
  'ldap-*@admin is unmanaged: watched, never changed',
];

test('policy lint tells it as evidence, and in its last line', async () => {
  const { out } = await run('policy lint --format json');
  const report = JSON.parse(out);
  assertFits('policy-lint', report);
  assert.deepEqual(
    report.evidence.lowered.map(({ text }: { readonly text: string }) => text),
    LINES,
  );
  const text = (await run('policy lint')).out.replace(/\s+/g, ' ');
  for (const line of LINES) assert.ok(text.includes(`lowered ${line}`), `${line}\n${text}`);
  assert.match(
    text,
    /, 1 suppressed.* Guard lowered by 1 rule, 1 unmanaged entry, 1 overridden demand, 1 variable, 1 break-glass account\. ?$/,
  );
  assert.match((await run('policy lint --format markdown')).out, /\n\nGuard lowered by 1 rule, 1 suppression, /);
});

test('drift report tells it too', async () => {
  const { out } = await run('drift report --snapshot s.json --format json');
  const report = JSON.parse(out);
  assertFits('drift-report', report);
  assert.deepEqual(
    report.evidence.lowered.map(({ kind }: { readonly kind: string }) => kind),
    ['rule', 'suppression', 'variable', 'demand', 'unmanaged'],
  );
  const text = (await run('drift report --snapshot s.json')).out.replace(/\s+/g, ' ');
  assert.match(text, /1 break-glass account exempt\. Guard lowered by 1 rule, 1 suppression, 1 unmanaged entry, /);
  assert.match((await run('drift report --snapshot s.json --format markdown')).out, /Guard lowered by 1 rule, /);
});

test('where nothing lowers it, nothing is said', async () => {
  const files = { 'policies/p.yaml': 'apiVersion: mongoward/v1\nmetadata: { name: p }\nroles: {}\n' };
  assert.doesNotMatch((await run('policy lint', files)).out, /lowered/);
  assert.equal(JSON.parse((await run('policy lint --format json', files)).out).evidence.lowered, undefined);
});

const SEVERAL = `clusters:
  a: { uri: { fromEnv: A }, variables: { verb: anyAction } }
  b: { uri: { fromEnv: B }, variables: { verb: insert } }
  c: { uri: { fromEnv: C }, variables: { verb: insert } }
`;
const VARIED = POLICY.replace(/ {6}# mongoward-ignore.*\n.*\n/, '')
  .replace('variables: { verb: find }\n', '')
  .replace('shop.carts', 'any');

test('where variables differ, the linter looks once for each set and names the clusters at what not all have', async () => {
  const files = { 'policies/p.yaml': VARIED, 'mongoward.config.yaml': SEVERAL };
  const { out, code } = await run('policy lint --format json', files);
  assert.equal(code, 1);
  const report = JSON.parse(out);
  assertFits('policy-lint', report);
  const found: readonly { readonly rule: string; readonly message: string; readonly clusters?: string[] }[] =
    report.findings;
  const any = found.filter(({ rule }) => rule === 'least-privilege/any-action');
  assert.deepEqual(
    any.map(({ clusters, message }) => [clusters, message.endsWith(' (on a)')]),
    [[['a'], true]],
  );
  const shared = found.filter(({ clusters }) => clusters === undefined);
  assert.ok(shared.every(({ message }) => !message.includes('(on ')));
  assert.deepEqual(
    found.filter(({ rule }) => rule === 'document/variable'),
    [],
  );
  assert.equal((await run('policy lint --cluster b --rule least-privilege/any-action', files)).code, 0);
  assert.equal((await run('policy lint --cluster a --rule least-privilege/any-action', files)).code, 1);
});

test('a policy that is meant for one cluster needs the variables of that one alone', async () => {
  const files = {
    'a/a.yaml': VARIED,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable as a policy has it
    'b/b.yaml': 'apiVersion: mongoward/v1\nmetadata: { name: b }\nroles: { "b@${place}": {} }\n',
    'mongoward.config.yaml': `clusters:
  a: { uri: { fromEnv: A }, policies: [a], variables: { verb: find } }
  b: { uri: { fromEnv: B }, policies: [b], variables: { place: shop } }
`,
  };
  const { out } = await run('policy lint --rule document/variable', files);
  assert.doesNotMatch(out, /no value for the variable/);
  assert.match(out, /Clean: policy "b", policy "p"|Clean: .*"b".*"p" in 2 files/s);
});

const RISK = "{ rule: drift/missing, target: u@admin, reason: 'comes with <b>v2</b>', until: 2027-03-01 }";

test('a risk that is accepted is told in every form of a drift report, and does not count', async () => {
  const files = {
    'policies/p.yaml': `apiVersion: mongoward/v1
metadata: { name: p }
acceptedRisks: [${RISK}]
users: { u@admin: { roles: [read@shop], password: { fromEnv: U } } }
`,
    's.json': formatSnapshot(state()),
  };
  const report = (form: string) => run(`drift report --snapshot s.json --format ${form}`, files);
  const text = await report('text');
  assert.equal(text.code, 0, text.out);
  assert.match(text.out, /\naccepted drift\/missing: the user u@admin does not exist\n/);
  assert.match(text.out, /\nlowered +drift\/missing on u@admin is accepted until 2027-03-01: comes with\n/);
  assert.match(text.out, /Guard lowered by 1\s+accepted risk\.\n$/);
  const json = JSON.parse((await report('json')).out);
  assertFits('drift-report', json);
  assert.deepEqual([json.findings, json.accepted.length, json.accepted[0].until], [[], 1, '2027-03-01']);
  const [result] = JSON.parse((await report('sarif')).out).runs[0].results;
  assert.equal(result.suppressions[0].justification, 'accepted until 2027-03-01: comes with <b>v2</b>');
  assert.match((await report('markdown')).out, /accepted until 2027-03-01: comes with &lt;b>/);
  assert.match((await report('junit')).out, /<skipped/);
  assert.match((await report('html')).out, /Accepted risks.*comes with &lt;b/s);
  assert.match((await report('prometheus')).out, /^mongoward_drift_accepted_findings\{.*\} 1$/m);
  assert.equal((await report('github')).out, '');
});
