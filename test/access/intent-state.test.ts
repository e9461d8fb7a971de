import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intentState } from '../../src/access/intent-state.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import { NEWEST_RELEASE, OLDEST_RELEASE } from '../../src/model/catalogue.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { intent, policyText } from '../support/build.ts';

const ANSWERED: readonly (readonly [range: string | undefined, version: string])[] = [
  ['>=5.0', '5.0'],
  ['8.0.4', '8.0.4'],
  ['<5', OLDEST_RELEASE],
  ['<=4.4', OLDEST_RELEASE],
  ['<9 <8', OLDEST_RELEASE],
  [undefined, `${NEWEST_RELEASE}.99`],
];

for (const [range, version] of ANSWERED) {
  test(`a policy that admits ${range ?? 'any version'} is answered as MongoDB ${version}`, () => {
    const policy = intent(range === undefined ? '' : `cluster: { version: "${range}" }\n`);
    assert.equal(intentState(policy).server.version, version);
  });
}

test('a range without a lower end is held against the oldest release', () => {
  const text = policyText(`collections: { audit.logs: { protection: append-only } }
roles:
  w@audit: { privileges: [{ on: audit.logs, allow: [insert] }] }
  m@admin: { privileges: [{ on: cluster, allow: [setUserWriteBlockMode] }] }
users: { w@audit: { roles: [w@audit] } }
cluster: { version: "<5", tls: requireTLS }
`);
  const options = { today: '2026-11-23', only: ['release/voids-protection', 'document/not-in-release'] };
  const { findings } = lintPolicies([parsePolicyFile({ file: 'p.yaml', text })], ['p.yaml'], options);
  assert.deepEqual(
    findings.map(({ rule, line }) => `${line} ${rule}`),
    ['6 document/not-in-release', '8 release/voids-protection'],
  );
});
