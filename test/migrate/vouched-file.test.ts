import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMigrations } from '../../src/library/migrations.ts';
import { headOfFile, readDirectory, readThrough } from '../../src/migrate/directory.ts';
import { notInPlace, readByFiles } from '../../src/migrate/pending.ts';
import { formatSum, hashOf } from '../../src/migrate/sum.ts';
import type { ClusterState } from '../../src/state/state.ts';

const HASH = 'f'.repeat(64);
const NAME = '20260131120000_writer.yaml';
const HEAD = `mongowardMigration: 1\npolicy: trail\npolicyHash: ${HASH}\nserver: 8.0.4\n`;
const writer = (kind = 'createRole'): string => `${HEAD}operations:
  - kind: ${kind}
    target: { role: writer, db: audit }
    reason: the policy says so
    after: { privileges: [], roles: [] }
`;

/** The folder's only file, which its sum vouches for. */
function vouched(text: string) {
  const { files, problems } = readDirectory('migrations', [{ name: NAME, text }], sumOf(text));
  assert.deepEqual(problems, []);
  const [file] = files;
  assert.ok(file);
  return file;
}

function sumOf(text: string): string {
  return formatSum([{ name: NAME, hash: hashOf(text) }]);
}

/** A head, and what is read of it: as it is printed, and as nobody prints it. */
const HEADS: Readonly<Record<string, string>> = {
  'as it is printed': writer(),
  'with the line ends of Windows': writer().replaceAll('\n', '\r\n'),
  'with its name in quotes': writer().replace('trail', '"trail"'),
  'with its operations first': `operations: []\n${HEAD}`,
  'as JSON': JSON.stringify({
    mongowardMigration: 1,
    policy: 'trail',
    policyHash: HASH,
    server: '8.0.4',
    operations: [],
  }),
  'with another name in a comment': `# policy: other\n${writer()}`,
  'with another name in a text of several lines': writer().replace(
    '8.0.4',
    '8.0.4\nwarnings:\n  - "one\n    policy: other"',
  ),
};

for (const [what, text] of Object.entries(HEADS)) {
  test(`the head of a file ${what}`, () => {
    const { version, slug, policy, policyHash } = headOfFile(vouched(text));
    assert.deepEqual([version, slug, policy, policyHash], ['20260131120000', 'writer', 'trail', HASH]);
  });
}

test('the head is known of a file whose operations can not be read', () => {
  assert.equal(headOfFile(vouched(writer('dropEverything'))).policy, 'trail');
});

test('a file that can not be read is refused when it is needed, with its line', () => {
  const file = vouched(writer('dropEverything'));
  assert.throws(() => file.migration, { name: 'Failure', message: /^migrations\/20260131120000_writer\.yaml:6: / });
  const { files, problems } = readThrough([file]);
  assert.deepEqual([files, problems.map(({ kind, line }) => [kind, line])], [[], [['invalid', 6]]]);
});

test('a file that can not be read is in place nowhere', () => {
  const state: ClusterState = {
    server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
    roles: [],
    users: [],
    databases: [],
    objects: [],
    unreadable: [],
  };
  const file = vouched(writer('dropEverything'));
  assert.deepEqual(notInPlace(state, [file]), [file]);
});

test('for whoever builds on the library every file is read', () => {
  const text = writer('dropEverything');
  const { files, problems } = readMigrations([
    { name: NAME, text },
    { name: 'mongoward.sum', text: sumOf(text) },
  ]);
  assert.deepEqual([files, problems.map(({ kind, line }) => [kind, line])], [[], [['invalid', 6]]]);
});

/** A text that says "index" or hides what it says is looked into. */
const INDEX = `${HEAD}operations:
  - kind: dropIndex
    target: { db: audit, collection: logs, index: t_1 }
    reason: the policy says so
    before: { key: { t: 1 } }
`;
for (const [what, text] of Object.entries({
  plain: INDEX,
  'with an escape in the word': INDEX.replace('dropIndex', '"drop\\u0049ndex"'),
})) {
  test(`what has to be read of a cluster because of an index, ${what}`, () => {
    assert.deepEqual(readByFiles([vouched(text)]).indexesOf, [{ db: 'audit', collection: 'logs' }]);
  });
}

test('a file that is about roles is not read for what it may have to say of indexes', () => {
  assert.deepEqual(readByFiles([vouched(writer('dropEverything'))]).indexesOf, []);
});
