/** Every command that reads a cluster, on servers that are not what they say: a sentence, in time, whatever comes. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { type Behaviour, cursor, hostileServer } from '../support/hostile-server.ts';
import { everyDay, inTurn } from '../support/scaled.ts';
import { inFolder, mongoward, PROGRAM, type Ran, unbuilt } from './terminal.ts';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: trail }
collections:
  audit.logs: { protection: append-only }
roles:
  writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] }
`;

/** Those that read the whole of it. */
const READING: readonly (readonly string[])[] = [
  ['policy', 'who', 'alter', 'audit.logs'],
  ['policy', 'can', 'app@admin', 'find', 'audit.logs'],
  ['policy', 'init', '--from-cluster'],
  ['migrate', 'plan', '--policy', 'p.yaml'],
  ['migrate', 'new', 'first', '--policy', 'p.yaml'],
  ['migrate', 'apply', '--from-policy', '--yes', '--policy', 'p.yaml'],
  ['drift', 'report', '--policy', 'p.yaml'],
  ['cluster', 'snapshot'],
];

/** The deadline, what may pass until work has noticed, and a slow machine. */
const MOST_MS = 30_000;

/** `init` takes the cluster by an option of its own. */
function named(command: readonly string[], uri: string): readonly string[] {
  return command.includes('--from-cluster') ? [uri] : ['--cluster', uri];
}

async function against(uri: string, command: readonly string[], deadlineSeconds = 60): Promise<Ran> {
  const started = performance.now();
  const ran = await inFolder({ 'p.yaml': POLICY }, (cwd) =>
    mongoward([...command, ...named(command, uri), '--deadline', String(deadlineSeconds)], { cwd }),
  );
  assert.ok(performance.now() - started < MOST_MS, `${command.join(' ')} took too long`);
  assert.ok([0, 1, 2].includes(ran.code));
  assert.doesNotMatch(ran.err, /unexpected error|this is a bug/, command.join(' '));
  return ran;
}

async function withServer<T>(behaviour: Behaviour, work: (uri: string) => Promise<T>): Promise<T> {
  const server = await hostileServer(behaviour);
  try {
    return await work(`mongodb://${server.host}/`);
  } finally {
    await server.stop();
  }
}

function on(wanted: string, answer: ReturnType<Behaviour>): Behaviour {
  return (name) => (name === wanted ? answer : undefined);
}

type Documents = readonly Readonly<Record<string, unknown>>[];

function listing(collection: string, documents: Documents): Behaviour {
  return (name, body) => (name === 'find' && body['find'] === collection ? cursor(body, documents) : undefined);
}

function endlessUsers(documents: Documents): Behaviour {
  return (name, body) => {
    const isUsers = name === 'find' && body['find'] === 'system.users';
    return isUsers || name === 'getMore' ? cursor(body, documents, 7n) : undefined;
  };
}

const DEADLINE = /^mongoward: the deadline has passed: the work on 127\.0\.0\.1:\d+ has taken 1 s, and was ended\n/;
const USER = { _id: 'admin.app', user: 'app', db: 'admin', roles: [] };

const ENDLESS: readonly (readonly [what: string, behaviour: Behaviour])[] = [
  ['drips its answers', on('buildInfo', 'drip')],
  ['never answers a command', on('listDatabases', 'silence')],
  ['has a cursor that never ends and gives nothing', endlessUsers([])],
  ['has a cursor that never ends and gives users', endlessUsers([USER])],
];

