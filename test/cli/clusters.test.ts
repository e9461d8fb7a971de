/** Which cluster, which configuration, whose migrations: what is meant where little is said. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startSandbox } from '../../src/sandbox/server.ts';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { state } from '../support/build.ts';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const POLICY = (name: string): string => `apiVersion: mongoward/v1
metadata: { name: ${name} }
roles:
  reader@${name}: { privileges: [{ on: ${name}.orders, allow: [find] }] }
`;

const ONE = 'clusters:\n  a: { uri: { fromEnv: A } }\n';
const TWO = `${ONE}  b: { uri: { fromEnv: B }, policies: [others] }\n`;

const FILES = {
  'mongoward.config.yaml': ONE,
  'policies/p.yaml': POLICY('shop'),
  'others/p.yaml': POLICY('crm'),
  'empty.json': formatSnapshot(state()),
};

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let env: Record<string, string>;

before(async () => {
  sandbox = await startSandbox({ root: { user: 'root', password: 'very-secret' } });
  const uri = `mongodb://root:very-secret@${sandbox.host}/?authSource=admin`;
  env = { A: uri, B: uri };
});

after(() => sandbox.stop());

function folder(
  files: Readonly<Record<string, string>>,
  work: (
    run: (line: string, more?: Record<string, string>) => ReturnType<typeof mongoward>,
    cwd: string,
  ) => Promise<void>,
): Promise<void> {
  return inFolder({ ...FILES, ...files }, (cwd) =>
    work((line, more = {}) => mongoward(line.split(' '), { cwd, env: { ...env, ...more } }), cwd),
  );
}

test('the only cluster of the configuration is meant where none is named', async () => {
  await folder({}, async (run) => {
    const { code, out, err } = await run('migrate plan');
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^Plan for policy "shop" on a \(/);
    for (const line of ['migrate new first', 'migrate apply --dry-run', 'migrate status', 'cluster doctor']) {
      const ran = await run(line);
      assert.equal(ran.code, line === 'migrate status' ? 1 : 0, `${line}: ${ran.err}${ran.out}`);
    }
  });
});

test('a watch ends at once where it could never read anything', async () => {
  const watch = 'drift watch --listen 127.0.0.1:0';
  await folder({ 'policies/p.yaml': 'apiVersion: mongoward/v1\nmetadata: { name: shop }\nrole: {}\n' }, async (run) => {
    assert.deepEqual(await run(watch), {
      code: 2,
      out: '',
      err: `mongoward: the policy is not valid
  policies/p.yaml:3:1: unknown key "role" (did you mean "roles"?)
  mongoward policy lint shows the same with more about each
`,
    });
    assert.match(
      (await run(`${watch} --policy nowhere.yaml`)).err,
      /^mongoward: there is no file or folder nowhere\.yaml\n/,
    );
  });
  await folder({ 'mongoward.config.yaml': TWO, 'others/p.yaml': '' }, async (run) => {
    assert.match((await run(`${watch} --cluster b`)).err, /^mongoward: the policy is not valid\n {2}others\/p\.yaml/);
    assert.match((await run(`${watch} --cluster a,c`)).err, /^mongoward: there is no cluster "c"/);
    assert.match((await run(watch)).err, /^ {2}add --cluster a or --cluster b, or --all-clusters$/m);
    const unset = await run(`${watch} --cluster a`, { A: '' });
    assert.match(
      unset.err,
      /^mongoward: the environment variable A is not set: the URI of cluster "a" is read from it\n/,
    );
    assert.match((await run(`${watch} --cluster a --timeout 0`)).err, /^mongoward: --timeout is a number of seconds/);
  });
});

/** Watches in a folder until something is told besides that it watches. */
async function watchedUntilTold(cwd: string, more: readonly string[], begun = (): void => {}): Promise<Ran> {
  const ending = new AbortController();
  return mongoward(['drift', 'watch', '--interval', '1s', '--listen', '127.0.0.1:0', ...more], {
    cwd,
    env,
    ending: AbortSignal.any([ending.signal, AbortSignal.timeout(20_000)]),
    told: (text) => (text.startsWith('watching') ? begun() : ending.abort()),
  });
}

