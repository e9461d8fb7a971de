import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseNamespace } from '../../src/model/names.ts';
import {
  CLUSTER,
  collectionTarget,
  contains,
  covers,
  databaseTarget,
  formatResource,
  parseResource,
  type Resource,
  resourceKey,
  type Target,
} from '../../src/model/resource.ts';
import { resource } from '../support/build.ts';

const BUCKETS = { db: 'audit', system_buckets: 'logs' };
const ANY_BUCKETS = { db: '', system_buckets: '' };

/** `cluster`, a database's name, or a namespace. */
function target(text: string): Target {
  const ns = parseNamespace(text);
  if (text === 'cluster') return CLUSTER;
  return ns === undefined ? databaseTarget(text) : collectionTarget(ns);
}

/** For each target the resources that reach it; all others of the table do not. */
const RESOURCES: Readonly<Record<string, Resource>> = {
  any: { anyResource: true },
  cluster: { cluster: true },
  'audit.logs': resource('audit.logs'),
  'audit.*': resource('audit.*'),
  '*.logs': resource('*.logs'),
  '*.*': resource('*.*'),
  'audit.system.profile': resource('audit.system.profile'),
  '*.system.profile': resource('*.system.profile'),
  'local.*': resource('local.*'),
  'config.*': resource('config.*'),
  'local.oplog.rs': resource('local.oplog.rs'),
  'local.replset.minvalid': resource('local.replset.minvalid'),
  'audit buckets of logs': BUCKETS,
  'all buckets of audit': { db: 'audit', system_buckets: '' },
  'buckets of any logs': { db: '', system_buckets: 'logs' },
  'all buckets': ANY_BUCKETS,
};

const REACHED: readonly (readonly [target: string, ...resources: readonly string[]])[] = [
  ['audit.logs', 'any', 'audit.logs', 'audit.*', '*.logs', '*.*'],
  ['audit.other', 'any', 'audit.*', '*.*'],
  ['other.logs', 'any', '*.logs', '*.*'],
  ['audit.system.profile', 'any', 'audit.system.profile', '*.system.profile'],
  ['other.system.profile', 'any', '*.system.profile'],
  ['audit.systematic', 'any', 'audit.*', '*.*'],
  ['local.logs', 'any', '*.logs', 'local.*'],
  ['config.logs', 'any', '*.logs', 'config.*'],
  ['local.oplog.rs', 'any', 'local.*', 'local.oplog.rs'],
  ['local.replset.minvalid', 'any', 'local.replset.minvalid'],
  ['audit.replset.minvalid', 'any', 'audit.*', '*.*'],
  ['config.chunks', 'any', 'config.*'],
  [
    'audit.system.buckets.logs',
    'any',
    'audit buckets of logs',
    'all buckets of audit',
    'buckets of any logs',
    'all buckets',
  ],
  ['other.system.buckets.x', 'any', 'all buckets'],
  ['audit', 'any', 'audit.*', '*.*'],
  ['local', 'any', 'local.*'],
  ['config', 'any', 'config.*'],
  ['cluster', 'any', 'cluster'],
];

for (const [on, ...resources] of REACHED) {
  test(`${on} is reached by ${resources.join(', ')} and by nothing else`, () => {
    const reaching = Object.keys(RESOURCES).filter((name) => covers(RESOURCES[name] as Resource, target(on)));
    assert.deepEqual(reaching.sort(), [...resources].sort());
  });
}

test('names of a prototype are names like any other', () => {
  assert.equal(covers(resource('__proto__.constructor'), target('__proto__.constructor')), true);
  assert.equal(covers(resource('__proto__.*'), target('audit.logs')), false);
});

const FORMS: readonly (readonly [text: string, resource: Resource])[] = [
  ['any', { anyResource: true }],
  ['cluster', { cluster: true }],
  ['audit.logs', { db: 'audit', collection: 'logs' }],
  ['audit.*', { db: 'audit', collection: '' }],
  ['*.logs', { db: '', collection: 'logs' }],
  ['*.*', { db: '', collection: '' }],
  ['audit.logs.*', { db: 'audit', collection: 'logs.*' }],
  ['{"db":"system_buckets shop","collection":"x"}', { db: 'system_buckets shop', collection: 'x' }],
  ['{"db":"system_buckets shop","collection":""}', { db: 'system_buckets shop', collection: '' }],
  ['{"db":"shop","collection":"x; audit.logs"}', { db: 'shop', collection: 'x; audit.logs' }],
  ['{"db":"a, b","collection":"c"}', { db: 'a, b', collection: 'c' }],
  ['a;b.c,d', { db: 'a;b', collection: 'c,d' }],
];

