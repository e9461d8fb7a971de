/** What is pending is told by every command that looks at a cluster, with what it would do. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const TRAIL = `apiVersion: mongoward/v1
metadata: { name: trail }
breakGlass: [{ user: root@admin, reason: last resort, until: 2099-12-31 }]
collections:
  audit.logs: { protection: append-only }
`;
const SHOP = `roles:
  cleaner@audit: { privileges: [{ on: audit.logs, allow: [remove] }] }
users:
  billing@admin: { roles: [cleaner@audit], password: { fromEnv: PASSWORD } }
`;

interface Space {
  readonly cwd: string;
  run(line: string): Promise<Ran>;
  /** The text of the only migration, and how to put another one in its place. */
  read(): string;
  write(text: string): Promise<void>;
  findings(): Promise<readonly string[]>;
}

function space(work: (space: Space) => Promise<void>): Promise<void> {
  const files = {
    'mongoward.config.yaml': 'clusters: { here: { uri: { fromEnv: HERE } } }\n',
    'policies/p.yaml': TRAIL.replace(/collections:\n.*\n/, SHOP),
  };
  return inFolder(files, async (cwd) => {
    const sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
    const env = { HERE: `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`, PASSWORD: 'also-secret' };
    const run = (line: string): Promise<Ran> => mongoward(line.split(' '), { cwd, env });
    const path = (): string => {
      const [name = ''] = readdirSync(join(cwd, 'migrations')).filter((file) => file.endsWith('.yaml'));
      return join(cwd, 'migrations', name);
    };
    try {
      assert.equal((await run('migrate new first --cluster here')).code, 0);
      await work({
        cwd,
        run,
        read: () => readFileSync(path(), 'utf8'),
        write: async (text) => {
          writeFileSync(path(), text);
          await run('migrate rebase');
        },
        findings: async () => {
          const { out } = await run('drift report --cluster here --format json');
          const found: readonly { readonly rule: string; readonly severity: string; readonly message: string }[] =
            JSON.parse(out).findings;
          return found
            .filter(({ rule }) => rule.startsWith('migration/'))
            .map(({ rule, severity, message }) => `${severity} ${rule} ${message}`);
        },
      });
    } finally {
      await sandbox.stop();
    }
  });
}

const FILE = '20261123120000_first.yaml';

test('the drift report names a pending migration until it is applied, and one that was edited', async () => {
  await space(async ({ run, read, write, findings }) => {
    assert.deepEqual(await findings(), [`warning migration/pending ${FILE}: it is pending`]);
    assert.equal((await run('migrate apply --cluster here --yes')).code, 0);
    assert.deepEqual(await findings(), []);
    await write(`${read()}\n`);
    assert.deepEqual(await findings(), [
      `error migration/edited ${FILE}: it is not the file that was applied on this cluster`,
    ]);
  });
});

test('a pending migration that would violate a policy: drift, status, plan and apply say so', async () => {
  await space(async ({ cwd, run, findings }) => {
    writeFileSync(join(cwd, 'policies/p.yaml'), TRAIL);
    const violated = 'billing@admin can alter audit.logs through cleaner@audit';
    const violating = (await findings()).filter((text) => text.includes('violating'));
    assert.equal(violating.length, 1);
    assert.ok(
      violating[0]?.startsWith(`error migration/violating ${FILE}: once it is applied: ${violated}`),
      violating[0],
    );
    const status = await run('migrate status --cluster here');
    assert.equal(status.code, 2);
    assert.ok(status.out.includes(`x violating migrations/${FILE}\n  ${violated}`), status.out);
    const plan = await run('migrate plan --check --cluster here');
    assert.deepEqual([plan.code, plan.out.includes(violated)], [1, true]);
    const apply = await run('migrate apply --yes --cluster here');
    assert.deepEqual([apply.code, apply.err.includes(violated)], [2, true]);
  });
});

test('a pending migration whose comment is kinder than it is: drift, status, plan, new and apply say so', async () => {
  await space(async ({ run, read, write, findings }) => {
    await write(read().replace(/# 1\. .*/, '# 1. revoke everything'));
    const says = 'the comment says "1. revoke everything", and the operation below is "1. ';
    const [first = '', second = '', ...rest] = await findings();
    assert.deepEqual(rest, []);
    assert.ok(
      first.startsWith(`error migration/misleading ${FILE}: it says something else than its operations do: line `),
    );
    assert.ok(first.includes(says), first);
    assert.equal(second, `warning migration/pending ${FILE}: it is pending`);
    const status = await run('migrate status --cluster here --format json');
    assert.equal(status.code, 2);
    assert.deepEqual(
      JSON.parse(status.out).problems.map(({ kind, file }: { kind: string; file: string }) => [kind, file]),
      [['misleading', `migrations/${FILE}`]],
    );
    const refusal = `${FILE} says something else than its operations do\n`;
    for (const [command, expected] of [
      ['plan --check', 1],
      ['new second', 2],
      ['apply --yes', 2],
    ] as const) {
      const { code, err } = await run(`migrate ${command} --cluster here`);
      assert.deepEqual([code, err.includes(refusal)], [expected, true], `${command}: ${err}`);
    }
  });
});
