/**
 * Every kind of drift, on a server: something causes it, `drift report` finds it and exits as it says, something mends it,
 * and it is gone.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { withMongo } from '../../src/demo/seed.ts';
import { DRIFT_RULES, type DriftRuleName } from '../../src/drift/rules.ts';
import type { Case } from './drift/case.ts';
import { DAY_CASES } from './drift/days.ts';
import { ELSEWHERE } from './drift/elsewhere.ts';
import { KEY_CASES } from './drift/keys.ts';
import { MIGRATION_CASES } from './drift/migrations.ts';
import { OBJECT_CASES } from './drift/objects.ts';
import { apply, type Reported, report, server, setUp, tearDown, writePolicy } from './drift/project.ts';
import { SCAN_CASES } from './drift/scans.ts';
import { withLive } from './server.ts';

const CASES: readonly Case[] = [...OBJECT_CASES, ...DAY_CASES, ...KEY_CASES, ...SCAN_CASES, ...MIGRATION_CASES];

before(setUp);
after(tearDown);

test('every kind of finding has a case here, or a test beside', () => {
  const here = new Set<string>(CASES.map(({ rule }) => rule));
  const without = DRIFT_RULES.map(({ name }) => name as DriftRuleName).filter(
    (name) => here.has(name) === (ELSEWHERE[name] !== undefined),
  );
  assert.deepEqual(without, []);
  for (const { file, title } of Object.values(ELSEWHERE)) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    assert.ok(text.includes(`test('${title}'`), `${file} has no test "${title}"`);
  }
});

test('a cluster that is as its policy says has no findings that count, and the report exits with 0', async () => {
  await writePolicy();
  const { code, all } = await report('', '', 'error');
  assert.equal(code, 0, all);
});

/** What an old release lets through besides, of which a report warns. */
function isOfRelease({ severity, message }: Reported): boolean {
  return severity === 'warning' && message.includes('This release lets it: ');
}

for (const each of CASES) {
  const { rule, how, target, severity = 'error', policy, mended, beyondSandbox, options, cause, mend, clear } = each;
  test(`${rule}${how === undefined ? '' : `: ${how}`}`, async (t) => {
    if (server.simulated && beyondSandbox !== undefined) return t.skip(beyondSandbox);
    await writePolicy(policy);
    await withMongo(server.rootUri, async (root) => {
      await cause?.(root);
      await writePolicy(policy);
      const named = typeof target === 'string' ? target : await target(root);
      const caused = await report(rule, named, severity, options);
      assert.deepEqual(
        caused.found.filter((finding) => !isOfRelease(finding)).map((finding) => finding.severity),
        [severity],
        caused.all,
      );
      assert.equal(caused.code, 1);
      await mend?.(root);
      // What has left the policy since would be told as orphaned.
      await apply(mended ?? policy, ['--prune']);
      const gone = await report(rule, named, 'error', options);
      assert.deepEqual(gone.found, []);
      assert.equal(gone.code, 0, gone.all);
      if (clear === undefined) return;
      await clear(root);
      await apply({}, ['--prune']);
    });
  });
}

test('what the deployment is, demanded otherwise, is found; demanded as it is, nothing is', async () => {
  const { settings = {} } = await withLive(server.rootUri, (cluster) => cluster.read());
  const word = (on: boolean): string => (on ? 'enabled' : 'disabled');
  const switches = [
    ['localhost-exception', 'localhostException', settings.localhostException],
    ['javascript', 'serverSideJavaScript', settings.javascript],
    ['auditing', 'auditing', settings.auditing],
    ['encryption-at-rest', 'encryptionAtRest', settings.encryptionAtRest],
  ] as const;
  const lists = [
    ['mechanisms', 'mechanisms', settings.mechanisms],
    ['bind-ip', 'bindIp', settings.bindIp],
  ] as const;
  const demands = [
    ...switches.flatMap(([rule, demand, on]) =>
      on === undefined ? [] : [{ rule, otherwise: `${demand}: ${word(!on)}`, asItIs: `${demand}: ${word(on)}` }],
    ),
    ...lists.flatMap(([rule, demand, list]) =>
      list === undefined
        ? []
        : [{ rule, otherwise: `${demand}: [nothing]`, asItIs: `${demand}: ${JSON.stringify(list)}` }],
    ),
    ...(settings.tls === undefined || settings.tls === 'requireTLS'
      ? []
      : [{ rule: 'tls', otherwise: 'tls: requireTLS', asItIs: `tls: ${settings.tls}` }]),
    { rule: 'version', otherwise: 'version: ">=99.0"', asItIs: 'version: ">=4.0"' },
  ];
  await apply({ more: `cluster: { ${demands.map(({ otherwise }) => otherwise).join(', ')} }\n` });
  const otherwise = await report('', '', 'error');
  assert.equal(otherwise.code, 1);
  for (const { rule } of demands) assert.match(otherwise.all, new RegExp(`"cluster/${rule}"`));
  await writePolicy({ more: `cluster: { ${demands.map(({ asItIs }) => asItIs).join(', ')} }\n` });
  const { code, all } = await report('', '', 'error');
  assert.equal(code, 0, all);
});
