import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintPolicies } from '../../src/lint/lint.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { policyText } from '../support/build.ts';

function linesOf(lines: string): readonly string[] {
  const file = parsePolicyFile({ file: 'p.yaml', text: policyText(lines) });
  const options = { today: '2026-11-23', only: ['protection/access'] };
  return lintPolicies([file], ['p.yaml'], options).findings.map(({ line, column }) => `${line}:${column}`);
}

const EXCLUSIVE = 'collections: { audit.logs: { access: { read: [] } } }\n';

test('a finding stands at the line of the grant, also where a user bears the name of its role', () => {
  assert.deepEqual(linesOf(`${EXCLUSIVE}users:\n  backup@admin:\n    roles:\n      - backup@admin\n`), ['7:9']);
});

test('where a role of the policy holds the privilege, it stands there, however many roles are between', () => {
  const roles =
    'roles:\n  a@audit:\n    privileges:\n      - { on: audit.logs, allow: [find] }\n  b@audit: { roles: [a@audit] }\n';
  assert.deepEqual(linesOf(`${EXCLUSIVE}${roles}users: { u@admin: { roles: [b@audit] } }\n`), ['7:9']);
});

test('the grant path of a takeover begins with the right to set passwords', () => {
  const roles = 'roles:\n  helpdesk@admin:\n    privileges:\n      - { on: admin.*, allow: [changePassword] }\n';
  const users = 'users:\n  h@admin: { roles: [helpdesk@admin] }\n  r@admin: { roles: [read@audit] }\n';
  assert.deepEqual(linesOf(`${EXCLUSIVE}${roles}${users}`), ['7:9', '10:22']);
});

test('what a grant allows on a newer release counts where the policy admits that release', () => {
  const told = (version: string): readonly string[] => {
    const text = policyText(`cluster: { version: "${version}" }
roles: { tuner@audit: { privileges: [{ on: audit.logs, allow: [collMod] }] } }
users: { app@admin: { roles: [tuner@audit] } }
restrictions: [{ users: "*", on: audit.*, deny: [destroy] }]
`);
    const options = { today: '2026-11-23', only: ['protection/restriction'] };
    return lintPolicies([parsePolicyFile({ file: 'p.yaml', text })], ['p.yaml'], options).findings.map(
      ({ line, message }) => `${line} ${/\(on MongoDB.*\)/.exec(message)?.[0] ?? 'on the oldest'}`,
    );
  };
  assert.deepEqual(told('>=5.1'), ['4 on the oldest']);
  assert.deepEqual(told('>=5.0'), ['4 (on MongoDB 9.0, which the policy admits too)']);
});
