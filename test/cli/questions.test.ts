/** policy who, can and diff: answers with the way, on a snapshot. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward, withoutEvidence } from './terminal.ts';

const SNAPSHOT = {
  mongowardSnapshot: 1,
  server: { version: '8.0.29', edition: 'community', topology: 'replicaSet' },
  roles: [
    { role: 'ops', db: 'admin', privileges: [], roles: [{ role: 'cleaner', db: 'audit' }] },
    {
      role: 'cleaner',
      db: 'audit',
      privileges: [{ resource: { db: 'audit', collection: 'logs' }, actions: ['remove'] }],
      roles: [],
    },
    {
      role: 'CN=DBA,DC=acme',
      db: 'admin',
      privileges: [],
      roles: [{ role: 'dbAdminAnyDatabase', db: 'admin' }],
    },
    {
      role: 'helpdesk',
      db: 'admin',
      privileges: [{ resource: { db: 'admin', collection: '' }, actions: ['changePassword'] }],
      roles: [],
    },
  ],
  users: [
    { user: 'auditor', db: '$external', roles: [{ role: 'read', db: 'audit' }] },
    { user: 'help', db: 'admin', roles: [{ role: 'helpdesk', db: 'admin' }] },
    { user: 'jo', db: 'admin', roles: [{ role: 'ops', db: 'admin' }] },
  ],
  databases: [{ name: 'audit', collections: [{ name: 'logs', type: 'collection', options: {}, indexes: [] }] }],
  objects: [],
};

function onSnapshot<T>(
  work: (run: (line: string) => ReturnType<typeof mongoward>) => Promise<T>,
  snapshot: object = SNAPSHOT,
) {
  return inFolder({ 's.json': JSON.stringify(snapshot) }, (cwd) => work((line) => mongoward(line.split(' '), { cwd })));
}

function shape(name: string, text: string): Record<string, unknown> {
  const value = JSON.parse(text);
  assertFits(name, value);
  const { evidence: _evidence, ...rest } = value;
  return rest;
}

test('who lists every account, by inheritance, by takeover, and roles that a group could be given', async () => {
  await onSnapshot(async (run) => {
    const { code, out } = await run('policy who alter audit.logs --snapshot s.json --format json');
    assert.equal(code, 0);
    assert.deepEqual(shape('policy-who', out)['principals'], [
      {
        user: 'help@admin',
        kind: 'escalation',
        way: 'remove',
        path: ['help@admin', 'helpdesk@admin', 'jo@admin', 'ops@admin', 'cleaner@audit'],
        steps: ['set the password of jo@admin and log in as it', 'delete documents of audit.logs'],
      },
      {
        user: 'jo@admin',
        kind: 'direct',
        way: 'remove',
        path: ['jo@admin', 'ops@admin', 'cleaner@audit'],
        steps: ['delete documents of audit.logs'],
      },
      {
        role: 'CN=DBA,DC=acme@admin',
        kind: 'direct',
        way: 'drop',
        path: ['CN=DBA,DC=acme@admin', 'dbAdminAnyDatabase@admin'],
        steps: ['drop audit.logs'],
      },
    ]);
    const text = await run('policy who alter audit.logs --snapshot s.json');
    assert.ok(
      text.out.split('\n').every((line) => line.length <= 80),
      text.out,
    );
    assert.match(text.out, /\n2 accounts and 1 role that a group could be given can\.\n$/);
  });
});

test('an action is asked directly: nobody who would first have to become somebody else', async () => {
  await onSnapshot(async (run) => {
    const { out } = await run('policy who find audit.logs --snapshot s.json --format json');
    const { principals } = JSON.parse(out);
    assert.deepEqual(
      principals.map(({ user }: { user: string }) => user),
      ['auditor@$external'],
    );
  });
});

/** What an answer rests on. */
const MADE_OF =
  '\nmade      2026-11-23 12:00:00 UTC by mongoward 0.1.0\nsnapshot  s.json, MongoDB 8.0.29, replica set\n';

