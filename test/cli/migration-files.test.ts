/** Migration files without applying them: written, checked, told of, put right after a merge. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSandbox } from '../../src/sandbox/server.ts';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { state } from '../support/build.ts';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward, type Ran, withoutEvidence } from './terminal.ts';

const POLICY = (actions: string): string => `apiVersion: mongoward/v1
metadata: { name: shop }
roles:
  reader@shop: { privileges: [{ on: shop.orders, allow: [${actions}] }] }
`;

const FILES = { 'policies/p.yaml': POLICY('find'), 'empty.json': formatSnapshot(state()) };

interface Folder {
  readonly path: string;
  run(line: string): Promise<Ran>;
  read(name: string): string;
  write(name: string, text: string): void;
}

/** A folder with a policy and an empty snapshot, and the command line in it. */
function folder(work: (folder: Folder) => Promise<void>, files: Readonly<Record<string, string>> = {}): Promise<void> {
  return inFolder({ ...FILES, ...files }, (path) =>
    work({
      path,
      run: (line) => mongoward(line.split(' '), { cwd: path }),
      read: (name) => readFileSync(join(path, name), 'utf8'),
      write: (name, text) => {
        mkdirSync(join(path, 'migrations'), { recursive: true });
        writeFileSync(join(path, name), text);
      },
    }),
  );
}

const NEW = 'migrate new first --snapshot empty.json';
const FIRST = 'migrations/20261123120000_first.yaml';
const SUM = 'migrations/mongoward.sum';

test('new writes a file and the sum, and says how to go on', async () => {
  await folder(async ({ path, run }) => {
    const { code, out, err } = await run(NEW);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /\+ create role reader@shop/);
    assert.ok(
      out.endsWith(`Written: ${FIRST}\n         ${SUM}\nReview and commit both, then: mongoward migrate apply\n`),
      out,
    );
    assert.deepEqual(readdirSync(join(path, 'migrations')), ['20261123120000_first.yaml', 'mongoward.sum']);
  });
});

test('new on top of what is pending: nothing to do, then only what is new', async () => {
  await folder(async ({ run, read, write }) => {
    await run(NEW);
    const again = await run(NEW);
    assert.deepEqual(
      [again.code, again.out],
      [0, 'Nothing to do: with what is pending, empty.json will be as the policy "shop"\nsays. No file was written.\n'],
    );
    write('policies/p.yaml', POLICY('find, insert'));
    const second = await run('migrate new second --snapshot empty.json');
    assert.match(second.out, /^On top of 1 pending migration:\n {2}20261123120000_first\.yaml$/m);
    const text = read('migrations/20261123120001_second.yaml');
    assert.match(text, /kind: grantPrivilegesToRole/);
    assert.doesNotMatch(text, /createRole/);
  });
});

test('plan takes what is pending into account', async () => {
  await folder(async ({ run, write }) => {
    await run(NEW);
    write('policies/p.yaml', POLICY('find, insert'));
    const { out } = await run('migrate plan --snapshot empty.json --format json');
    const plan = JSON.parse(out);
    assert.deepEqual(plan.pending, ['20261123120000_first.yaml']);
    assert.deepEqual(
      plan.operations.map(({ id }: { readonly id: string }) => id),
      ['grantPrivilegesToRole reader@shop'],
    );
  });
});

/** What becomes of the folder, and what the next command says: exit code 2, the first line. */
const DAMAGE: Readonly<Record<string, readonly [damage: (folder: Folder) => void, said: string]>> = {
  'an edited file': [
    ({ read, write }) => write(FIRST, read(FIRST).replace('find', 'update')),
    `mongoward: ${FIRST}: it was edited after it was planned`,
  ],
  'a file that is gone': [
    ({ path }) => rmSync(join(path, FIRST)),
    `mongoward: ${FIRST}: it is in mongoward.sum, and not in the folder`,
  ],
  'a merge conflict in a file': [
    ({ read, write }) => write(FIRST, `${read(FIRST)}>>>>>>> theirs\n`),
    `mongoward: ${FIRST}:26: a merge conflict was left here: settle it, and take the lines with <<<<<<<, ======= and >>>>>>> out`,
  ],
  'an empty file': [
    ({ write }) => write(FIRST, ''),
    `mongoward: ${FIRST}:1: the file is empty: a migration is written by mongoward migrate new`,
  ],
  'a file that is far too large': [
    ({ write }) => write(FIRST, ' '.repeat(17 * 1024 * 1024)),
    `mongoward: ${FIRST} is 17 MB large, and 16 MB is the most for one file`,
  ],
  'a file of another name': [
    ({ write }) => write('migrations/notes.yaml', 'a: 1\n'),
    'mongoward: migrations/notes.yaml:1: a migration is named <YYYYMMDDHHMMSS>_<words>.yaml, such as 20260131120000_audit-trail.yaml',
  ],
};

