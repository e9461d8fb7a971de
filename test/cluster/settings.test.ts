import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowestTls } from '../../src/cluster/settings.ts';

const LOWEST: readonly (readonly [disabled: string | undefined, version: string, lowest: string])[] = [
  [undefined, '7.0.5', '1.1'],
  [undefined, '8.2.3', '1.2'],
  ['none', '8.2.3', '1.0'],
  ['TLS1_0', '8.2.3', '1.1'],
  ['TLS1_0,TLS1_1', '5.0.4', '1.2'],
  ['noTLS1_0,noTLS1_1', '5.0.4', '1.2'],
  ['TLS1_1', '5.0.4', '1.0'],
  ['TLS1_0,TLS1_1,TLS1_2', '5.0.4', '1.3'],
];

test('the lowest version of TLS is the first that is not disabled, by the option or by the release', () => {
  for (const [disabled, version, lowest] of LOWEST) {
    assert.equal(lowestTls(disabled, version), lowest, `${disabled} on ${version}`);
  }
});
