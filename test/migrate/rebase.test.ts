import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MigrationFile, sumProblems } from '../../src/migrate/directory.ts';
import { parseMigrationName } from '../../src/migrate/file-names.ts';
import { FORMAT_VERSION } from '../../src/migrate/migration.ts';
import { rebase } from '../../src/migrate/rebase.ts';
import { formatSum, hashOf } from '../../src/migrate/sum.ts';
import { canonicalRole, type Role } from '../../src/model/role.ts';
import { makeOperation } from '../../src/plan/operations/make-operation.ts';
import type { Operation } from '../../src/plan/operations/operation.ts';
import { role } from '../support/build.ts';

const NOW = new Date('2026-02-01T00:00:00Z');

function file(name: string, ...operations: readonly Operation[]): MigrationFile {
  const named = parseMigrationName(`${name}.yaml`);
  assert.ok(named);
  const head = { formatVersion: FORMAT_VERSION, ...named, policy: 'p', policyHash: '', server: '8.0.4' } as const;
  return { name: `${name}.yaml`, hash: hashOf(name), migration: { ...head, operations } };
}

const form = (...actions: readonly string[]): Role => canonicalRole(role('r@x', { 'x.y': actions }));
const create = (after: Role) => makeOperation({ kind: 'createRole', after }, { text: 'why' });
const grant = (before: Role, after: Role) =>
  makeOperation({ kind: 'grantPrivilegesToRole', before, after }, { text: 'why' });

const A = file('20260101000000_a', create(form('find')));
const B = file('20260102000000_b', grant(form('find'), form('find', 'insert')));
const C = file('20260103000000_c', grant(form('find'), form('find', 'update')));

test('a folder that is as its sum says has nothing to mend', () => {
  const { mended, moved, clashes, sum } = rebase([A, B], formatSum([A, B]), new Set(), NOW);
  assert.deepEqual([mended, moved, clashes, sum], [[], [], [], formatSum([A, B])]);
});

test('after a merge the files are chained in the order of their times', () => {
  const other = file('20260104000000_other');
  const conflict = `<<<<<<< HEAD\n${formatSum([A, B])}=======\n${formatSum([A, other])}>>>>>>> other\n`;
  const { sum, mended, clashes } = rebase([other, A, B], conflict, new Set(), NOW);
  assert.equal(sum, formatSum([A, B, other]));
  assert.deepEqual(sumProblems([A, B, other], sum), []);
  assert.equal(mended[0]?.message, 'a merge conflict was left in it');
  assert.deepEqual(clashes, []);
});

test('what is moved keeps its text and runs last, in its order', () => {
  const { files, moved, sum } = rebase([A, B, C], formatSum([A, B, C]), new Set([A.name, B.name]), NOW);
  assert.deepEqual(
    files.map(({ name, hash, migration }) => [name, hash, migration.version]),
    [
      ['20260103000000_c.yaml', C.hash, '20260103000000'],
      ['20260201000000_a.yaml', A.hash, '20260201000000'],
      ['20260201000001_b.yaml', B.hash, '20260201000001'],
    ],
  );
  assert.deepEqual(moved, [
    { from: A.name, to: '20260201000000_a.yaml' },
    { from: B.name, to: '20260201000001_b.yaml' },
  ]);
  assert.equal(sum, formatSum(files));
});

test('two migrations that were planned without each other and change the same role clash', () => {
  const { clashes } = rebase([A, B, C], formatSum([A, B]), new Set(), NOW);
  assert.deepEqual(clashes, [{ name: C.name, target: 'r@x', earlier: B.name }]);
});

test('what the sum vouches for is not doubted: somebody may have changed the cluster in between', () => {
  const late = file('20260104000000_late');
  assert.deepEqual(rebase([A, B, C, late], formatSum([A, B, C]), new Set(), NOW).clashes, []);
});