test('a watch of the only cluster of the configuration goes on when its policy is spoilt later, and says so', async () => {
  await folder({}, async (_run, cwd) => {
    const { code, err } = await watchedUntilTold(cwd, [], () => writeFileSync(join(cwd, 'policies/p.yaml'), ''));
    assert.equal(code, 0, err);
    assert.match(err, /^watching: .*\nnot read: a: the policy is not valid/);
  });
});

test('of several clusters a watch tells the one that has no valid policy, and watches the others', async () => {
  await folder({ 'mongoward.config.yaml': TWO, 'others/p.yaml': '' }, async (_run, cwd) => {
    const { code, err } = await watchedUntilTold(cwd, ['--all-clusters']);
    assert.equal(code, 0, err);
    assert.match(err, /^watching: .*\nnot read: b: the policy is not valid/);
  });
});

test('with two, each command says what to add, and what it takes in the place of a cluster', async () => {
  await folder({ 'mongoward.config.yaml': TWO }, async (run) => {
    const none = 'mongoward: no cluster is named, and mongoward.config.yaml has 2\n  add --cluster a or --cluster b';
    assert.equal((await run('migrate plan')).err, `${none}, or --snapshot FILE\n`);
    assert.equal((await run('cluster doctor')).err, `${none}\n`);
    assert.equal((await run('cluster doctor --cluster aa')).err.split('\n')[1], '  known: a, b (did you mean "a"?)');
  });
});

test('each cluster has its policies, and lint looks at those of all', async () => {
  await folder({ 'mongoward.config.yaml': TWO }, async (run) => {
    assert.match((await run('policy show --cluster a')).out, /reader@shop/);
    assert.match((await run('policy show --cluster b')).out, /reader@crm/);
    const linted = async (line: string): Promise<string> => (await run(line)).out;
    assert.match(await linted('policy lint'), /2 files/);
    assert.match(await linted('policy lint --cluster b'), /1 file\b/);
    assert.equal((await run('policy lint --cluster c')).code, 2);
  });
});

test('where each cluster has policies of its own, whoever names none is told theirs', async () => {
  const config =
    'clusters:\n  a: { uri: { fromEnv: A }, policies: [prod] }\n  b: { uri: { fromEnv: B }, policies: [staging] }\n';
  await inFolder({ 'mongoward.config.yaml': config, 'prod/p.yaml': POLICY('shop') }, async (cwd) => {
    const said =
      'mongoward: there is no folder policies: in mongoward.config.yaml clusters have their own\n  name the policies of a cluster: prod staging\n';
    for (const line of ['policy show', 'policy test', 'policy types']) {
      const { code, err } = await mongoward(line.split(' '), { cwd });
      assert.deepEqual([code, err], [2, said], line);
    }
    assert.equal((await mongoward(['policy', 'show', '--cluster', 'a'], { cwd })).code, 0);
    const missing = await mongoward(['policy', 'show', '--cluster', 'b'], { cwd });
    assert.match(missing.err, /^mongoward: there is no file or folder \S*staging\n/);
  });
});

