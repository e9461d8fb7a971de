/** `drift report --scan` as a person runs it: what it says, where it stops and goes on, what it never shows. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EJSON } from 'bson';
import { withMongo } from '../../src/demo/seed.ts';
import { Failure } from '../../src/failure.ts';
import { inFolder, mongoward, type RunOptions } from '../cli/terminal.ts';
import { ciphertext } from '../encryption/sealed.ts';
import { type LiveServer, startLiveServer, uniqueName } from './server.ts';

const db = uniqueName('scanned');
const NS = `${db}.logs`;
const SECRET = 'in@the.clear';
const CONFIG = 'clusters:\n  live: { uri: { fromEnv: LIVE_URI } }\n';

const policy = (bsonType: string, schema = '{}'): string => `
apiVersion: mongoward/v1
metadata: { name: ${db} }
collections:
  ${NS}:
    schema: ${schema}
    encryption:
      keyVault: ${db}.vault
      kms: { provider: local }
      fields:
        user.mail: { bsonType: ${bsonType}, algorithm: random, keyAltName: pii }
`;

let server: LiveServer;

before(async () => {
  server = await startLiveServer();
  const sealed = { user: { mail: ciphertext({ bsonType: 'string' }) } };
  const clear = { user: { mail: SECRET } };
  await withMongo(server.rootUri, async (client) => {
    const logs = client.db(db).collection<{ readonly _id: number | string }>('logs');
    await logs.insertMany([
      { _id: 1, ...sealed },
      { _id: 2, ...clear },
      { _id: 'a', ...sealed },
      { _id: 'b', ...clear },
      { _id: 'c', ...clear },
    ]);
  });
});

after(async () => {
  await withMongo(server.rootUri, (client) => client.db(db).dropDatabase());
  await server.stop();
});

const ALL = ['--all', '--checkpoint', 'scan.json'];

async function inProject(work: (folder: string) => Promise<void>, bsonType = 'string'): Promise<void> {
  await inFolder({ 'mongoward.config.yaml': CONFIG, 'policies/p.yaml': policy(bsonType) }, work);
}

const scan = (cwd: string, more: readonly string[], options: RunOptions = {}) =>
  mongoward(['drift', 'report', '--cluster', 'live', '--scan', NS, '--format', 'json', ...more], {
    cwd,
    env: { LIVE_URI: server.rootUri },
    ...options,
  });

/** What the report says of the data alone. */
function found(out: string): readonly string[] {
  const { findings }: { readonly findings: readonly { readonly rule: string; readonly message: string }[] } =
    JSON.parse(out);
  return findings.filter(({ rule }) => rule.startsWith('encryption/scan-')).map(({ message }) => message);
}

const REFUSED = "the policy's validator would refuse 3 of the 5 documents";
const PLAIN = 'user.mail: 3 of 5 values are stored in the clear';
const FOREIGN = 'user.mail: 2 of 5 values are sealed with a key that is not in the key vault';

test('a sample and all of it say what is stored in the clear, and show nothing of it', async () => {
  await inProject(async (cwd) => {
    for (const [more, of] of [
      [[], 'looked at'],
      [['--sample', '50', '--batch-size', '2'], 'looked at'],
      [['--all'], 'there are'],
      [['--all', '--rate', '1000'], 'there are'],
    ] as const) {
      const { out, err } = await scan(cwd, more);
      assert.deepEqual(found(out), [PLAIN, `${REFUSED} ${of}: they were stored before it, or past it`, FOREIGN]);
      assert.ok(!`${out}${err}`.includes(SECRET));
    }
  });
});

/** On a slow server there are lines before it that tell how long something takes. */
function isOfScan(line: string): boolean {
  return line.includes('%');
}

function cutShort(line: string): void {
  if (isOfScan(line)) throw new Failure('cut short');
}