for (const [what, [damage, said]] of Object.entries(DAMAGE)) {
  test(`${what} stops the command with one sentence, and nothing is written`, async () => {
    await folder(async (there) => {
      await there.run(NEW);
      damage(there);
      const before = readdirSync(join(there.path, 'migrations'));
      const { code, out, err } = await there.run('migrate new second --snapshot empty.json');
      assert.deepEqual([code, out, err.split('\n')[0]], [2, '', said]);
      assert.deepEqual(readdirSync(join(there.path, 'migrations')), before);
    });
  });
}

test('a checkout with other line ends is the same folder', async () => {
  await folder(async ({ run, read, write }) => {
    await run(NEW);
    for (const name of [FIRST, SUM]) write(name, read(name).replaceAll('\n', '\r\n'));
    assert.match((await run(NEW)).out, /^Nothing to do: with what is pending/);
  });
});

test('rebase after a merge: the sum is written anew, what was taken is named, and the next command goes on', async () => {
  await folder(async ({ run, read, write }) => {
    await run(NEW);
    const ours = read(SUM);
    write('migrations/20260101000000_theirs.yaml', read(FIRST).replaceAll('shop', 'other'));
    write(SUM, `<<<<<<< HEAD\n${ours}=======\n>>>>>>> theirs\n`);
    const refused = await run(NEW);
    assert.deepEqual(
      [refused.code, refused.err.split('\n')[0]],
      [2, `mongoward: ${SUM}:1: a merge conflict was left in it`],
    );
    const { code, out } = await run('migrate rebase');
    assert.equal(code, 0);
    assert.equal(
      out,
      `~ mongoward.sum
  a merge conflict was left in it: written anew

They run in this order:
  20260101000000_theirs.yaml
  20261123120000_first.yaml

migrations/mongoward.sum is written anew: 2 migrations. Review what changed, and
commit it.
`,
    );
    assert.equal((await run('migrate rebase')).out, 'Nothing to do: migrations is as its sum says (2 migrations).\n');
    assert.match((await run(NEW)).out, /^Nothing to do: with what is pending/);
    const moved = await run('migrate rebase 20260101000000');
    assert.match(moved.out, /~ 20260101000000_theirs\.yaml\n {2}now 20261123120001_theirs\.yaml\n/);
  });
});

test('no link that somebody has put into the folder is written through', async () => {
  await folder(async ({ run, read, write, path }) => {
    await run(NEW);
    const sum = read(SUM);
    write('migrations/20260101000000_theirs.yaml', read(FIRST).replaceAll('shop', 'other'));
    write('victim', 'mine');
    rmSync(join(path, SUM));
    for (const name of ['.mongoward.sum.new', '.mongoward.sum.tmp', 'mongoward.sum.new', 'mongoward.sum']) {
      symlinkSync('../victim', join(path, 'migrations', name));
    }
    assert.equal((await run('migrate rebase')).code, 0);
    assert.equal(read('victim'), 'mine');
    assert.notEqual(read(SUM), sum);
  });
});

/** A mounted ConfigMap: each file is a link into a folder whose name begins with dots. */
test('files that are links into the project are read, as a mounted ConfigMap has them', async () => {
  await folder(async ({ path, run }) => {
    await run(NEW);
    const before = (await run('migrate plan --snapshot empty.json')).out;
    mkdirSync(join(path, 'migrations/..data'));
    for (const name of readdirSync(join(path, 'migrations')).filter((each) => each !== '..data')) {
      renameSync(join(path, 'migrations', name), join(path, 'migrations/..data', name));
      symlinkSync(`..data/${name}`, join(path, 'migrations', name));
    }
    const { code, out } = await run('migrate plan --snapshot empty.json');
    assert.deepEqual([code, withoutEvidence(out)], [0, withoutEvidence(before)]);
  });
});