test('can says yes with every way, or no with exit code 1', async () => {
  await onSnapshot(async (run) => {
    const yes = await run('policy can jo@admin remove audit.logs --snapshot s.json --format json');
    assert.equal(yes.code, 0);
    assert.deepEqual(shape('policy-can', yes.out), {
      allowed: true,
      via: [
        {
          kind: 'direct',
          path: ['jo@admin', 'ops@admin', 'cleaner@audit'],
          steps: ['remove on audit.logs'],
          privilege: { resource: { db: 'audit', collection: 'logs' }, actions: ['remove'] },
        },
      ],
    });
    assert.equal(JSON.parse(yes.out).evidence.sources[0].name, 's.json');
    const no = await run('policy can jo@admin insert audit.logs --snapshot s.json');
    assert.deepEqual(
      [no.code, no.out],
      [1, `No: jo@admin can't insert audit.logs in any way that is known.\n${MADE_OF}`],
    );
  });
});

test('*.* is every database for an action that is granted on databases, and the cluster for any other', async () => {
  const roles = [
    { role: 'all', db: 'admin', privileges: [{ resource: { db: '', collection: '' }, actions: ['find'] }], roles: [] },
    { role: 'one', db: 'admin', privileges: [{ resource: { db: 'x', collection: '' }, actions: ['find'] }], roles: [] },
  ];
  const users = ['all', 'one', 'clusterMonitor'].map((role) => ({
    user: role,
    db: 'admin',
    roles: [{ role, db: 'admin' }],
  }));
  await onSnapshot(
    async (run) => {
      const can = async (user: string, action: string) =>
        (await run(`policy can ${user}@admin ${action} *.* --snapshot s.json`)).out;
      const yes = await can('all', 'find');
      assert.match(yes, /^Yes: all@admin can find \*\.\* \(find on \*\.\*\)/);
      assert.match(yes, /all@admin → all@admin → find on \*\.\*/);
      assert.match(await can('one', 'find'), /^No: /);
      assert.match(await can('clusterMonitor', 'serverStatus'), /serverStatus on cluster/);
      const { out } = await run('policy who find *.* --snapshot s.json --format json');
      assert.deepEqual(
        JSON.parse(out).principals.map(({ user }: { user: string }) => user),
        ['all@admin'],
      );
    },
    { ...SNAPSHOT, roles, users },
  );
});

test('what is unknown is refused with the nearest words', async () => {
  await onSnapshot(async (run) => {
    const cases: readonly (readonly [line: string, err: string])[] = [
      [
        'policy can joe@admin find audit.logs',
        'there is no user joe@admin (did you mean "jo@admin"?)\n  mongoward cluster snapshot lists the users of a cluster, policy show those of a policy. The policy alone is asked where neither --cluster nor --snapshot is given',
      ],
      [
        'policy who finds audit.logs',
        '"finds" is neither an action of MongoDB nor an outcome (did you mean "find"?)\n  the outcomes are read, insert, alter, destroy, unseal, suppress, administer, write',
      ],
      [
        'policy who find .logs',
        '".logs" is no namespace\n  write a collection as db.collection, a database as its name, or "cluster"',
      ],
    ];
    for (const [line, err] of cases) {
      assert.deepEqual(await run(`${line} --snapshot s.json`), { code: 2, out: '', err: `mongoward: ${err}\n` });
    }
  });
});

test('a snapshot without users is no snapshot without accounts', async () => {
  const { users: _users, ...rest } = SNAPSHOT;
  await onSnapshot(async (run) => {
    assert.deepEqual(await run('policy who alter audit.logs --snapshot s.json'), {
      code: 2,
      out: '',
      err: 'mongoward: the users of the cluster are unknown: the snapshot leaves them out\n  ask as an account that may read them. mongoward cluster doctor tells which privileges that takes\n',
    });
  }, rest);
});

