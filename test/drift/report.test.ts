import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftReport } from '../../src/drift/report.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, intent, owned, role, state, ttl, user } from '../support/build.ts';

const TODAY = '2026-11-23';

/** `severity rule target: message`, with the line of the policy and the way where there are any. */
function findings(policy: string, actual: ClusterState): readonly string[] {
  return driftReport(intent(policy), actual, { today: TODAY }).findings.map(
    ({ severity, rule, target, message, path, origin }) => {
      const line = origin === undefined ? '' : ` (line ${origin().line})`;
      const technique = path === undefined ? '' : ` [${path.join(' → ')}]`;
      return `${severity} ${rule} ${target}: ${message}${line}${technique}`;
    },
  );
}

const ROLE = 'roles: {a@admin: {}}\n';
const EMPTY = intent('');

test('a cluster that is as the policy says has no drift', () => {
  assert.deepEqual(driftReport(EMPTY, state(), { today: TODAY }), {
    policy: 'p',
    findings: [],
    accepted: [],
    unreadable: [],
    declared: [],
    breakGlass: 0,
  });
  assert.deepEqual(findings(ROLE, state({ roles: [role('a@admin')], objects: [owned('role', 'a@admin')] })), []);
});

test('who can take the keys of a sealed and protected collection away breaks its protection', () => {
  const policy = `collections:
  audit.logs:
    protection: append-only
    encryption:
      keyVault: keys.vault
      fields: { user: { bsonType: string, algorithm: random, keyAltName: audit } }
breakGlass: [{ user: root@admin, reason: owner, until: 2099-01-01 }]
`;
  const validator = { $jsonSchema: { properties: { user: { encrypt: { bsonType: 'string' } } } } };
  const able = (rest: Partial<ClusterState>) =>
    findings(
      policy,
      state({
        users: [
          user('root@admin', ['root@admin']),
          user('keeper@admin', ['keeper@keys']),
          user('app@admin', ['user@keys']),
        ],
        roles: [
          role('keeper@keys', { 'keys.vault': ['remove'] }),
          role('user@keys', { 'keys.vault': ['find', 'insert'] }),
        ],
        databases: [
          { name: 'audit', collections: [collection('logs', { options: { validator } })] },
          { name: 'keys', collections: [collection('vault')] },
        ],
        ...rest,
      }),
    ).filter((text) => text.includes('protection/'));
  assert.deepEqual(able({ keyVaults: [{ ns: 'keys.vault', keys: [] }] }), [
    'error protection/append-only keeper@admin: keeper@admin can destroy audit.logs through keeper@keys. It can delete documents of keys.vault, and with the keys make what is sealed in audit.logs unreadable. Revoke keeper@keys, or name keeper@admin under breakGlass (line 4) [keeper@admin → keeper@keys → remove on keys.vault]',
  ]);
  assert.deepEqual(able({}), []);
});

test('who can write our own records, on which plans rely, is told in one warning', () => {
  const stands = { ...owned('role', 'read-except-audit-1@admin'), replaces: 'read@admin' };
  const told = (objects: ClusterState['objects']) =>
    findings(
      'breakGlass: [{ user: b@admin, reason: owner, until: 2099-01-01 }]\n',
      state({
        ...(objects && { objects }),
        roles: [role('read-except-audit-1@admin')],
        users: ['a', 'b', 'c', 'd'].map((name) =>
          user(`${name}@admin`, [
            name === 'c' ? 'root@admin' : name === 'd' ? 'readAnyDatabase@admin' : 'readWriteAnyDatabase@admin',
          ]),
        ),
      }),
    ).filter((text) => text.includes('own-records'));
  assert.deepEqual(told([]), []);
  assert.deepEqual(told([stands]), [
    'warning restriction/own-records mongoward: a@admin can write mongoward.*, where Mongoward keeps which roles stand for which, its journal and its lock: whoever does can stop it, or mislead the next plan. Restrict them from mongoward.* too, and read plans before applying them',
  ]);
});

test('missing: a role, a user, a collection', () => {
  const policy = 'roles: {a@admin: {}}\nusers: {"CN=x@$external": {}}\ncollections: {x.y: {}}\n';
  assert.deepEqual(findings(policy, state()), [
    'error drift/missing CN=x@$external: the user CN=x@$external does not exist (line 4)',
    'error drift/missing a@admin: the role a@admin does not exist (line 3)',
    'error drift/missing x.y: the collection x.y does not exist (line 5)',
  ]);
});

