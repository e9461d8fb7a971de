import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { isAddressRange } from '../../src/model/address.ts';
import { scaled } from '../support/scaled.ts';

test('addresses and CIDR ranges are taken, and nothing else is', () => {
  const taken = [
    '192.0.2.7',
    '10.20.0.0/16',
    '0.0.0.0/0',
    '10.0.0.1/32',
    '::1',
    '2001:db8::/32',
    '::ffff:10.0.0.1/128',
  ];
  const refused = [
    '',
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/0x8',
    '2001:db8::/129',
    '1::2::3',
    '::1]/[',
    'fe80::1%eth0',
  ];
  assert.deepEqual(taken.filter(isAddressRange), taken);
  assert.deepEqual(refused.filter(isAddressRange), []);
});

test('an address is one exactly where node:net says so', () => {
  const near = fc.string({ unit: fc.constantFrom(...'0123456789abf:.'), maxLength: 24 });
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), near), (text) => assert.equal(isAddressRange(text), isIP(text) !== 0)),
    { numRuns: scaled(2000) },
  );
});