test('diff tells gains from what a wider grant had given already, and gates on gains', async () => {
  const wider = structuredClone(SNAPSHOT);
  wider.users[0]?.roles.splice(0, 1, { role: 'readAnyDatabase', db: 'admin' });
  await inFolder({ 'old.json': JSON.stringify(SNAPSHOT), 'new.json': JSON.stringify(wider) }, async (cwd) => {
    const gain = await mongoward(['policy', 'diff', 'old.json', 'new.json', '--fail-on-gain', '--format', 'json'], {
      cwd,
    });
    assert.equal(gain.code, 1);
    const { gained, lost } = shape('policy-diff', gain.out) as Record<
      string,
      { resource: string; accounts: string[] }[]
    >;
    assert.ok(gained?.some(({ resource, accounts }) => resource === '*.*' && accounts[0] === 'auditor@$external'));
    assert.deepEqual(
      lost?.map(({ resource }) => resource),
      [],
    );
    const back = await mongoward(['policy', 'diff', 'new.json', 'old.json', '--fail-on-gain'], { cwd });
    assert.equal(back.code, 0);
    const same = await mongoward(['policy', 'diff', 'old.json', 'old.json'], { cwd });
    assert.equal(withoutEvidence(same.out), 'Nobody gains or loses access.\n');
  });
});

test('diff between a state and a policy: what the policy makes of the state, other accounts as they are', async () => {
  const policy = `apiVersion: mongoward/v1
metadata: {name: p}
users:
  jo@admin: {roles: [read@audit]}
`;
  await inFolder({ 's.json': JSON.stringify(SNAPSHOT), 'p.yaml': policy }, async (cwd) => {
    const { code, out } = await mongoward('policy diff s.json p.yaml --format json'.split(' '), { cwd });
    assert.equal(code, 0);
    const { gained, lost } = shape('policy-diff', out);
    assert.deepEqual(lost, [{ resource: 'audit.logs', actions: ['remove'], accounts: ['jo@admin'], accountCount: 1 }]);
    assert.deepEqual(
      (gained as { accounts: string[] }[]).map(({ accounts }) => accounts),
      [['jo@admin'], ['jo@admin']],
    );
    const back = shape(
      'policy-diff',
      (await mongoward('policy diff p.yaml s.json --format json'.split(' '), { cwd })).out,
    );
    assert.deepEqual(back, { gained: lost, lost: gained });
  });
});

test('a policy alone is asked as its plan would leave the accounts that it took over', async () => {
  const policy = (more: string) => `apiVersion: mongoward/v1
metadata: {name: p}
users:
  ops@admin: {adopted: true, roles: [readWriteAnyDatabase@admin]}
restrictions:
  - {users: "*", ${more}on: audit.*, deny: [read, write, administer], remedy: rewrite}
`;
  const files = { 'old.yaml': policy(''), 'new.yaml': policy('except: [ops@admin], ') };
  await inFolder(files, async (cwd) => {
    const ask = async (...args: readonly string[]) => mongoward(['policy', ...args], { cwd });
    const can = async (...question: readonly string[]) =>
      (await ask('can', 'ops@admin', ...question, '--policy', 'old.yaml')).out.split('\n')[0];
    assert.match((await can('read', 'audit.logs')) ?? '', /^No: /);
    assert.equal(await can('find', 'shop.orders'), 'Yes: ops@admin can find shop.orders (find on shop.*).');
    const run = async (command: object, db: string) => can('--command', JSON.stringify(command), '--db', db);
    assert.equal(await run({ find: 'logs' }, 'audit'), 'No: ops@admin is refused.');
    const pipeline = [{ $out: { db: 'copies', coll: 'orders' } }];
    const copy = { aggregate: 'orders', pipeline, cursor: {} };
    assert.equal(await run(copy, 'shop'), 'Yes: ops@admin may run it.');
    const who = async (file: string) =>
      JSON.parse((await ask('who', 'read', 'audit.logs', '--policy', file, '--format', 'json')).out).principals.length;
    assert.deepEqual([await who('old.yaml'), await who('new.yaml')], [0, 1]);
    const diff = await ask('diff', 'old.yaml', 'new.yaml', '--fail-on-gain');
    assert.equal(diff.code, 1);
    assert.match(diff.out, /on audit\.\*: ops@admin|on \*\.\*: ops@admin/);
  });
});

