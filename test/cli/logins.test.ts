/** A connection string in a place where none belongs: nothing that goes out has its password. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { collection, role, state, user } from '../support/build.ts';
import { inTurn } from '../support/scaled.ts';
import { REPORTS } from './report-formats.ts';
import { inFolder, mongoward } from './terminal.ts';

/** Nothing listens there. */
const HOST = '127.0.0.1:1';
const LOGINS = [
  `mongodb://u:hunter2@${HOST}/?serverSelectionTimeoutMS=1`,
  ` mongodb+srv://u:hunter2@${HOST}`,
  `mongodb:/u:hunter2@${HOST}`,
  `mongodb:u:hunter2@${HOST}`,
  `https://u:hunter2@${HOST}/x`,
];

/** Without a scheme it looks like a name. */
const BARE = `u:hunter2@${HOST}`;

const FILES = {
  'policies/p.yaml': `apiVersion: mongoward/v1
metadata: { name: p }
collections: { shop.trail: { protection: append-only } }
`,
  's.json': formatSnapshot(
    state({
      roles: [role('r@admin', { 'shop.*': ['find', 'remove'] })],
      users: [user('u@admin', ['r@admin'])],
      databases: [{ name: 'shop', collections: [collection('trail')] }],
    }),
  ),
};

const REMOVE = [{ resource: { db: 'shop', collection: '' }, actions: ['find', 'remove'] }];

async function words(...before: readonly string[]): Promise<readonly string[]> {
  const { out } = await mongoward(['completion', '--complete', '--', ...before, '']);
  return out.split('\n').filter((word) => word !== '' && word !== 'help' && word !== 'version');
}

/** Every command, but those that stay up. */
async function commands(): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [[], ['init'], ['demo'], ['completion']];
  for (const noun of ['policy', 'migrate', 'drift', 'cluster']) {
    for (const verb of await words(noun)) found.push([noun, verb]);
  }
  return found.filter(([, verb]) => verb !== 'watch');
}

/** The options of a command that take a value, and the words that it asks for. */
async function asked(
  command: readonly string[],
): Promise<{ readonly options: readonly string[]; readonly words: number }> {
  const { out } = await mongoward([...command, '--help'], { width: 200 });
  const options = out.split('\n').flatMap((line) => {
    const [, name] = /^ +(?:-\w, )?--([a-z-]+) /.exec(line) ?? [];
    return name === undefined || line.includes('[boolean]') ? [] : [name];
  });
  return { options, words: [...(out.split('\n')[0] ?? '').matchAll(/<[a-z-]+>/g)].length };
}

test('no command says a password that it is given in the wrong place, or in the right one', async (context) => {
  for (const [turn, command] of (await commands()).entries()) {
    await context.test(`mongoward ${command.join(' ')}`, async () => {
      const { options, words: count } = await asked(command);
      for (const login of inTurn(LOGINS, turn)) {
        const given = Array.from({ length: count }, () => login);
        const lines = [
          [...command, login],
          [...command, ...given],
          ...options.map((name) => [...command, ...given, `--${name}`, login]),
          ...options.map((name) => [...command, ...given, `--${name}`, `html=${login}`]),
        ];
        await inFolder(FILES, async (cwd) => {
          for (const argv of lines) {
            const { out, err } = await mongoward(argv, { cwd, env: { MONGOWARD_TIMEOUT: '0.01' } });
            assert.doesNotMatch(out + err, /hunter2/, argv.join(' '));
          }
          for (const name of options) {
            const variable = `MONGOWARD_${name.replaceAll('-', '_').toUpperCase()}`;
            const { out, err } = await mongoward([...command, ...given], {
              cwd,
              env: { MONGOWARD_TIMEOUT: '0.01', [variable]: login },
            });
            assert.doesNotMatch(out + err, /hunter2/, variable);
          }
        });
      }
    });
  }
});

test('a login without a scheme is not in the message that refuses it', async () => {
  await inFolder(FILES, async (cwd) => {
    for (const line of [
      [BARE],
      ['policy', 'diff', BARE, BARE],
      ['policy', 'lint', BARE],
      ['policy', 'lint', '--format', BARE],
      ['policy', 'explain', BARE],
      ['policy', 'show', '--var', BARE],
      ['policy', 'who', BARE, '--snapshot', 's.json'],
      ['policy', 'who', 'alter', BARE, '--snapshot', 's.json'],
      ['policy', 'can', 'u@admin', 'find', BARE, '--snapshot', 's.json'],
      ['migrate', 'rebase', '--dir', BARE],
      ['drift', 'report', '--snapshot', BARE],
      ['drift', 'report', '-o', `html=${BARE}`, '--snapshot', 's.json', '--policy', BARE],
    ]) {
      const { code, out, err } = await mongoward(line, { cwd });
      assert.equal(code, 2, line.join(' '));
      assert.doesNotMatch(out + err, /hunter2/, line.join(' '));
    }
    const env = { MONGOWARD_SNAPSHOT: BARE };
    assert.doesNotMatch((await mongoward(['drift', 'report'], { cwd, env })).err, /hunter2/);
  });
});