test('what stands in the place of a migration or the sum and is no file of the project is told', async () => {
  const link = (file: string, how: string): string =>
    `mongoward: ${file} is a link that ${how}\n  put the file itself there, or remove the link\n`;
  for (const file of [FIRST, SUM]) {
    for (const [put, says] of [
      [(at: string) => symlinkSync('nowhere', at), link(file, 'leads nowhere')],
      [(at: string) => symlinkSync('/etc/passwd', at), link(file, 'leads out of the project')],
      [(at: string) => symlinkSync('../policies', at), link(file, 'leads to no file')],
      [(at: string) => mkdirSync(at), `mongoward: ${file} is no file\n  remove it, or give it another name\n`],
    ] as const) {
      await folder(async ({ path, run }) => {
        await run(NEW);
        rmSync(join(path, file));
        put(join(path, file));
        const { code, err } = await run('migrate plan --snapshot empty.json');
        assert.deepEqual([code, err], [2, says]);
      });
    }
  }
});

test('a folder that --dir names for a rebase and that holds nothing is told, and no work well done', async () => {
  await folder(async ({ run }) => {
    const { code, err } = await run('migrate rebase --dir migratons');
    assert.deepEqual(
      [code, err],
      [2, 'mongoward: there are no migrations in migratons\n  --dir names the folder to mend\n'],
    );
  });
});

test('rebase names migrations that were planned without each other', async () => {
  await folder(async ({ run, read, write }) => {
    await run(NEW);
    write('migrations/20261201000000_again.yaml', read(FIRST).replace('find', 'update'));
    const { code, out } = await run('migrate rebase');
    assert.equal(code, 1);
    assert.match(
      out,
      /^x 20261201000000_again\.yaml\n {2}it was planned without 20261123120000_first\.yaml, which leaves/m,
    );
    const next = await run(NEW);
    assert.deepEqual(
      [next.code, next.err.split('\n')[0]],
      [2, 'mongoward: the pending migration 20261201000000_again.yaml no longer fits the cluster'],
    );
  });
});

const TWO = { 'mongoward.config.yaml': 'clusters: { a: { uri: { fromEnv: A } }, b: { uri: { fromEnv: B } } }\n' };

test('where the configuration names several clusters, each has its folder', async () => {
  await folder(async ({ path, run }) => {
    assert.equal((await run('migrate plan --snapshot empty.json')).code, 0);
    const unnamed = await run(NEW);
    assert.equal(
      unnamed.err,
      'mongoward: mongoward.config.yaml names 2 clusters, and each has a folder of migrations\n  say which with --dir: migrations/a, migrations/b\n',
    );
    assert.equal((await run(`${NEW} --dir migrations/b`)).code, 0);
    assert.deepEqual(readdirSync(join(path, 'migrations/b')), ['20261123120000_first.yaml', 'mongoward.sum']);
  }, TWO);
});

test('words without a letter name no file', async () => {
  await folder(async ({ run }) => {
    const { code, err } = await run('migrate new ??? --snapshot empty.json');
    assert.equal(code, 2);
    assert.match(err, /^mongoward: the words for the name of the file hold no letter or digit\n/);
  });
});

test('status: pending, applied, edited; in text, and in the shape of its schema', async () => {
  const sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
  const uri = `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`;
  try {
    await folder(async ({ path, run, read, write }) => {
      const status = (format = 'text') =>
        mongoward(['migrate', 'status', '--cluster', uri, '--format', format], { cwd: path });
      const none = await status();
      assert.deepEqual(
        [none.code, withoutEvidence(none.out)],
        [0, `Migrations on ${sandbox.host}\n\nThere are no migrations in migrations.\n`],
      );
      await run(NEW);
      const pending = await status();
      assert.deepEqual(
        [pending.code, withoutEvidence(pending.out)],
        [
          1,
          `Migrations on ${sandbox.host}\n\npending     20261123120000_first.yaml\n\n0 applied, 0 pending.\n`.replace(
            '0 pending',
            '1 pending',
          ),
        ],
      );
      const applied = await mongoward(['migrate', 'apply', '--cluster', uri, '--yes'], { cwd: path });
      assert.equal(applied.code, 0, applied.err);
      const done = await status();
      assert.equal(done.code, 0);
      assert.match(done.out, /^applied {5}20261123120000_first\.yaml\n {12}.* UTC by root@admin/m);
      write(FIRST, read(FIRST).replace('find', 'update'));
      await run('migrate rebase');
      const edited = await status('json');
      assert.equal(edited.code, 2);
      const report = JSON.parse(edited.out);
      assert.deepEqual(report.problems, [
        { kind: 'edited', file: FIRST, message: 'it is not the file that was applied on this cluster' },
      ]);
      assertFits('migrate-status', report);
    });
  } finally {
    await sandbox.stop();
  }
});