test('diff shows what accounts are no longer kept from that neither policy defines, and what a view shows', async () => {
  const policy = (more: string) => `apiVersion: mongoward/v1
metadata: {name: p}
restrictions:
  - {users: "*", ${more}on: audit.*, deny: [read], remedy: rewrite}
`;
  const view = { name: 'recent', type: 'view', options: { viewOn: 'logs', pipeline: [] } };
  const sees = { user: 'w', db: 'admin', roles: [{ role: 'sees', db: 'admin' }] };
  const role = {
    role: 'sees',
    db: 'admin',
    privileges: [{ resource: { db: 'audit', collection: 'recent' }, actions: ['find'] }],
    roles: [],
  };
  const old = { ...SNAPSHOT, roles: [...SNAPSHOT.roles, role], users: [...SNAPSHOT.users, sees] };
  const [audit] = SNAPSHOT.databases;
  const databases = [{ name: 'audit', collections: [...(audit?.collections ?? []), view] }];
  const files = {
    'old.yaml': policy(''),
    'new.yaml': policy('except: [ops@admin], '),
    'old.json': JSON.stringify(old),
    'new.json': JSON.stringify({ ...old, databases }),
  };
  await inFolder(files, async (cwd) => {
    const diff = (...args: readonly string[]) => mongoward(['policy', 'diff', ...args, '--fail-on-gain'], { cwd });
    const loosened = await diff('old.yaml', 'new.yaml');
    assert.equal(loosened.code, 1);
    assert.match(loosened.out, /^\+ gained no longer kept from audit\.\* \(read\): ops@admin \(in neither policy\)$/m);
    assert.deepEqual(shape('policy-diff', (await diff('new.yaml', 'old.yaml', '--format', 'json')).out), {
      gained: [],
      lost: [],
      keptOut: [{ on: 'audit.*', outcomes: ['read'], accounts: ['ops@admin'], opens: false }],
    });
    const shown = await diff('old.json', 'new.json');
    assert.equal(shown.code, 1);
    assert.match(shown.out, /^\+ gained read audit\.logs through the view audit\.recent: w@admin$/m);
    assert.deepEqual(shape('policy-diff', (await diff('old.json', 'new.json', '--format', 'json')).out), {
      gained: [],
      lost: [],
      views: [{ on: 'audit.logs', view: 'audit.recent', accounts: ['w@admin'], opens: true }],
    });
  });
});

test('diff gates on what a group could be given and on logins from more places', async () => {
  const old = { ...structuredClone(SNAPSHOT), roles: [], users: [{ user: 'a', db: 'admin', roles: [] }] };
  const gated = (users: object[], roles: object[] = []) => ({ ...old, users, roles });
  const anywhere = { user: 'a', db: 'admin', roles: [] };
  const files = {
    'old.json': gated([{ ...anywhere, authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }] }]),
    'open.json': gated([anywhere]),
    'role.json': gated(
      [{ ...anywhere, authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }] }],
      [
        {
          role: 'ldap',
          db: 'admin',
          privileges: [{ resource: { db: 'audit', collection: 'logs' }, actions: ['remove'] }],
          roles: [],
        },
      ],
    ),
  };
  const texts = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, JSON.stringify(file)]));
  await inFolder(texts, async (cwd) => {
    const diff = (next: string, ...more: string[]) =>
      mongoward(['policy', 'diff', 'old.json', next, '--fail-on-gain', ...more], { cwd });
    const open = await diff('open.json');
    assert.deepEqual(
      [open.code, withoutEvidence(open.out)],
      [1, '+ gained logins from anywhere; until now from 10.0.0.0/8: a@admin\n\n1 gain, 0 lost.\n'],
    );
    const role = await diff('role.json');
    assert.equal(role.code, 1);
    assert.match(role.out, /remove on audit\.logs: whoever is given ldap@admin \(an LDAP or OIDC\s+group\)/);
    assert.deepEqual(shape('policy-diff', (await diff('role.json', '--format', 'json')).out), {
      gained: [],
      lost: [],
      assignable: [{ role: 'ldap@admin', gained: [{ on: 'audit.logs', actions: ['remove'] }], lost: [] }],
    });
  });
});

