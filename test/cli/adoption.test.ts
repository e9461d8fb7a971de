/** `policy init` and `cluster doctor` on the sandbox. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startSandbox } from '../../src/sandbox/server.ts';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward } from './terminal.ts';

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let uri: string;

/** A template that is told everything. */
const TRAIL = [
  ...['--template', 'audit-trail', '--without-encryption', '--writer', 'app@admin', '--auditor', 'eve@admin'],
  ...['--break-glass', 'root@admin', '--var', 'lastResortReason=owner', '--var', 'lastResortUntil=2027-06-30'],
];

before(async () => {
  sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
  uri = `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`;
});

after(() => sandbox.stop());

test('what a cluster has is written as a policy, which plans to nothing and holds no secret', async () => {
  await inFolder({}, async (cwd) => {
    const written = await mongoward(['policy', 'init', '--from-cluster', uri], { cwd });
    assert.deepEqual(written, {
      code: 0,
      out: `wrote policies/adopted-users-admin.yaml\n0 roles and 1 user of ${sandbox.host}.\n`,
      err: '',
    });
    assert.doesNotMatch(readFileSync(join(cwd, 'policies/adopted-users-admin.yaml'), 'utf8'), /very-secret|password/);
    const planned = await mongoward(['migrate', 'plan', '--cluster', uri, '--check'], { cwd });
    assert.equal(planned.code, 0);
    assert.match(planned.out, /Nothing to do/);
  });
});

test('a template beside what a cluster has joins that policy, in either order, and one plan sees both', async () => {
  const steps = [['--from-cluster', uri], TRAIL];
  for (const [order, name] of [
    [steps, 'adopted'],
    [[...steps].reverse(), 'audit-trail'],
  ] as const) {
    await inFolder({}, async (cwd) => {
      for (const step of order) await mongoward(['policy', 'init', ...step], { cwd });
      const { code, out } = await mongoward(['migrate', 'plan', '--cluster', uri], { cwd });
      assert.equal(code, 0);
      assert.match(out, new RegExp(`^Plan for policy "${name}" on `));
      assert.match(out, /create role auditWriter@audit/);
    });
  }
});

test('a name that is given is used, also for a template, and one that is none is refused', async () => {
  await inFolder({}, async (cwd) => {
    const { out } = await mongoward(['policy', 'init', ...TRAIL, '--name', 'true'], { cwd });
    assert.equal(
      out,
      'wrote policies/audit-trail.yaml\nwrote policies/audit-trail.test.yaml\nIt is a part of the policy "true".\n',
    );
    assert.match(readFileSync(join(cwd, 'policies/audit-trail.yaml'), 'utf8'), /^ {2}name: "true"$/m);
    const refused = await mongoward(['policy', 'init', '--template', 'audit-trail', '--name', '../x'], { cwd });
    assert.equal(refused.code, 2);
    assert.match(refused.err, /"..\/x" can't be the name of a policy/);
  });
});

test('nothing that is there is overwritten without being told', async () => {
  await inFolder({ 'policies/audit-trail.yaml': 'mine' }, async (cwd) => {
    const refused = await mongoward(['policy', 'init', '--template', 'audit-trail'], { cwd });
    assert.equal(refused.code, 2);
    assert.match(refused.err, /policies\/audit-trail\.yaml is there already/);
    assert.equal(readFileSync(join(cwd, 'policies/audit-trail.yaml'), 'utf8'), 'mine');
    assert.equal((await mongoward(['policy', 'init', ...TRAIL, '--force'], { cwd })).code, 0);
    assert.equal((await mongoward(['policy', 'lint'], { cwd })).code, 0);
  });
});

test('without a source it says what to add, and writes nothing', async () => {
  await inFolder({}, async (cwd) => {
    const { code, err } = await mongoward(['policy', 'init'], { cwd });
    assert.equal(code, 2);
    assert.match(err, /add --from-cluster, --snapshot FILE, or --template/);
    assert.equal(existsSync(join(cwd, 'policies')), false);
  });
});

test('the doctor says as whom a cluster is reached, and what that account may', async () => {
  const { code, out } = await mongoward(['cluster', 'doctor', '--cluster', uri]);
  assert.equal(code, 0);
  assert.match(out, /account +root@admin/);
  assert.match(out, /can +migrate apply/);
  const json = await mongoward(['cluster', 'doctor', '--cluster', uri, '--format', 'json']);
  assertFits('cluster-doctor', JSON.parse(json.out));
  assert.doesNotMatch(json.out + out, /very-secret/);
});