for (const [text, document] of FORMS) {
  test(`${text} is ${JSON.stringify(document)}`, () => {
    assert.deepEqual(parseResource(text), document);
    assert.equal(formatResource(document), text);
  });
}

test('what is no resource is none', () => {
  for (const text of ['', 'audit', '.logs', 'audit.', '*']) assert.equal(parseResource(text), undefined, text);
});

test('buckets are shown as such, with the name of their collections: a privilege on audit.system.buckets.logs is another', () => {
  assert.equal(formatResource(BUCKETS), 'system_buckets audit.logs');
  assert.equal(formatResource({ db: 'audit', system_buckets: '' }), 'system_buckets audit.*');
  assert.equal(formatResource({ db: '', system_buckets: 'logs' }), 'system_buckets *.logs');
  assert.equal(formatResource(ANY_BUCKETS), 'system_buckets *.*');
  assert.equal(formatResource(resource('audit.system.buckets.logs')), 'audit.system.buckets.logs');
});

const part = fc.oneof(
  fc.constant(''),
  fc.string({ minLength: 1 }).filter((text) => !/[.*]/.test(text)),
);
const resources: fc.Arbitrary<Resource> = fc.oneof(
  fc.constant<Resource>({ anyResource: true }),
  fc.constant<Resource>({ cluster: true }),
  fc.record({ db: part, collection: part }, { noNullPrototype: true }),
);

test('a resource is read as it was written', () => {
  fc.assert(
    fc.property(resources, (written) => {
      assert.deepEqual(parseResource(formatResource(written)), written);
    }),
  );
});

test('resources are equal exactly if their keys are', () => {
  const any = fc.oneof(resources, fc.record({ db: part, system_buckets: part }));
  fc.assert(
    fc.property(any, any, (left, right) => {
      const equal = JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
      assert.equal(resourceKey(left) === resourceKey(right), equal);
    }),
  );
});

test('a resource that contains another reaches all that the other reaches', () => {
  const all = Object.values(RESOURCES);
  for (const outer of all) {
    for (const inner of all.filter((candidate) => contains(outer, candidate))) {
      for (const [on] of REACHED) {
        if (covers(inner, target(on))) assert.ok(covers(outer, target(on)), `${formatResource(outer)} on ${on}`);
      }
    }
  }
});

const CONTAINED: readonly (readonly [outer: string, inner: string, contained: boolean])[] = [
  ['any', 'cluster', true],
  ['any', '*.*', true],
  ['audit.*', 'audit.logs', true],
  ['*.*', 'audit.*', true],
  ['*.logs', 'audit.logs', true],
  ['*.logs', 'audit.*', false],
  ['*.*', 'audit.system.profile', false],
  ['*.*', 'local.*', false],
  ['audit.*', '*.*', false],
  ['cluster', 'audit.logs', false],
  ['all buckets', 'audit buckets of logs', true],
  ['all buckets of audit', 'buckets of any logs', false],
];

for (const [outer, inner, contained] of CONTAINED) {
  test(`${outer} ${contained ? 'contains' : 'does not contain'} ${inner}`, () => {
    assert.equal(contains(RESOURCES[outer] as Resource, RESOURCES[inner] as Resource), contained);
  });
}

test('two resources never look alike, and each is read back', () => {
  const name = fc.constantFrom('', '*', 'a', 'shop', 'system.js', 'with blank', '{', '"', 'system_buckets x', 'x; a.b');
  const db = fc.constantFrom('', '*', 'a', 'shop', '{', 'a.b', 'system_buckets shop', 'x; shop', 'x, shop');
  const any: fc.Arbitrary<Resource> = fc.oneof(
    fc.record({ db, collection: name }),
    fc.record({ db, system_buckets: name }),
    fc.constant<Resource>({ cluster: true }),
    fc.constant<Resource>({ anyResource: true }),
  );
  fc.assert(
    fc.property(any, any, (one, other) => {
      const read = parseResource(formatResource(one));
      assert.ok(read);
      assert.equal(resourceKey(read), resourceKey(one));
      assert.equal(formatResource(one) === formatResource(other), resourceKey(one) === resourceKey(other));
    }),
  );
});