test('diff takes what is unknown for nothing that it is not', async () => {
  const { users: _users, ...rest } = SNAPSHOT;
  await inFolder({ 's.json': JSON.stringify(SNAPSHOT), 'part.json': JSON.stringify(rest) }, async (cwd) => {
    const { code, err } = await mongoward('policy diff part.json s.json'.split(' '), { cwd });
    assert.equal(code, 2);
    assert.match(err, /the users of the cluster are unknown/);
  });
});

test('a command is decided as the server decides it, with what it uses or lacks', async () => {
  await inFolder({ 's.json': JSON.stringify(SNAPSHOT) }, async (cwd) => {
    const ask = (user: string, command: object, db: string, ...more: readonly string[]) =>
      mongoward(
        ['policy', 'can', user, '--command', JSON.stringify(command), '--db', db, '--snapshot', 's.json', ...more],
        { cwd },
      );
    const removal = { delete: 'logs', deletes: [{ q: {}, limit: 0 }] };
    assert.deepEqual(await ask('jo@admin', removal, 'audit'), {
      code: 0,
      out: `Yes: jo@admin may run it.\n  jo@admin → ops@admin → cleaner@audit → remove on audit.logs\n${MADE_OF}`,
      err: '',
    });
    assert.deepEqual(await ask('jo@admin', { drop: 'logs' }, 'audit'), {
      code: 1,
      out: `No: jo@admin is refused.\n  it lacks dropCollection on audit.logs\n${MADE_OF}`,
      err: '',
    });
    shape('policy-can', (await ask('jo@admin', removal, 'audit', '--format', 'json')).out);
    shape('policy-can', (await ask('jo@admin', { drop: 'logs' }, 'audit', '--format', 'json')).out);
    const unknown = await ask('jo@admin', { dropp: 'logs' }, 'audit');
    assert.deepEqual([unknown.code, unknown.out], [2, '']);
    assert.match(unknown.err, /^mongoward: there is no command "dropp" that is known here \(did you mean "drop"\?\)\n/);
    const half = await mongoward(['policy', 'can', 'jo@admin', '--command', '{}', '--snapshot', 's.json'], { cwd });
    assert.match(half.err, /^mongoward: ask about an action and a namespace, or about --command and --db\n/);
  });
});

test("a built-in role that the server defines otherwise than the catalogue is said, and the server's definition counts", async () => {
  const read = {
    role: 'read',
    db: 'admin',
    isBuiltin: true,
    privileges: [{ resource: { db: 'admin', collection: '' }, actions: ['find', 'remove'] }],
    roles: [],
  };
  await onSnapshot(
    async (run) => {
      const { out, err } = await run('policy who remove audit.logs --snapshot s.json --format json');
      assert.match(
        err,
        /^note: MongoDB 8\.0\.29 defines otherwise than the catalogue of 8\.0\.24, and its own definition counts: read\n$/,
      );
      const users = JSON.parse(out).principals.map(({ user }: { user: string }) => user);
      assert.deepEqual(users, ['auditor@$external', 'jo@admin']);
    },
    { ...SNAPSHOT, roles: [...SNAPSHOT.roles, read] },
  );
});