/** And those whose answers are not MongoDB's. */
const LYING: readonly (readonly [what: string, behaviour: Behaviour, sentence: RegExp])[] = [
  [
    'answers with noise',
    (name) => (name === 'rolesInfo' ? 'noise' : undefined),
    /^mongoward: can't read the built-in roles: /,
  ],
  [
    'sends a message of no bytes',
    on('listDatabases', 0),
    /^mongoward: can't read databases: the server sends a message of 0 bytes, as no MongoDB does\n {2}see whether this is the right server\n$/,
  ],
  [
    'sends a message that has no room for its header',
    on('rolesInfo', 15),
    /^mongoward: can't read the built-in roles: the server sends a message of 15 bytes, as no MongoDB does\n/,
  ],
  [
    'sends a message that is longer than any',
    on('buildInfo', 0x7fffffff),
    /the server sends a message of 2147483647 bytes, as no MongoDB does\n/,
  ],
  [
    'has a version that is none',
    on('buildInfo', { version: { $gt: '' }, ok: 1 }),
    /^mongoward: the server answers buildInfo as no MongoDB does: version is no text\n {2}see whether this is the right server\n$/,
  ],
  [
    'lists no databases',
    on('listDatabases', { databases: 5, ok: 1 }),
    /^mongoward: the server answers listDatabases as no MongoDB does: databases is no list of documents\n/,
  ],
  [
    'has a database without a name',
    on('listDatabases', { databases: [{ name: '' }], ok: 1 }),
    /^mongoward: the server answers listDatabases as no MongoDB does: name is no text\n/,
  ],
  [
    'has a database with a name that leads elsewhere',
    on('listDatabases', { databases: [{ name: '../admin\n::error::' }], ok: 1 }),
    /^mongoward: can't list the collections of \.\.\/admin\\n::error::: Database names cannot contain/,
  ],
  [
    'has a user that is a number',
    listing('system.users', [{ user: 5, db: 'admin', roles: [] }]),
    /^mongoward: the server answers find on admin\.system\.users as no MongoDB does: users\[0\]\.user must be string\n/,
  ],
  [
    'has a role whose privileges are none',
    listing('system.roles', [{ role: 'r', db: 'admin', roles: [], privileges: [{ resource: 'all', actions: null }] }]),
    /^mongoward: the server answers find on admin\.system\.roles as no MongoDB does: roles\[0\]\.privileges\[0\]\.resource must be object\n/,
  ],
  [
    'has built-in roles that are none',
    on('rolesInfo', { roles: [{ role: 'read', db: 'admin', isBuiltin: true, roles: 1 }], ok: 1 }),
    /^mongoward: the server answers rolesInfo as no MongoDB does: roles\[0\] must have required property 'privileges'\n/,
  ],
  [
    'has a collection whose options are a text',
    (name, body) =>
      name === 'listCollections' ? cursor(body, [{ name: 'a', type: 'collection', options: 'x' }]) : undefined,
    /^mongoward: the server answers listCollections of shop as no MongoDB does: databases\[0\]\.collections\[0\]\.options must be object\n/,
  ],
  [
    'says that somebody is logged in who has no name',
    on('connectionStatus', { authInfo: { authenticatedUsers: [{ user: null }] }, ok: 1 }),
    /^mongoward: the server answers connectionStatus as no MongoDB does: user is no text\n/,
  ],
];