test('a scan that is cut short goes on from its checkpoint, which is gone when it has come to the end', async (t) => {
  if (server.simulated) return t.skip('the sandbox has no bounds of an index');
  await inProject(async (cwd) => {
    const revocation = await scan(cwd, ALL, { progress: cutShort });
    assert.deepEqual([revocation.code, revocation.out], [2, '']);
    const checkpoint = readFileSync(join(cwd, 'scan.json'), 'utf8');
    assert.ok(!checkpoint.includes(SECRET));
    const { last, tally, refused } = JSON.parse(checkpoint);
    assert.deepEqual([EJSON.parse(last), tally.documents, refused], [{ _id: 2 }, 2, 1]);
    const lines: string[] = [];
    const { out } = await scan(cwd, ALL, { progress: (line) => isOfScan(line) && lines.push(line) });
    assert.deepEqual(found(out), [PLAIN, `${REFUSED} there are: they were stored before it, or past it`, FOREIGN]);
    assert.deepEqual(lines, [`Scanning ${NS} [${'#'.repeat(24)}] 100 % (5)`]);
    assert.ok(!existsSync(join(cwd, 'scan.json')));
  });
});

test('a checkpoint of another field map or schema, or one that is damaged, is refused and kept', async () => {
  await inProject(async (cwd) => {
    await scan(cwd, ALL, { progress: cutShort });
    const before = readFileSync(join(cwd, 'scan.json'), 'utf8');
    await inProject(async (other) => {
      const { code, out, err } = await scan(other, ['--all', '--checkpoint', join(cwd, 'scan.json')]);
      assert.deepEqual([code, out], [2, '']);
      assert.match(
        err,
        /is not the checkpoint of this scan\n {2}it belongs to another collection, field map, schema or key/,
      );
    }, 'int');
    assert.equal(readFileSync(join(cwd, 'scan.json'), 'utf8'), before);
    for (const [file, text] of [
      ['policies/p.yaml', policy('string', '{ required: [event] }')],
      ['scan.json', before.replace('"refused":1', '"refused":0')],
      ['scan.json', before.slice(0, -9)],
    ] as const) {
      writeFileSync(join(cwd, file), text);
      assert.match((await scan(cwd, ALL)).err, /is not the checkpoint of this scan/);
      writeFileSync(join(cwd, 'policies/p.yaml'), policy('string'));
    }
  });
});

const WRONG: readonly (readonly [argv: readonly string[], err: RegExp])[] = [
  [['--sample', '0'], /--sample is a whole number greater than 0/],
  [['--all', '--rate', 'fast'], /--rate is a whole number greater than 0/],
  [['--batch-size', '-1'], /--batch-size is a whole number greater than 0/],
  [['--rate', '5'], /--rate goes with --all/],
  [['--checkpoint', 'scan.json'], /--checkpoint goes with --all/],
  [['--all', '--checkpoint', 'none/scan.json'], /can't write none\/scan.json: there is no folder for it/],
  [['--all', '--sample', '5'], /--all and --sample exclude each other|--sample and --all exclude each other/],
];

for (const [argv, message] of WRONG) {
  test(`--scan ${argv.join(' ')} is refused`, async () => {
    await inProject(async (cwd) => {
      const { code, out, err } = await scan(cwd, argv);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, message);
    });
  });
}

test('a collection in which nothing is sealed is refused, and so are options without --scan', async () => {
  await inProject(async (cwd) => {
    const options = { cwd, env: { LIVE_URI: server.rootUri } };
    assert.equal(
      (await mongoward(['drift', 'report', '--cluster', 'live', '--scan', 'x.y'], options)).err,
      `mongoward: the policy "${db}" seals no fields of x.y\n  it seals fields of ${NS}\n`,
    );
    assert.equal(
      (await mongoward(['drift', 'report', '--cluster', 'live', '--all'], options)).err,
      'mongoward: --all goes with --scan\n  add --scan db.collection\n',
    );
  });
});