test('changed: one finding for a role, whatever the number of operations, with both its forms', () => {
  const policy = intent('roles: {a@admin: {privileges: [{on: x.y, allow: [find]}]}}\n');
  const before = role('a@admin', { 'x.y': ['remove'] });
  const actual = state({ roles: [before], objects: [owned('role', 'a@admin')] });
  const [found, ...others] = driftReport(policy, actual, { today: TODAY }).findings;
  assert.deepEqual(others, []);
  const { origin, ...rest } = found ?? {};
  assert.deepEqual(origin?.(), { file: 'policy.yaml', line: 3, column: 9, path: '/roles/a@admin' });
  assert.deepEqual(rest, {
    kind: 'changed',
    rule: 'drift/changed',
    severity: 'error',
    target: 'a@admin',
    message: 'the role a@admin is not as the policy says',
    states: { before, after: role('a@admin', { 'x.y': ['find'] }) },
  });
});

test('changed: a validator, and an index by which documents expire', () => {
  const policy = 'collections: {x.y: {retention: forever, schema: {bsonType: object}}}\n';
  const databases = [{ name: 'x', collections: [collection('y', { indexes: [ttl(60)] })] }];
  assert.deepEqual(findings(policy, state({ databases, objects: [owned('collection', 'x.y')] })), [
    'error drift/changed x.y: the collection x.y is not as the policy says (line 3)',
    'error drift/changed x.y.$ttl: the index ttl removes documents after 60 s, and the policy keeps them (line 3)',
  ]);
});

test('a role and a user of the same name are two', () => {
  const policy = 'roles: {a@admin: {clientSource: [10.0.0.1]}}\nusers: {a@admin: {roles: [a@admin]}}\n';
  const objects = [owned('role', 'a@admin'), owned('user', 'a@admin')];
  assert.deepEqual(findings(policy, state({ roles: [role('a@admin')], users: [user('a@admin')], objects })), [
    'error drift/changed a@admin: the role a@admin is not as the policy says (line 3)',
    'error drift/changed a@admin: the user a@admin is not as the policy says (line 4)',
  ]);
});

test('unrecorded: what exists as the policy says, and is not in the record', () => {
  assert.deepEqual(findings(ROLE, state({ roles: [role('a@admin')] })), [
    "info drift/unrecorded a@admin: the role a@admin is not in the cluster's record of what the policy owns: migrate apply records it",
  ]);
});

test('orphaned: what has left the policy, whether the policy made it or took it over', () => {
  const there = {
    roles: [role('a@admin')],
    users: [user('u@admin')],
    databases: [{ name: 'audit', collections: [collection('old'), collection('theirs')] }],
  };
  const objects = [
    owned('role', 'a@admin'),
    owned('user', 'u@admin', false),
    owned('collection', 'audit.old'),
    owned('collection', 'audit.theirs', false),
  ];
  assert.deepEqual(findings('', state({ ...there, objects })), [
    'error drift/orphaned a@admin: the role a@admin has left the policy and still exists: migrate apply --prune drops it',
    'error drift/orphaned audit.old: the collection audit.old has left the policy and still exists: collections are never dropped, so it stays; --prune forgets it',
    'error drift/orphaned audit.theirs: the collection audit.theirs has left the policy and still exists: the policy did not make it, so it stays; --prune forgets it',
    'error drift/orphaned u@admin: the user u@admin has left the policy and still exists: the policy did not make it, so it stays; --prune forgets it',
  ]);
  assert.deepEqual(findings('', state({ ...there, objects: [owned('role', 'a@admin', true, 'theirs')] })), []);
});

test('what has left the policy and is no longer there, or never was, is not orphaned, and --prune forgets it', () => {
  const objects = [owned('role', 'a@admin'), owned('user', 'u@admin'), owned('collection', '$external.x')];
  const actual = state({ objects });
  assert.deepEqual(findings('', actual), []);
  const { operations, desired } = makePlan(intent(''), actual, { prune: true });
  assert.deepEqual(
    operations.map(({ kind }) => kind),
    ['forgetObject', 'forgetObject', 'forgetObject'],
  );
  assert.deepEqual(desired.objects, []);
  const { databases: _databases, ...unknown } = state({ objects: [owned('collection', 'audit.logs')] });
  assert.deepEqual(makePlan(intent(''), unknown).orphans, unknown.objects);
});

test('obstacle: what no operation can mend', () => {
  const objects = [owned('role', 'a@admin', true, 'theirs')];
  assert.deepEqual(findings(ROLE, state({ roles: [role('a@admin')], objects })), [
    'error drift/obstacle a@admin: the role a@admin belongs to the policy "theirs" (line 3)',
  ]);
});