suite('a hostile server', { concurrency: 8 }, () => {
  for (const [what, behaviour] of ENDLESS) {
    test(`that ${what} ends every reading command at its deadline`, () =>
      withServer(behaviour, async (uri) => {
        const runs = await Promise.all(READING.map((command) => against(uri, command, 1)));
        for (const [index, { code, err }] of runs.entries()) {
          assert.match(err, DEADLINE, READING[index]?.join(' '));
          assert.equal(code, 2);
        }
      }));
  }

  for (const [index, [what, behaviour, sentence]] of LYING.entries()) {
    test(`that ${what} gets a sentence from every reading command`, () =>
      withServer(behaviour, async (uri) => {
        for (const command of inTurn(READING, index)) {
          const { code, err } = await against(uri, command);
          assert.match(err, sentence, command.join(' '));
          assert.equal(code, 2);
        }
      }));
  }

  test('that greets with a message of no bytes is no server', () =>
    withServer(
      (name) => (/^(?:hello|ismaster)$/i.test(name) ? 0 : undefined),
      async (uri) => {
        for (const command of [
          ['cluster', 'doctor', '--timeout', '1'],
          ['cluster', 'snapshot', '--timeout', '1'],
        ]) {
          const { code, err } = await against(uri, command, 6);
          assert.match(err, /^mongoward: no server answered at .* within 1 s: the server sends a message of 0 bytes/);
          assert.equal(code, 2);
        }
      },
    ));

  test('that drips ends the doctor, too', () =>
    withServer(on('connectionStatus', 'drip'), async (uri) => {
      assert.match((await against(uri, ['cluster', 'doctor'], 1)).err, DEADLINE);
    }));

  test('that lists more users than any cluster has is given up', { skip: everyDay }, async () => {
    const many = Array.from({ length: 900 }, () => ({ ...USER, customData: { text: 'x'.repeat(16_000) } }));
    await withServer(endlessUsers(many), async (uri) => {
      const { err } = await against(uri, ['cluster', 'snapshot']);
      assert.match(err, /^mongoward: the server gives more than 256 MB or 2000000 documents about its accounts/);
    });
  });

  test('whose data keys are none gets a sentence', () => {
    const noText = { toString: 1 };
    const behaviour: Behaviour = (name, body) => {
      if (name === 'listCollections') return cursor(body, [{ name: '__keyVault', type: 'collection', options: {} }]);
      if (name !== 'find' || body['find'] !== '__keyVault') return undefined;
      return cursor(body, [{ _id: noText, keyAltNames: [noText], masterKey: { provider: noText }, status: noText }]);
    };
    return withServer(behaviour, async (uri) => {
      const { err } = await against(uri, ['cluster', 'snapshot']);
      assert.match(
        err,
        /the server answers find on shop\.__keyVault as no MongoDB does: keyVaults\[0\]\.keys\[0\]\.status must be integer\n/,
      );
    });
  });

  test('whose options and parameters have values without a text is read all the same', () => {
    const noText = { toString: 1 };
    const parsed = { net: null, security: 5, auditLog: [], setParameter: noText };
    const behaviour: Behaviour = (name) => {
      if (name === 'getCmdLineOpts') return { argv: [], parsed, ok: 1 };
      return name === 'getParameter' ? { authenticationMechanisms: [noText, null], ok: 1 } : undefined;
    };
    return withServer(behaviour, async (uri) => {
      for (const options of [null, { bindIp: noText, tls: { mode: noText, disabledProtocols: noText } }]) {
        Object.assign(parsed, { net: options });
        const { out, err } = await against(uri, ['cluster', 'snapshot']);
        assert.match(out, /"mechanisms"/, err);
      }
    });
  });

  test('whose names are hostile shows them as one line of visible characters', () => {
    const user = { user: 'a\n::error::b\u202e\u001b[31m', db: 'admin', roles: [{ role: 'root', db: 'admin' }] };
    return withServer(listing('system.users', [user]), async (uri) => {
      const { out } = await against(uri, ['policy', 'who', 'read', 'audit.logs']);
      assert.match(out, /a\\n::error::b\\u202e\\u001b\[31m@admin/);
    });
  });

  test('that wants a password hashed without an end gets none', () =>
    withServer(saslStart, async (uri) => {
      const { err, code } = await against(`${uri.replace('://', '://app:secret@')}?authMechanism=SCRAM-SHA-256`, [
        'cluster',
        'snapshot',
      ]);
      assert.equal(
        err,
        'mongoward: the server asks for 2147483647 rounds of hashing the password, more than any MongoDB does\n' +
          '  see whether this is the right server; up to 1000000 rounds are taken for a login\n',
      );
      assert.equal(code, 2);
    }));
});

const saslStart: Behaviour = (name, body) => {
  if (name !== 'saslStart') return undefined;
  const nonce = /r=([^,]+)/.exec(String(body['payload']))?.[1] ?? '';
  const payload = Buffer.from(`r=${nonce}x,s=${Buffer.alloc(16).toString('base64')},i=2147483647`);
  return { conversationId: 1, done: false, payload, ok: 1 };
};

test('the program ends although a server keeps its connections open', { skip: unbuilt }, () =>
  withServer(on('listDatabases', 'silence'), async (uri) => {
    const line = [PROGRAM, 'cluster', 'snapshot', '--cluster', uri, '--deadline', '1'];
    const ended = await promisify(execFile)(process.execPath, line, { timeout: MOST_MS }).catch(
      (error: unknown) => error,
    );
    assert.ok(ended instanceof Error && 'code' in ended && 'stderr' in ended);
    assert.match(String(ended.stderr), DEADLINE);
    assert.equal(ended.code, 2);
  }),
);
