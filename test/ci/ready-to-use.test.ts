/** What docs/ci/ offers ready to use, tried as far as it goes without the services that it is for. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { prometheusFormat } from '../../src/report/drift/prometheus.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder, mongoward } from '../cli/terminal.ts';
import { intent, state, user } from '../support/build.ts';
import { drifted } from '../support/drift.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'docs/ci');
const FILES = readdirSync(FOLDER).sort();
const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

test('every file is YAML or JSON without an error, or a unit of systemd', () => {
  for (const name of FILES) {
    if (name.endsWith('.json')) JSON.parse(textOf(name));
    else if (name.endsWith('.yaml')) {
      for (const { errors, warnings } of parseAllDocuments(textOf(name)))
        assert.deepEqual([...errors, ...warnings], []);
    } else assert.match(name, /\.(?:service|timer)$/);
  }
});

/** `['drift', 'report', '--all-clusters', …]`, wherever a file calls the program. */
function callsIn(name: string): readonly (readonly string[])[] {
  const text = textOf(name);
  const lines = [...text.matchAll(/(?:^|[\s/:])mongoward ((?:policy|migrate|drift) [^\n>"]*)/g)].map(([, line = '']) =>
    line.trim().split(/\s+/),
  );
  const lists = [...text.matchAll(/^\s*args: (\[.*\])$/gm)].map(([, list = '']) => parse(list).map(String));
  return [...lines, ...lists];
}

test('every command line has a command and options that the program knows', async () => {
  const calls = FILES.filter((name) => /\.(?:yaml|service)$/.test(name)).flatMap((name) =>
    callsIn(name).map((call) => ({ name, call })),
  );
  assert.ok(calls.length >= 7);
  for (const { name, call } of calls) {
    const { code, out } = await mongoward([...call.slice(0, 2), '--help']);
    assert.equal(code, 0, `${name}: ${call.join(' ')}`);
    for (const option of call.filter((word) => word.startsWith('-'))) {
      assert.match(out, new RegExp(`(?:^|[ ,])${option}\\b`, 'm'), `${name}: ${option}`);
    }
  }
});

const PROJECT = {
  'mongoward.config.yaml': 'clusters: { prod: { uri: { fromEnv: PROD_URI } } }\n',
  'policies/p.yaml': 'apiVersion: mongoward/v1\nmetadata: { name: p }\ncluster: { authorization: enabled }\n',
};

test('every command line runs to its end in a project of one cluster, and writes what it is to write', async () => {
  const root = { user: 'root', password: 'root' };
  const sandbox = await startSandbox({ root });
  try {
    for (const name of FILES.filter((file) => /\.(?:yaml|service)$/.test(file))) {
      for (const call of callsIn(name).filter(([, verb]) => verb !== 'watch')) {
        await inFolder(PROJECT, async (cwd) => {
          const here = call.map((word) => word.replace(/\/(?:var\/lib|etc)\/mongoward\//, ''));
          const { code, err } = await mongoward(here, { cwd, env: { PROD_URI: sandbox.uri(root) } });
          assert.deepEqual([code, err], [0, ''], `${name}: ${call.join(' ')}`);
          for (const [, file = ''] of here.join(' ').matchAll(/-o \w+=(\S+)/g)) {
            assert.ok(existsSync(join(cwd, file)), `${name}: ${file}`);
          }
        });
      }
    }
  } finally {
    await sandbox.stop();
  }
});

test('the actions of GitHub are of one version each', () => {
  const texts = [...FILES.map(textOf), readFileSync(join(ROOT, 'docs/linting.md'), 'utf8')].join('\n');
  const used = [...new Set(texts.match(/uses: \S+@\S+/g))].map((text) => text.replace(/@.*/, ''));
  assert.equal(new Set(used).size, used.length, used.join());
});

test('what a workflow runs is a script that bash reads', { skip: hasNot('bash') }, () => {
  const scripts = FILES.filter((name) => name.startsWith('github-') || name.startsWith('gitlab-')).flatMap((name) =>
    scriptsIn(parse(textOf(name))),
  );
  assert.ok(scripts.length >= 5);
  for (const script of [...scripts, readFileSync(join(ROOT, 'scripts/action.sh'), 'utf8')]) {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, ''], script);
  }
});

function scriptsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(scriptsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    (key === 'run' || key === 'script') && typeof item === 'string' ? [item] : scriptsIn(item),
  );
}

/** Kubernetes, "Pod Security Standards", Restricted. */
test('pods are restricted, write nothing, and have a limit', () => {
  const names = FILES.filter((name) => name.startsWith('kubernetes-'));
  assert.deepEqual(names, ['kubernetes-drift.yaml', 'kubernetes-watch.yaml']);
  for (const name of names) {
    const { spec } = parse(textOf(name));
    const pod = (spec.jobTemplate?.spec ?? spec).template.spec;
    assert.equal(pod.securityContext.runAsNonRoot, true, name);
    assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault', name);
    assert.equal(pod.automountServiceAccountToken, false, name);
    for (const { securityContext, resources, env } of pod.containers) {
      assert.deepEqual(
        securityContext,
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        name,
      );
      assert.ok(resources.limits.memory, name);
      for (const { value } of env) assert.equal(value, undefined, 'a secret is referred to, and never written');
    }
  }
});

test('the units of systemd are such as systemd takes', { skip: hasNot('systemd-analyze') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-units-'));
  try {
    const units = FILES.filter((name) => /\.(?:service|timer)$/.test(name)).map((name) => join(folder, name));
    // The program need not be installed where the tests run.
    for (const path of units)
      writeFileSync(path, textOf(path.split('/').at(-1) ?? '').replace('/usr/bin/mongoward', process.execPath));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    const own = stderr.split('\n').filter((line) => line.includes('mongoward'));
    assert.deepEqual([status, own], [0, []], stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Of a cluster whose policy and accounts have something to say to each metric, hostile names among them. */
function metricsText(): string {
  const policy = intent(`collections: { audit.logs: { protection: append-only } }
breakGlass: [{ user: root@admin, reason: r, until: 2027-01-01 }]
attestations: [{ control: alerting, value: v, owner: o, reviewedOn: 2026-11-01, reviewEvery: 30d }]
`);
  return prometheusFormat(
    [drifted(policy, state({ users: [user('a@x')] }), { now: new Date(0), cluster: 'a"b\\c\nd' })],
    [{ cluster: 'away', message: 'no answer' }],
  );
}

/** The metrics that there are, each with its labels. */
function metrics(): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    [...metricsText().matchAll(/^(mongoward_\w+)\{(.*)\} /gm)].map(([, name = '', labels = '']) => [
      name,
      new Set([...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label)),
    ]),
  );
}

/** Of PromQL and legends: the metrics that they are about, and the labels that they name. */
function assertKnown(expression: string, others: string, known: ReturnType<typeof metrics>, where: string): void {
  const named = [...new Set(expression.match(/mongoward_\w+/g))];
  const labels = [
    ...[...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/, */)),
    ...[...expression.matchAll(/(\w+)\s*=~?"/g)].map(([, label = '']) => label),
    ...[...others.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = '']) => label),
  ];
  assert.ok(named.length > 0, where);
  for (const name of named) {
    assert.ok(known.has(name), `${where}: ${name}`);
    for (const label of labels) assert.ok(known.get(name)?.has(label), `${where}: ${name} has no label ${label}`);
  }
  const depth = [...expression.replaceAll(/"[^"]*"/g, '')].reduce(
    (open, sign) => open + ('({['.includes(sign) ? 1 : ')}]'.includes(sign) ? -1 : 0),
    0,
  );
  assert.equal(depth, 0, `${where}: brackets`);
}

test('alert rules are about metrics and labels that there are', () => {
  const { groups } = parse(textOf('prometheus-alerts.yaml'));
  const rules = groups.flatMap(({ rules: list }: { rules: Rule[] }) => list) as readonly Rule[];
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const { alert, expr, annotations, labels } of rules) {
    assert.match(labels.severity, /^(?:critical|warning)$/);
    assertKnown(expr, annotations.summary.replaceAll('{{ $value }}', ''), metrics(), alert);
  }
});

const noPromtool = hasNot('promtool');

test('alert rules and metrics are such as Prometheus takes, and alerts fire when they are to', {
  skip: noPromtool,
}, () => {
  const rules = ['check', 'rules', '--lint=all', '--lint-fatal', join(FOLDER, 'prometheus-alerts.yaml')];
  for (const [argv, input] of [
    [rules, ''],
    [['test', 'rules', join(ROOT, 'test/ci/prometheus-alerts.test.yaml')], ''],
    [['check', 'metrics'], metricsText()],
  ] as const) {
    const { status, stdout, stderr } = spawnSync('promtool', argv, { input, encoding: 'utf8' });
    assert.equal(status, 0, `promtool ${argv.join(' ')}\n${stdout}${stderr}`);
  }
});

test('the test of the alert rules is about every one of them', () => {
  const { groups } = parse(textOf('prometheus-alerts.yaml'));
  const tried = readFileSync(join(ROOT, 'test/ci/prometheus-alerts.test.yaml'), 'utf8');
  const fired = parse(tried).tests.flatMap(({ alert_rule_test: all }: { alert_rule_test: Fired[] }) =>
    all.filter(({ exp_alerts: expected = [] }) => expected.length > 0).map(({ alertname }) => alertname),
  );
  const named = groups.flatMap(({ rules }: { rules: Rule[] }) => rules.map(({ alert }) => alert));
  assert.deepEqual([...new Set(fired)].sort(), named.sort());
});

interface Fired {
  readonly alertname: string;
  readonly exp_alerts?: readonly unknown[];
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

test('the dashboard shows metrics and labels that there are, in panels that do not overlap', () => {
  const { panels, templating } = JSON.parse(textOf('grafana-dashboard.json')) as Dashboard;
  const taken = new Set<string>();
  for (const { id, title, gridPos, datasource, targets } of panels) {
    assert.deepEqual(datasource, { type: 'prometheus', uid: `\${${templating.list[0]?.name}}` });
    for (const { expr, legendFormat } of targets) assertKnown(expr, legendFormat, metrics(), title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        assert.ok(x < 24 && !taken.has(`${x} ${y}`), `${title} overlaps`);
        taken.add(`${x} ${y}`);
      }
    }
    assert.equal(panels.filter((other) => other.id === id).length, 1);
  }
});

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly datasource: object;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

function hasNot(program: string): string | false {
  return spawnSync(program, ['--version']).error === undefined ? false : `there is no ${program} here`;
}