const LOGS = {
  databases: [{ name: 'audit', collections: [collection('logs')] }],
  objects: [owned('collection', 'audit.logs')],
};
const PROTECTED = 'collections: {audit.logs: {protection: append-only}}\n';

test('protection: who can alter or destroy is told with the way, its outcomes together', () => {
  const users = [user('app@admin', ['readWrite@audit']), user('fine@admin', ['read@audit'])];
  assert.deepEqual(findings(PROTECTED, state({ ...LOGS, users })), [
    'error protection/append-only app@admin: app@admin can alter and destroy audit.logs through readWrite@audit. It can change documents of audit.logs and drop audit.logs. Revoke readWrite@audit, or name app@admin under breakGlass (line 3) [app@admin → readWrite@audit → update on audit.*]',
  ]);
});

test('protection: what the account does is told for every outcome, once', () => {
  const message = (protection: string, ...actions: readonly string[]) => {
    const roles = [role('r@admin', { 'audit.logs': actions })];
    const actual = state({ ...LOGS, roles, users: [user('app@admin', ['r@admin'])] });
    return findings(`collections: {audit.logs: {protection: ${protection}}}\n`, actual).map((text) =>
      text.slice(text.indexOf(': ') + 2, text.indexOf('. Revoke')),
    );
  };
  assert.deepEqual(message('append-only', 'remove'), [
    'app@admin can alter audit.logs through r@admin. It can delete documents of audit.logs',
  ]);
  assert.deepEqual(message('append-only', 'dropCollection'), [
    'app@admin can alter and destroy audit.logs through r@admin. It can drop audit.logs',
  ]);
  assert.deepEqual(message('append-only', 'remove', 'dropCollection'), [
    'app@admin can alter and destroy audit.logs through r@admin. It can delete documents of audit.logs and drop audit.logs',
  ]);
  assert.deepEqual(message('read-only', 'insert', 'remove', 'dropCollection'), [
    'app@admin can insert, alter and destroy audit.logs through r@admin. It can insert into audit.logs, delete documents of audit.logs and drop audit.logs',
  ]);
});

test('protection: read-only rules inserting out too, none rules nothing out', () => {
  const users = [user('app@admin', ['writer@admin'])];
  const actual = state({ ...LOGS, users, roles: [role('writer@admin', { 'audit.logs': ['insert'] })] });
  assert.deepEqual(findings('collections: {audit.logs: {protection: read-only}}\n', actual), [
    'error protection/read-only app@admin: app@admin can insert audit.logs through writer@admin. It can insert into audit.logs. Revoke writer@admin, or name app@admin under breakGlass (line 3) [app@admin → writer@admin → insert on audit.logs]',
  ]);
  assert.deepEqual(findings('collections: {audit.logs: {protection: append-only}}\n', actual), []);
  assert.deepEqual(findings('collections: {audit.logs: {protection: none}}\n', actual), []);
});

test('protection: access is exclusive for the outcomes that it names', () => {
  const roles = [role('writer@admin', { 'audit.logs': ['insert'] }), role('reader@admin', { 'audit.logs': ['find'] })];
  const users = [
    user('one@admin', ['writer@admin', 'reader@admin']),
    user('two@admin', ['writer@admin', 'reader@admin']),
  ];
  assert.deepEqual(
    findings('collections: {audit.logs: {access: {insert: [one@admin]}}}\n', state({ ...LOGS, roles, users })),
    [
      'error protection/access two@admin: two@admin can insert audit.logs through writer@admin. It can insert into audit.logs. Revoke writer@admin, or name two@admin under access or breakGlass (line 3) [two@admin → writer@admin → insert on audit.logs]',
    ],
  );
});

test('protection: nothing else lives in a dedicated database', () => {
  const databases = [
    { name: 'audit', collections: ['logs', 'other', 'system.views', 'third'].map((name) => collection(name)) },
  ];
  assert.deepEqual(findings('collections: {audit.logs: {dedicatedDatabase: true}}\n', state({ ...LOGS, databases })), [
    'error protection/dedicated-database audit: audit is for audit.logs alone, and holds other, third too. Move them to another database (line 3)',
  ]);
});

test('protection: what Queryable Encryption keeps beside a collection is no stranger in its database', () => {
  const names = ['enxcol_.logs.esc', 'enxcol_.logs.ecoc', 'enxcol_.other.esc'];
  const logs = collection('logs', { options: { encryptedFields: { fields: [] } } });
  const databases = [{ name: 'audit', collections: [logs, ...names.map((name) => collection(name))] }];
  assert.deepEqual(findings('collections: {audit.logs: {dedicatedDatabase: true}}\n', state({ ...LOGS, databases })), [
    'error protection/dedicated-database audit: audit is for audit.logs alone, and holds enxcol_.other.esc too. Move them to another database (line 3)',
  ]);
});

