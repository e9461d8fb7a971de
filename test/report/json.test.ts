import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftReport } from '../../src/drift/report.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { driftJson, planJson } from '../../src/report/json.ts';
import { jsonText } from '../../src/report/json-text.ts';
import { lintJson } from '../../src/report/lint-json.ts';
import { intent, owned, policyText, role, state, user } from '../support/build.ts';
import { assertFits } from '../support/output-schema.ts';
import { CLUSTER, EVIDENCE, NO_EVIDENCE, POLICY, TODAY } from './cases.ts';

/** What another program reads, not what stands in memory. */
function fits(schema: string, value: unknown): void {
  assertFits(schema, JSON.parse(jsonText(value)));
}

const plan = (prune = false) => planJson(makePlan(POLICY, CLUSTER, { prune }), EVIDENCE);
const drift = () => driftJson(driftReport(POLICY, CLUSTER, { today: TODAY }), EVIDENCE);
const lint = () => {
  const files = ['xyzzy: 1\n', 'a: [\n', ''].map((text, index) =>
    parsePolicyFile({ file: `${index}.yaml`, text: policyText(text, `p${index}`) }),
  );
  return lintJson(lintPolicies(files, ['0.yaml', '1.yaml'], { today: TODAY }), EVIDENCE);
};

test('a plan fits its schema, with and without pruning, with obstacles, empty', () => {
  fits('migrate-plan', plan());
  fits('migrate-plan', plan(true));
  fits('migrate-plan', planJson(makePlan(intent('users: {u@admin: {}}\n'), state()), EVIDENCE));
  fits('migrate-plan', planJson(makePlan(intent(''), state()), EVIDENCE));
});

test('a plan that rewrites accounts, and leaves some to decide about, fits its schema', () => {
  const policy = intent('restrictions: [{users: "*", on: audit.*, deny: [read, write], remedy: rewrite}]\n');
  const users = [user('app@admin', ['readWriteAnyDatabase@admin']), user('mon@admin', ['clusterMonitor@admin'])];
  const made = planJson(makePlan(policy, state({ users })), EVIDENCE);
  fits('migrate-plan', made);
  assert.deepEqual([made.summary.rewritten, made.summary.undecided], [1, 1]);
});

test('a drift report fits its schema, with findings and without', () => {
  fits('drift-report', drift());
  fits('drift-report', driftJson(driftReport(intent(''), state(), { today: TODAY }), EVIDENCE));
});

test('what the linter found fits its schema', () => {
  fits('policy-lint', lint());
  fits('policy-lint', lintJson({ findings: [], suppressed: [] }, NO_EVIDENCE));
});

test('the same input gives the same bytes', () => {
  for (const make of [plan, drift, lint]) assert.equal(jsonText(make()), jsonText(make()));
});

test('a whole plan, for the smallest change', () => {
  const actual = state({ roles: [role('a@admin')], objects: [owned('role', 'a@admin', false)] });
  const policy = intent('roles: {a@admin: {privileges: [{on: x.y, allow: [find]}]}}\n');
  assert.equal(
    jsonText({ ...planJson(makePlan(policy, actual), NO_EVIDENCE), evidence: undefined }),
    `{
  "operations": [
    {
      "id": "grantPrivilegesToRole a@admin",
      "kind": "grantPrivilegesToRole",
      "target": "a@admin",
      "before": {
        "role": "a",
        "db": "admin",
        "privileges": [],
        "roles": []
      },
      "after": {
        "role": "a",
        "db": "admin",
        "privileges": [
          {
            "resource": {
              "db": "x",
              "collection": "y"
            },
            "actions": [
              "find"
            ]
          }
        ],
        "roles": []
      },
      "reason": {
        "text": "the policy says so",
        "file": "policy.yaml",
        "line": 3
      },
      "effect": {
        "gained": [],
        "lost": []
      }
    }
  ],
  "accounts": [
    {
      "accounts": [
        "a@admin"
      ],
      "kind": "assignable",
      "holds": [
        "a@admin"
      ],
      "willHold": [
        "a@admin"
      ],
      "gains": [
        {
          "on": "x.y",
          "actions": [
            "find"
          ]
        }
      ],
      "loses": [],
      "why": [
        {
          "text": "a@admin changes: the policy says so",
          "file": "policy.yaml",
          "line": 3
        }
      ]
    }
  ],
  "obstacles": [],
  "orphans": [],
  "rewrites": [],
  "undecided": [],
  "summary": {
    "policy": "p",
    "create": 0,
    "change": 1,
    "drop": 0,
    "record": 0,
    "rewritten": 0,
    "undecided": 0,
    "breakGlass": 0
  }
}
`,
  );
});

test('a whole drift report, for one changed role: the difference is a unified one', () => {
  const actual = state({
    roles: [role('a@admin', { 'x.y': ['remove'] })],
    objects: [owned('role', 'a@admin')],
    unreadable: [{ what: 'settings.tls', why: 'not authorized' }],
  });
  const policy = intent('roles: {a@admin: {privileges: [{on: x.y, allow: [find]}]}}\n');
  assert.deepEqual(driftJson(driftReport(policy, actual, { today: TODAY }), NO_EVIDENCE), {
    evidence: NO_EVIDENCE,
    findings: [
      {
        kind: 'changed',
        rule: 'drift/changed',
        severity: 'error',
        target: 'a@admin',
        message: 'the role a@admin is not as the policy says',
        fingerprint: '70dab749e497675b',
        diff: `Index: a@admin
===================================================================
--- a@admin\tcluster
+++ a@admin\tpolicy
@@ -1,3 +1,3 @@
 privileges:
   x.y:
-    - remove
+    - find
`,
        file: 'policy.yaml',
        line: 3,
      },
    ],
    unreadable: [{ what: 'settings.tls', why: 'not authorized' }],
    declared: [],
    summary: { policy: 'p', errors: 1, warnings: 0, infos: 0, breakGlass: 0 },
  });
});

test('what the linter found, whole', () => {
  const files = [parsePolicyFile({ file: 'p.yaml', text: policyText('xyzzy: 1\n') })];
  assert.deepEqual(lintJson(lintPolicies(files, ['p.yaml'], { today: TODAY }), NO_EVIDENCE), {
    evidence: NO_EVIDENCE,
    findings: [
      {
        rule: 'document/schema',
        severity: 'error',
        message: 'unknown key "xyzzy"',
        file: 'p.yaml',
        line: 3,
        column: 1,
        path: '/xyzzy',
      },
    ],
    summary: { errors: 1, warnings: 0, infos: 0 },
  });
});

test('no password and nothing about where it is kept is in a plan', () => {
  assert.doesNotMatch(jsonText(plan()), /SERVICE_PASSWORD|pwd|password/i);
});

test('what is longer than a text can be is told, and what to ask for instead', () => {
  const endless = {
    toJSON: () => {
      throw new RangeError('Invalid string length');
    },
  };
  assert.throws(() => jsonText(endless), {
    name: 'Failure',
    message: 'the answer as JSON is longer than Node.js can hold in one text (512 MiB)',
  });
});
