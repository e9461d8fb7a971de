import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { holdEveryAddress, isAddressRange, isRangeWithin } from '../../src/model/address.ts';
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

test('ranges hold every address where none of a family is left', () => {
  const every = [
    ['0.0.0.0/0'],
    ['10.0.0.0/0'],
    ['192.0.2.7/00'],
    ['::/0'],
    ['2001:db8::/0'],
    ['10.0.0.1', '128.0.0.0/1', '0.0.0.0/1'],
    ['0.0.0.0/2', '64.0.0.0/2', '127.0.0.0/8', '128.0.0.0/1'],
    ['8000::/1', '::/1', '10.0.0.0/8'],
  ];
  const some = [
    [],
    ['10.0.0.0/8', 'fd00::/8'],
    ['0.0.0.0/1', '128.0.0.0/2'],
    ['0.0.0.0/1', '8000::/1'],
    ['0.0.0.0'],
    ['*', '/0'],
  ];
  assert.deepEqual(every.filter(holdEveryAddress), every);
  assert.deepEqual(some.filter(holdEveryAddress), []);
});

test('a range lies in another one where all of its addresses do', () => {
  const pairs: readonly (readonly [string, string, boolean])[] = [
    ['10.1.0.0/16', '10.0.0.0/8', true],
    ['10.0.0.0/8', '10.1.0.0/16', false],
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.1.2.3', '10.1.2.3/32', true],
    ['11.0.0.0/16', '10.0.0.0/8', false],
    ['192.0.2.7', '0.0.0.0/0', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::', '2001:db8::/32', false],
    ['::', '0.0.0.0/0', false],
    ['10.0.0.1', '::/0', false],
    ['localhost', 'localhost', true],
    ['localhost', '127.0.0.1', false],
    ['127.0.0.1', 'localhost', false],
    ['127.0.0.1', '127.0.0.0/33', false],
  ];
  for (const [inner, outer, is] of pairs) assert.equal(isRangeWithin(inner, outer), is, `${inner} in ${outer}`);
});

test('an address lies in a range exactly where node:net says so', () => {
  const pair = fc.oneof(
    fc.tuple(fc.ipV4(), fc.ipV4(), fc.nat(32), fc.constant('ipv4' as const)),
    fc.tuple(fc.ipV6(), fc.ipV6(), fc.nat(128), fc.constant('ipv6' as const)),
    fc.tuple(fc.ipV6(), fc.nat(128)).map(([at, bits]) => [at, at, bits, 'ipv6' as const] as const),
  );
  fc.assert(
    fc.property(pair, ([address, base, bits, family]) => {
      const list = new BlockList();
      list.addSubnet(base, bits, family);
      assert.equal(isRangeWithin(address, `${base}/${bits}`), list.check(address, family));
    }),
    { numRuns: scaled(2000) },
  );
});