test('a question that is beside the point is answered, and said to be', async () => {
  const rows: readonly (readonly [question: string, note: string])[] = [
    [
      'dropDatabase audit.logs',
      'MongoDB asks for dropDatabase on the database, not on a collection: ask about "audit"',
    ],
    ['find cluster', 'MongoDB asks for find on databases and collections, not on the cluster'],
    [
      'shutdown audit.logs',
      'MongoDB asks for shutdown on the cluster, not on a database or collection: ask about "cluster"',
    ],
    [
      'remove audit.log',
      'there is no collection audit.log yet (did you mean "logs"?); the answer is about one of that name',
    ],
    [
      'remove audti.logs',
      'there is no database audti yet (did you mean "audit"?); the answer is about one of that name',
    ],
    ['remove audit.recent', 'audit.recent is a view on audit.logs, where its documents are: ask about that too'],
  ];
  const view = { name: 'recent', type: 'view', options: { viewOn: 'logs', pipeline: [] } };
  const [audit] = SNAPSHOT.databases;
  const snapshot = { ...SNAPSHOT, databases: [{ name: 'audit', collections: [...(audit?.collections ?? []), view] }] };
  await onSnapshot(async (run) => {
    for (const [question, note] of rows) {
      const { code, err } = await run(`policy who ${question} --snapshot s.json`);
      assert.deepEqual([code, err], [0, `note: ${note}\n`], question);
    }
  }, snapshot);
});

test('audit.* is the database, *.* the cluster', async () => {
  await onSnapshot(async (run) => {
    for (const [pattern, name] of [
      ['audit.*', 'audit'],
      ['*.*', 'cluster'],
    ]) {
      const { out } = await run(`policy who remove ${pattern} --snapshot s.json --format json`);
      assert.equal(out, (await run(`policy who remove ${name} --snapshot s.json --format json`)).out);
    }
  });
});

test('actions of a newer server are kept, decided by name, and said once', async () => {
  const [first, ...roles] = SNAPSHOT.roles;
  const privileges = [{ resource: { cluster: true }, actions: ['timeTravel', 'unlearn'] }];
  await onSnapshot(
    async (run) => {
      const { code, out, err } = await run('policy can jo@admin timeTravel cluster --snapshot s.json');
      assert.equal(code, 0);
      assert.match(out, /^Yes: jo@admin can timeTravel cluster \(timeTravel on cluster\)\./);
      assert.equal(
        err,
        'note: no release that is known here has these actions: timeTravel, unlearn; they are decided by name, and what else they allow is not known\n',
      );
    },
    { ...SNAPSHOT, roles: [{ ...first, privileges }, ...roles] },
  );
});

const FOREIGN: readonly (readonly [version: string, note: string])[] = [
  ['4.2.1', 'MongoDB 4.2.1 is older than 4.4, the oldest release that is known here. It is answered as MongoDB 4.4'],
  [
    '9.1.0',
    'MongoDB 9.1.0 is newer than 9.0, the newest release that is known here. Its own roles count, and what came with it was not judged',
  ],
];

for (const [version, note] of FOREIGN) {
  test(`a snapshot of MongoDB ${version} is answered, and as what is said once`, async () => {
    const snapshot = { ...SNAPSHOT, server: { ...SNAPSHOT.server, version } };
    await onSnapshot(async (run) => {
      for (const command of ['policy who find audit.logs', 'policy can jo@admin find audit.logs']) {
        const { err } = await run(`${command} --snapshot s.json`);
        assert.deepEqual(
          err.split('\n').filter((line) => line.includes('known here')),
          [`note: ${note}`],
          command,
        );
      }
    }, snapshot);
  });
}

test('a way that takes two grants shows both', async () => {
  const privileges = [
    { resource: { db: 'audit', collection: '' }, actions: ['renameCollectionSameDB'] },
    { resource: { db: 'audit', collection: 'scratch' }, actions: ['update'] },
  ];
  const mover = { role: 'mover', db: 'audit', privileges, roles: [] };
  const users = [{ user: 'm', db: 'admin', roles: [{ role: 'mover', db: 'audit' }] }];
  await onSnapshot(
    async (run) => {
      const { out } = await run('policy who alter audit.logs --snapshot s.json');
      assert.match(
        out,
        /m@admin direct\n {2}m@admin → mover@audit → renameCollectionSameDB on audit\.\*\n {2}and m@admin → mover@audit → update on audit\.scratch\n/,
      );
      const [via] = shape(
        'policy-can',
        (await run('policy can m@admin alter audit.logs --snapshot s.json --format json')).out,
      )['via'] as { also: unknown }[];
      assert.deepEqual(via?.also, [
        {
          path: ['m@admin', 'mover@audit'],
          privilege: { resource: { db: 'audit', collection: 'scratch' }, actions: ['update'] },
        },
      ]);
    },
    { ...SNAPSHOT, roles: [mover], users },
  );
});

