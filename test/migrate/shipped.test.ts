import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isMigrationFile, readDirectory } from '../../src/migrate/directory.ts';
import { policyHash } from '../../src/migrate/policy-hash.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { simulate } from '../../src/plan/simulate.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import { state } from '../support/build.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const file = 'policies/audit-trail.yaml';
const { intent } = compilePolicy([parsePolicyFile({ file, text: read(file) })]);
const texts = readdirSync(join(root, 'migrations/empty-cluster')).filter(isMigrationFile);
const directory = readDirectory(
  'migrations/empty-cluster',
  texts.map((name) => ({ name, text: read(`migrations/empty-cluster/${name}`) })),
  read('migrations/empty-cluster/mongoward.sum'),
);

test('the shipped migration is whole, and as its sum says', () => {
  assert.deepEqual(directory.problems, []);
  assert.deepEqual(
    directory.files.map(({ name }) => name),
    ['20260101000000_audit-trail.yaml'],
  );
});

test('the shipped migration makes an empty cluster what the shipped policy says', () => {
  assert.ok(intent);
  const [shipped] = directory.files;
  assert.equal(shipped?.migration.policyHash, policyHash(intent));
  const after = simulate(state(), shipped?.migration.operations ?? []);
  assert.deepEqual(makePlan(intent, after).operations, []);
});

test('the shipped migration holds no secret, only where one is read from', () => {
  const text = texts.map((name) => read(`migrations/empty-cluster/${name}`)).join('');
  assert.deepEqual(text.match(/password: .*/g), ['password: { fromEnv: CRUD_SERVICE_PASSWORD }']);
});