test('lint holds the policies of two clusters against each other only where one cluster has both', async () => {
  const entry = (name: string, ...policies: string[]): string =>
    `  ${name}: { uri: { fromEnv: A }${policies.length === 0 ? '' : `, policies: [${policies.join(', ')}]`} }\n`;
  const trail =
    'apiVersion: mongoward/v1\nmetadata: { name: p }\ncollections: { shop.orders: { protection: append-only } }\n';
  const grant = `apiVersion: mongoward/v1\nmetadata: { name: q }\nroles:\n  r@shop: { privileges: [{ on: shop.orders, allow: [remove] }] }\nusers:\n  u@admin: { roles: [r@shop] }\n`;
  const errors = async (config: string, line = 'policy lint'): Promise<readonly string[]> => {
    const files = {
      'mongoward.config.yaml': config,
      'policies/p.yaml': trail,
      'same/p.yaml': trail.replace('orders', 'carts'),
      'grants/q.yaml': grant,
    };
    let told: readonly string[] = [];
    await folder(files, async (run) => {
      const { out } = await run(`${line} --format json`);
      told = JSON.parse(out)
        .findings.filter(({ severity }: { severity: string }) => severity === 'error')
        .map(
          ({ rule, file, message }: { rule: string; file: string; message: string }) =>
            `${file} ${rule}${/ \(on .*\)$/.exec(message)?.[0] ?? ''}`,
        );
    });
    return told;
  };
  const clusters = (...entries: string[]): string => `clusters:\n${entries.join('')}`;
  assert.deepEqual(await errors(clusters(entry('a'), entry('b', 'same'))), []);
  assert.deepEqual(await errors(clusters(entry('a'), entry('b', 'grants'))), []);
  const broken = 'grants/q.yaml protection/append-only';
  assert.deepEqual(await errors(clusters(entry('a', 'policies', 'grants'))), [broken]);
  const both = clusters(entry('a', 'policies', 'grants'), entry('b', 'grants'), entry('c'));
  assert.deepEqual(await errors(both), [`${broken} (on a)`]);
  assert.deepEqual(await errors(both, 'policy lint grants/q.yaml'), [`${broken} (on a)`]);
  assert.deepEqual(await errors(both, 'policy lint --cluster b'), []);
});

test('lint judges by the versions that a cluster has, where its entry says so', async () => {
  const config = `clusters:
  old: { uri: { fromEnv: A }, cluster: { version: ">=4.4" } }
  new: { uri: { fromEnv: B } }
`;
  const policy = `apiVersion: mongoward/v1
metadata: { name: p }
cluster: { version: ">=8.0" }
collections: { audit.logs: { protection: append-only } }
roles: { writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] } }
users: { service@admin: { roles: [writer@audit] } }
`;
  await inFolder({ 'mongoward.config.yaml': config, 'policies/p.yaml': policy }, async (cwd) => {
    const told = async (...line: string[]): Promise<readonly string[]> => {
      const { out } = await mongoward(['policy', 'lint', '--rule', 'release/voids-protection', ...line], { cwd });
      return out.match(/\(on \w+\)|"p" in 1 file/g) ?? [];
    };
    assert.deepEqual(await told(), ['(on old)']);
    assert.deepEqual(await told('--cluster', 'new'), ['"p" in 1 file']);
  });
});

test('where a second cluster is added, the files of the first are found once it is said whose they are', async () => {
  const plan = 'migrate new first --cluster a';
  await folder({}, async (run, cwd) => {
    assert.equal((await run(plan)).code, 0);
    const [file = ''] = readdirSync(join(cwd, 'migrations'));
    const lost = await folderWith(cwd, TWO, () => run('migrate status --cluster a'));
    assert.deepEqual(
      [lost.code, lost.err],
      [
        2,
        `mongoward: migrations/ holds migrations, and mongoward.config.yaml does not say of which of its 2 clusters
  if they are of a: add "migrations: migrations" to clusters.a in mongoward.config.yaml
  or move them: mkdir migrations/a && git mv migrations/*.yaml migrations/mongoward.sum migrations/a
  each cluster has a folder of its own, migrations/<cluster>, because a migration is planned against one cluster; nothing was changed
`,
      ],
    );
    const claimed = TWO.replace('{ fromEnv: A }', '{ fromEnv: A }, migrations: migrations');
    const found = await folderWith(cwd, claimed, () => run('migrate status --cluster a'));
    assert.match(found.out, new RegExp(`pending +${file}`));
    const others = await folderWith(cwd, claimed, () => run('migrate status --cluster b'));
    assert.match(others.out, /There are no migrations in migrations\/b/);
  });
});