test('a line end in a name never looks like a line of ours', async () => {
  const users = [{ user: 'x\nNobody can.', db: 'admin', roles: [{ role: 'root', db: 'admin' }] }];
  await onSnapshot(
    async (run) => {
      const { out } = await run('policy who remove audit.logs --snapshot s.json');
      assert.ok(!out.includes('\nNobody can.'), out);
      assert.match(out, /x\\nNobody can\.@admin direct/);
    },
    { ...SNAPSHOT, users },
  );
});

test('what takes two accounts is told as such: one defines a view that it may not read, the other reads it', async () => {
  const on = (collection: string, ...actions: string[]) => [{ resource: { db: 'audit', collection }, actions }];
  const roles = [
    { role: 'definer', db: 'audit', privileges: on('v', 'createCollection'), roles: [] },
    { role: 'reader', db: 'audit', privileges: on('v', 'find'), roles: [] },
    { role: 'both', db: 'audit', privileges: on('w', 'createCollection', 'find'), roles: [] },
  ];
  const users = roles.map(({ role }) => ({ user: role, db: 'admin', roles: [{ role, db: 'audit' }] }));
  await onSnapshot(
    async (run) => {
      const { out } = await run('policy who read audit.logs --snapshot s.json --format json');
      assert.deepEqual(shape('policy-who', out)['together'], [
        { definers: ['definer@admin'], readers: ['reader@admin'], view: 'audit.v' },
      ]);
      const text = (await run('policy who read audit.logs --snapshot s.json')).out;
      assert.match(text, /Two accounts together\n {2}definer@admin can define the view audit\.v over it/);
    },
    { ...SNAPSHOT, roles, users },
  );
});

test('diff counts a password from another place as a gain', async () => {
  const policy = (password: string): string => `apiVersion: mongoward/v1
metadata: { name: x }
users:
  a@admin: { roles: [read@shop], password: ${password} }
`;
  const files = { 'old.yaml': policy('{ fromEnv: OLD }'), 'new.yaml': policy('{ fromFile: new.txt }') };
  await inFolder(files, async (cwd) => {
    const argv = ['policy', 'diff', 'old.yaml', 'new.yaml', '--fail-on-gain'];
    const { code, out } = await mongoward(argv, { cwd });
    assert.deepEqual(
      [code, withoutEvidence(out)],
      [
        1,
        `+ gained a password from the file new.txt; until now from the environment
         variable OLD: a@admin

1 gain, 0 lost.
`,
      ],
    );
    assert.deepEqual(shape('policy-diff', (await mongoward([...argv, '--format', 'json'], { cwd })).out)['passwords'], [
      { account: 'a@admin', change: 'from the file new.txt; until now from the environment variable OLD' },
    ]);
  });
});

test('a policy that is asked alone knows its collections: a validator that warns has documents logged', async () => {
  const policy = `apiVersion: mongoward/v1
metadata: { name: t }
collections: { audit.logs: { schema: { required: [event] }, validationAction: warn } }
roles: { metrics@admin: { privileges: [{ on: cluster, allow: [getLog] }] } }
users: { exporter@admin: { roles: [metrics@admin], password: { fromEnv: P } } }
`;
  await inFolder({ 'policies/p.yaml': policy }, async (cwd) => {
    const { code, out } = await mongoward(['policy', 'can', 'exporter@admin', 'read', 'audit.logs'], { cwd });
    assert.equal(code, 0);
    assert.match(out, /read documents of audit\.logs that its validator logs/);
  });
});