test('retention: a collection whose documents expire by an option is in the way', () => {
  const options = { clusteredIndex: { key: { _id: 1 }, unique: true, name: '_id_' }, expireAfterSeconds: 10 };
  const databases = [{ name: 'audit', collections: [collection('logs', { options })] }];
  assert.deepEqual(findings('collections: {audit.logs: {retention: forever}}\n', state({ ...LOGS, databases })), [
    'error drift/obstacle audit.logs: audit.logs deletes documents after 10 s by its option expireAfterSeconds, and the policy keeps them for ever. Turn that off by db.getSiblingDB("audit").runCommand({"collMod":"logs","expireAfterSeconds":"off"}) (line 3)',
  ]);
});

test('server: what only the release lets through is a warning with its remedy', () => {
  const actual = state({
    ...LOGS,
    server: { version: '4.4.4', edition: 'community', topology: 'replicaSet' },
    users: [user('app@admin', ['writer@admin'])],
    roles: [role('writer@admin', { 'audit.logs': ['insert'] })],
  });
  assert.deepEqual(findings(PROTECTED, actual), [
    'warning protection/append-only app@admin: app@admin can alter audit.logs through writer@admin. It can replace documents of audit.logs by applyOps, whose insert entries overwrite. This release lets it: run MongoDB 5.0 or newer, or let clients reach the data through mongos only (line 3) [app@admin → writer@admin → insert on audit.logs]',
  ]);
});

test('a break-glass account is exempt until the end of its day, and told afterwards', () => {
  const actual = state({ ...LOGS, users: [user('root@admin', ['root@admin'])] });
  const report = (until: string) =>
    driftReport(intent(`${PROTECTED}breakGlass: [{user: root@admin, reason: owner, until: ${until}}]\n`), actual, {
      today: TODAY,
    });
  assert.deepEqual(
    report(TODAY).findings.map(({ rule }) => rule),
    ['break-glass/near-end'],
  );
  assert.equal(report(TODAY).breakGlass, 1);
  assert.deepEqual(report('2027-01-01').findings, []);
  const { findings: afterwards, breakGlass } = report('2026-11-22');
  assert.equal(breakGlass, 0);
  assert.deepEqual(
    afterwards.map(({ rule, message }) => `${rule}: ${message}`),
    [
      "break-glass/expired: the exemption of root@admin ended on 2026-11-22: renew it with a reason, or take the account's rights away",
      'protection/append-only: root@admin can alter and destroy audit.logs through root@admin. It can change documents of audit.logs and drop audit.logs. Revoke root@admin, or name root@admin under breakGlass',
    ],
  );
});

const TLS = ['disabled', 'allowTLS', 'preferTLS', 'requireTLS'];

test('demand: the server must be at least what the policy wants', () => {
  for (const [wanted, want] of TLS.entries()) {
    for (const [has, mode] of TLS.entries()) {
      const found = findings(`cluster: {tls: ${want}}\n`, state({ settings: { tls: mode } }));
      const message = `error cluster/tls cluster: net.tls.mode is ${mode}, and the policy wants ${want}`;
      assert.deepEqual(found, has < wanted ? [message] : []);
    }
  }
  const version = (has: string) =>
    findings('cluster: {version: ">=5.0"}\n', state({ server: { ...state().server, version: has } }));
  assert.deepEqual(version('5.0.0'), []);
  assert.deepEqual(version('4.4.29'), [
    'error cluster/version cluster: the server is MongoDB 4.4.29, and the policy wants >=5.0',
  ]);
});

test('demand: whoever has not logged in must not get in', () => {
  const found = (authorization: 'enabled' | 'disabled' | 'transition') =>
    findings('cluster: {authorization: enabled}\n', state({ settings: { authorization } }));
  const message = 'error cluster/authorization cluster: clients that have not logged in may read and write';
  assert.deepEqual(found('enabled'), []);
  assert.deepEqual(found('disabled'), [`${message}: turn authorization on`]);
  assert.deepEqual(found('transition'), [`${message} (transitionToAuth): turn authorization on`]);
});