test('of a line that is wrong no secret is shown, whatever it is called', async () => {
  for (const lines of [
    'passwords: {u: hunter2}',
    'passwords:\n  u: hunter2\n  u: x',
    'mongo_uri: hunter2',
    'connectionString: hunter2',
    'dsn: hunter2',
    'url: hunter2',
    'secretKey: hunter2',
    'localMasterKey: hunter2',
    'key: hunter2',
    'bearer: hunter2',
    'pwds: [hunter2]',
    'collections: {a.b: {encryption: {kms: {provider: local, localMasterKey: hunter2}}}}',
    'collections: {a.b: {encryption: {kms: {provider: aws, masterKey: hunter2}}}}',
    'collections:\n  a.b:\n    encryption:\n      kms:\n        localMasterKey:\n          hunter2: {x: hunter2}',
    'users: {u@admin: {password: {fromFile: "mongodb://u:hunter2@h/"}}}',
    'users: {u@admin: {roles: ["mongodb://u:hunter2hunter2hunter2hunter2hunter2@h/"], mechanisms: [mongodb://u:hunter2hunter2hunter2hunter2hunter2@h/]}}',
  ]) {
    const policy = `apiVersion: mongoward/v1\nmetadata: { name: p }\n${lines}\n`;
    await inFolder({ 'policies/p.yaml': policy }, async (cwd) => {
      const lint = await mongoward(['policy', 'lint'], { cwd });
      assert.equal(lint.code, 1, lines);
      const show = await mongoward(['policy', 'show'], { cwd });
      assert.doesNotMatch(
        lint.out + lint.err + show.out + show.err,
        /u: hunter2|: \[?hunter2|:hunter2|hun\.\.\./,
        lines,
      );
    });
  }
});

test('fromFile that holds a connection string is refused without it', async () => {
  for (const login of ['mongodb://u:hunter2@h/', 'mongodb:/u:hunter2@h', 'u:hunter2@h']) {
    const config = `clusters: { prod: { uri: { fromFile: "${login}" } } }\n`;
    await inFolder({ ...FILES, 'mongoward.config.yaml': config }, async (cwd) => {
      const { err } = await mongoward(['cluster', 'doctor', '--cluster', 'prod'], { cwd });
      assert.match(err, /^mongoward: fromFile holds a login instead of a path: /);
      assert.doesNotMatch(err, /hunter2/);
    });
  }
});

test('a report in any form shows names and reasons without the passwords in them, and all else as it is', async () => {
  const role = 'mongodb://u:hunter2@h/@admin';
  const policy = `apiVersion: mongoward/v1
metadata: { name: p, description: "see mongodb://u:hunter2@h/" }
collections: { shop.trail: { protection: append-only } }
breakGlass: [{ user: "mongodb://u:hunter2@h@admin", reason: "ask ops@example.net, mongodb://u@h:27017/x", until: 2027-01-01 }]
`;
  const snapshot = formatSnapshot(
    state({
      roles: [{ role: role.slice(0, -6), db: 'admin', isBuiltin: false, privileges: REMOVE, roles: [] }],
      users: [user('team:reader@admin', [role]), user('mongodb://u:hunter2@h@admin', [role])],
      databases: [{ name: 'shop', collections: [collection('trail')] }],
    }),
  );
  await inFolder({ 'policies/p.yaml': policy, 's.json': snapshot }, async (cwd) => {
    const asked = Object.entries(REPORTS).flatMap(([line, formats]) =>
      formats.map((format) => [line, format] as const),
    );
    for (const [line, format] of asked) {
      const { code, out, err } = await mongoward([...line.split(' '), '--format', format], { cwd });
      assert.ok(code < 2, `${line} ${format}: ${err}`);
      assert.doesNotMatch(out + err, /hunter2/, `${line} --format ${format}`);
      if (format === 'json' || format === 'sarif') JSON.parse(out);
    }
    const who = await mongoward(['policy', 'who', 'alter', 'shop.trail', '--snapshot', 's.json'], { cwd });
    assert.match(who.out, /team:reader@admin/);
    const show = await mongoward(['policy', 'show'], { cwd });
    assert.match(show.out, /ops@example\.net, mongodb:\/\/u@h:27017\/x/);
    await mongoward(['drift', 'report', '--snapshot', 's.json', '-o', 'html=r.html', '-o', 'json=r.json'], { cwd });
    for (const file of ['r.html', 'r.json']) {
      assert.doesNotMatch(readFileSync(join(cwd, file), 'utf8'), /hunter2/, file);
    }
  });
});