test('where the second cluster goes, the folder of the one that is left is still found', async () => {
  await folder({ 'mongoward.config.yaml': TWO }, async (run, cwd) => {
    assert.equal((await run('migrate new first --cluster a')).code, 0);
    const { out } = await folderWith(cwd, ONE, () => run('migrate status'));
    assert.match(out, /pending/);
  });
});

async function folderWith<T>(cwd: string, config: string, work: () => Promise<T>): Promise<T> {
  writeFileSync(join(cwd, 'mongoward.config.yaml'), config);
  return work();
}

test('the configuration is found above the working directory, as far as the repository goes', async () => {
  await folder({ 'apps/shop/x': '', '.git/HEAD': '' }, async (_run, cwd) => {
    const below = (at: string) => mongoward(['policy', 'show', '--format', 'json'], { cwd: join(cwd, at), env });
    assert.match((await below('apps/shop')).out, /reader@shop/);
    mkdirSync(join(cwd, 'apps/.git'));
    assert.equal((await below('apps/shop')).code, 2, 'a repository of its own');
  });
});

test('every option can come from the environment, and what stands on the command line wins', async () => {
  await folder({ 'mongoward.config.yaml': TWO, 'other.yaml': ONE }, async (run) => {
    assert.match((await run('migrate plan', { MONGOWARD_CLUSTER: 'b' })).out, /policy "crm" on b \(/);
    assert.match((await run('migrate plan --cluster a', { MONGOWARD_CLUSTER: 'b' })).out, /policy "shop" on a \(/);
    assert.match((await run('migrate plan', { MONGOWARD_CONFIG: 'other.yaml' })).out, /policy "shop" on a \(/);
    assert.equal((await run('migrate plan --snapshot empty.json', { MONGOWARD_CLUSTER: 'a' })).code, 0);
    assert.equal((await run('migrate plan --cluster a', { MONGOWARD_CHECK: 'true' })).code, 1);
    assert.match((await run('policy show', { MONGOWARD_FORMAT: 'json' })).out, /^\{/);
    assert.match((await run('policy export', { MONGOWARD_TO: 'mongosh' })).out, /createRole|createUser/);
    const unknown = await run('policy show', { MONGOWARD_FORMAT: 'xml' });
    assert.match(unknown.err, /^mongoward: MONGOWARD_FORMAT can't be "xml": it is one of /);
    const wrong = await run('migrate plan --cluster a', { MONGOWARD_CHECK: 'perhaps' });
    assert.match(wrong.err, /^mongoward: the environment variable MONGOWARD_CHECK is neither true nor false\n/);
  });
});

test('a command line that is proposed names the cluster only where that is needed', async () => {
  await folder({}, async (run) => {
    assert.match((await run('migrate new first')).out, /then: mongoward migrate apply\n$/);
  });
  await folder({ 'mongoward.config.yaml': TWO }, async (run) => {
    assert.match((await run('migrate new first --cluster b')).out, /then: mongoward migrate apply --cluster b\n$/);
  });
});

test('an earlier report that is not there is told as what it is, and no cluster is blamed', async () => {
  const config = 'clusters: { a: { uri: { fromEnv: A } }, b: { uri: { fromEnv: A } } }\n';
  const policy = 'apiVersion: mongoward/v1\nmetadata: { name: shop }\nusers: { app@admin: { roles: [read@shop] } }\n';
  await inFolder({ 'mongoward.config.yaml': config, 'policies/p.yaml': policy }, async (cwd) => {
    const argv = ['drift', 'report', '--all-clusters', '--since', 'last.json'];
    const { code, err } = await mongoward(argv, { cwd, env: { A: 'mongodb://127.0.0.1:1' } });
    assert.deepEqual([code, err], [2, "mongoward: can't read last.json: there is no such file\n"]);
  });
});