test('what is unknown is not judged, and what could not be seen passes through', () => {
  const unreadable = [{ what: 'settings.tls', why: 'not authorized' }];
  const actual = state({ settings: {}, unreadable });
  const report = driftReport(intent('cluster: {authorization: enabled, tls: requireTLS}\n'), actual, { today: TODAY });
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.unreadable, [
    ...unreadable,
    {
      what: 'settings.authorization',
      why: 'the snapshot leaves it out: add "settings.authorization", or take a whole one by mongoward cluster snapshot',
    },
  ]);
});

test('a part that the snapshot leaves out was not seen, and is no finding besides', () => {
  const { roles: _roles, ...actual } = state({ objects: [owned('role', 'a@admin')] });
  const { findings: found, unreadable } = driftReport(intent(ROLE), actual, { today: TODAY });
  assert.deepEqual(
    [found, unreadable],
    [
      [],
      [
        {
          what: 'roles',
          why: 'the snapshot leaves them out: add "roles", or take a whole one by mongoward cluster snapshot',
        },
      ],
    ],
  );
});

test('what people declare is told as declared; a review that is overdue is a warning', () => {
  const policy = `attestations:
  - {control: kafka-retention, value: 3d, owner: platform, reviewedOn: 2026-05-27, reviewEvery: 180d}
  - {control: grafana-retention, value: 45d, owner: platform, reviewedOn: 2026-05-26, reviewEvery: 180d}
  - {control: kafka-transport, value: SASL_SSL, owner: platform, reviewedOn: 2026-11-24, reviewEvery: 180d}
`;
  assert.deepEqual(findings(policy, state()), [
    'warning attestations/overdue grafana-retention: the review of grafana-retention was due on 2026-11-22. Nobody knows whether grafana-retention still holds. platform has to review it and set reviewedOn (line 5)',
    'warning attestations/overdue kafka-transport: kafka-transport was reviewed on 2026-11-24, which is in the future. Nobody knows whether kafka-transport holds today. platform has to state the day of the last review (line 6)',
  ]);
  assert.deepEqual(
    driftReport(intent(policy), state(), { today: TODAY }).declared.map(({ control }) => control),
    ['kafka-retention', 'grafana-retention', 'kafka-transport'],
  );
});

test('errors come first, then by target, whatever the order in the cluster', () => {
  const policy = 'roles: {z@admin: {}, a@admin: {}, m@admin: {}}\n';
  const actual = (objects: readonly ReturnType<typeof owned>[]) =>
    state({
      roles: [role('a@admin'), role('b@admin')],
      users: [user('b@admin')],
      objects: [owned('role', 'z@admin'), ...objects],
    });
  const orphans = [owned('role', 'b@admin'), owned('user', 'b@admin')];
  const expected = [
    'error drift/orphaned b@admin',
    'error drift/orphaned b@admin',
    'error drift/missing m@admin',
    'error drift/missing z@admin',
    'info drift/unrecorded a@admin',
  ];
  const heads = (found: readonly string[]) => found.map((text) => text.slice(0, text.indexOf(':')));
  assert.deepEqual(heads(findings(policy, actual(orphans))), expected);
  assert.deepEqual(findings(policy, actual(orphans.toReversed())), findings(policy, actual(orphans)));
});

test('roles that a group could be given are a warning, those that the policy defines only where they break a protection', () => {
  const policy = `collections:
  x.y: {protection: append-only, access: {read: []}}
roles:
  auditors@admin: {privileges: [{on: x.y, allow: [find]}]}
`;
  const actual = state({
    roles: [role('auditors@admin', { 'x.y': ['find'] }), role('dba@admin', { 'x.y': ['remove'] })],
    databases: [{ name: 'x', collections: [collection('y')] }],
    objects: [owned('role', 'auditors@admin'), owned('collection', 'x.y')],
  });
  assert.deepEqual(findings(policy, actual), [
    'warning protection/access dba@admin: whoever is given the role dba@admin (an LDAP or OIDC group, a certificate) can read x.y. It can see values of x.y in the error of an expression. Narrow the role, or drop it if nothing uses it (line 4) [dba@admin → remove on x.y]',
    'warning protection/append-only dba@admin: whoever is given the role dba@admin (an LDAP or OIDC group, a certificate) can alter x.y. It can delete documents of x.y. Narrow the role, or drop it if nothing uses it (line 4) [dba@admin → remove on x.y]',
  ]);
});

test('a role that is held and defined nowhere was not seen', () => {
  const actual = state({ users: [user('u@admin', ['gone@x'])] });
  assert.deepEqual(driftReport(EMPTY, actual, { today: TODAY }).unreadable, [
    { what: 'roles.gone@x', why: 'it is granted, and not defined in what was read' },
  ]);
});
