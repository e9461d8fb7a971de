import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, isEmptyRange, lowestVersion, releaseLine, satisfies } from '../../src/model/version.ts';

const ORDER: readonly (readonly [a: string, order: '<' | '=' | '>', b: string])[] = [
  ['4.4.29', '<', '5.0.0'],
  ['4.4.9', '<', '4.4.10'],
  ['8', '=', '8.0.0'],
  ['8.0', '=', '8.0.0'],
  ['5.0.0-rc4', '=', '5.0.0'],
  ['10.0', '>', '9.9.9'],
];

for (const [a, order, b] of ORDER) {
  test(`${a} ${order} ${b}`, () => {
    assert.equal(Math.sign(compareVersions(a, b)), ['<', '=', '>'].indexOf(order) - 1);
    assert.equal(Math.sign(compareVersions(b, a)), 1 - ['<', '=', '>'].indexOf(order));
  });
}

const RANGES: readonly (readonly [version: string, range: string, meets: boolean])[] = [
  ['5.0.3', '>=5.0', true],
  ['4.4.29', '>=5.0', false],
  ['5.0.0', '>5.0', false],
  ['5.0.1', '>5.0', false],
  ['5.1.0', '>5.0', true],
  ['5.0.1', '>5.0.0', true],
  ['5.3.0', '>5', false],
  ['6.0.0', '>5', true],
  ['5.0.0', '<=5.0', true],
  ['5.0.3', '<=5.0', true],
  ['5.1.0', '<=5.0', false],
  ['5.0.3', '<=5.0.2', false],
  ['5.0.3', '=5.0', true],
  ['5.0.3', '5.0', true],
  ['5.1.0', '=5.0', false],
  ['5.0.3', '<5.0', false],
  ['4.4.29', '<5.0', true],
  ['8.0.4', '=8.0.4', true],
  ['8.0.4', '8.0.4', true],
  ['8.0.5', '8.0.4', false],
  ['7.0.1', '>=5.0 <8', true],
  ['8.0.0', '>=5.0 <8', false],
  ['8.0.0', ' >=5.0  <=8 ', true],
  ['8.0.0', '~8', false],
];

for (const [version, range, meets] of RANGES) {
  test(`${version} ${meets ? 'meets' : 'does not meet'} "${range}"`, () => {
    assert.equal(satisfies(version, range), meets);
  });
}

const LOWEST: readonly (readonly [range: string, lowest: string | undefined])[] = [
  ['>=5.0', '5.0'],
  ['>=5.0 <9', '5.0'],
  ['<9 >=5.0', '5.0'],
  ['>=4.4 >=5.0', '5.0'],
  ['8.0.4', '8.0.4'],
  ['<9', undefined],
  ['', undefined],
];

for (const [range, lowest] of LOWEST) {
  test(`the oldest release that "${range}" admits is ${lowest ?? 'not known'}`, () => {
    assert.equal(lowestVersion(range), lowest);
  });
}

test('a range is empty where its ends contradict each other', () => {
  const empty = ['>=8.0 <5.0', '>=8.0 <8.0', '>8.0 <8.1', '=5.0 =6.0', '<=7.0 >7', '>=5.0.4 <5.0.4'];
  const some = ['>=5.0 <9', '>=5.0.4 <=5.0', '>8.0.4 =8.0', '<5', '>8 <10', '8.0.4'];
  assert.deepEqual(empty.filter(isEmptyRange), empty);
  assert.deepEqual(some.filter(isEmptyRange), []);
});

test('a release line is major and minor', () => {
  assert.equal(releaseLine('8.0.4'), '8.0');
  assert.equal(releaseLine('8'), '8.0');
});
