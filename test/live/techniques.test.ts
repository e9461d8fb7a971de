/**
 * Every technique of the closed list, carried out: an account that holds exactly what it requires brings it about, and
 * one that lacks any of it, and holds the same beside it, is refused. Some of them stop the whole server for a moment.
 * With RECORD=FILE in the environment what was sent and answered is written there.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Document } from 'mongodb';
import { reaches } from '../../src/access/scope.ts';
import { type Circumstances, type Requirement, type Technique, techniquesOn } from '../../src/access/techniques.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { startLocalServer } from '../../src/ephemeral/local-server.ts';
import { collectionTarget, formatResource, type Resource } from '../../src/model/resource.ts';
import { compareVersions } from '../../src/model/version.ts';
import { ENCRYPTED_STATE } from './attacks/encrypted-state.ts';
import { ESCALATING } from './attacks/escalating.ts';
import { INTERNALS } from './attacks/internals.ts';
import { READING } from './attacks/reading.ts';
import { heldText, type RecordedTechniques, recorded, techniquesText } from './attacks/record.ts';
import {
  type Attack,
  CIRCUMSTANCES,
  elsewhereOf,
  neighbourOf,
  onStage,
  resourceOf,
  type Scene,
  SECRET,
  uriOfUser,
} from './attacks/scene.ts';
import { SHARDING } from './attacks/sharding.ts';
import { SILENCING } from './attacks/silencing.ts';
import { ON_BUCKETS, ON_SERIES } from './attacks/time-series.ts';
import { UNTRIED } from './attacks/untried.ts';
import { WRITING } from './attacks/writing.ts';
import { type LiveServer, startLiveServer } from './server.ts';

const ATTACKS: readonly Attack[] = [
  ...WRITING,
  ...READING,
  ...SILENCING,
  ...SHARDING,
  ...INTERNALS,
  ...ESCALATING,
  ...ON_BUCKETS,
  ...ENCRYPTED_STATE,
];

const LOGS = collectionTarget({ db: 'audit', collection: 'logs' });
const EVERYTHING = { ...CIRCUMSTANCES, restrictingRoles: ['shop'] };
const TIME_SERIES = ['no', 'buckets', 'viewless'] as const;

let server: LiveServer;
let circumstances: Omit<Circumstances, 'timeSeries'>;
let members: number;
let run: RecordedTechniques;

before(async () => {
  server = await startLiveServer();
  await withMongo(server.rootUri, async (root) => {
    const { version } = await root.db('admin').command({ buildInfo: 1 });
    const { hosts, msg } = await root.db('admin').command({ hello: 1 });
    const sharded = msg === 'isdbgrid';
    const listed = sharded ? await root.db('admin').command({ listShards: 1 }) : { shards: [] };
    const configShard = listed['shards'].some(({ _id }: Document) => _id === 'config');
    circumstances = { ...CIRCUMSTANCES, version, sharded, configShard };
    members = Array.isArray(hosts) ? hosts.length : 0;
    const topology = circumstances.sharded ? 'sharded' : members > 0 ? 'replicaSet' : 'standalone';
    run = { server: { version, topology }, techniques: [], notTried: [] };
  });
});

after(async () => {
  await server.stop();
  const file = process.env['RECORD'];
  if (file !== undefined) writeFileSync(file, techniquesText(run));
});

test('every technique has its attack, or a reason why it has none', () => {
  const releases = ['4.4.4', '5.0.0', '6.0.0', '7.0.0', '8.0.0', '8.3.8', '9.0.0'];
  const techniques = releases.flatMap((version) =>
    [true, false].flatMap((sharded) =>
      TIME_SERIES.flatMap((timeSeries) =>
        techniquesOn(LOGS, { ...EVERYTHING, version, sharded, timeSeries, shard: !sharded }).map(({ id }) => id),
      ),
    ),
  );
  const tried = ATTACKS.map(({ technique }) => technique);
  assert.deepEqual([...new Set(techniques)].sort(), [...tried, ...Object.keys(UNTRIED)].sort());
});

for (const attack of [...ATTACKS, ...ON_SERIES]) {
  const where = attack.timeSeries ? ' on a time series' : '';
  test(`${attack.technique}${where}: what it requires is enough, and less is refused`, async (t) => {
    const reason = notHere(attack);
    if (reason !== undefined) {
      run.notTried.push({ ...named(attack), why: reason });
      return t.skip(reason);
    }
    await succeeds(attack);
    for (let lacking = 0; lacking < requirementsOf(attack, 'audit').length; lacking += 1) {
      await isRefused(attack, lacking);
    }
  });
}

for (const [action, lockOut] of [
  ['dropUser', { dropUser: 'svc' }],
  ['changePassword', { updateUser: 'svc', pwd: 'another' }],
  [
    'setAuthenticationRestriction',
    { updateUser: 'svc', authenticationRestrictions: [{ clientSource: ['192.0.2.1'] }] },
  ],
] as const) {
  test(`a writer that lives elsewhere: ${action} on that database is enough, and on another one refused`, async () => {
    for (const enough of [true, false]) {
      const privileges = ({ db, elsewhere }: Scene): readonly Held[] => [
        { action, resource: { db: enough ? elsewhere : db, collection: '' } },
      ];
      await onStage(server, { privileges, clear: true }, async (scene) => {
        const { root, db, elsewhere, name } = scene;
        await root.db(elsewhere).command({ createUser: 'svc', pwd: 'svc', roles: [{ role: 'readWrite', db }] });
        const uri = uriOfUser(server, 'svc', elsewhere);
        const writes = () => withMongo(uri, (client) => client.db(db).command({ insert: 'logs', documents: [{}] }));
        try {
          await writes();
          const locking = withMongo(server.uri(name, name), (account) => account.db(elsewhere).command({ ...lockOut }));
          if (!enough) return await assert.rejects(locking, { code: 13 });
          await locking;
          await assert.rejects(writes());
        } finally {
          await root.db(elsewhere).command({ dropAllUsersFromDatabase: 1 });
        }
      });
    }
  });
}

test('two accounts together: one defines a view that it may not read itself, the other reads it', async (t) => {
  if (server.simulated) return t.skip('the sandbox does not implement views');
  for (const [definer, works] of [
    [['createCollection'], true],
    [['createCollection', 'find'], false],
  ] as const) {
    const onView = (scene: Scene, actions: readonly string[]): Held[] =>
      actions.map((action) => ({ action, resource: { db: scene.db, collection: 'v' } }));
    await onStage(server, { privileges: (scene) => onView(scene, definer), clear: true }, async (scene) => {
      const { db, root, name } = scene;
      const define = withMongo(server.uri(name, name), (account) =>
        account.db(db).createCollection('v', { viewOn: 'logs' }),
      );
      if (!works) return assert.rejects(define, { code: 13 });
      await define;
      const privileges = [{ resource: { db, collection: 'v' }, actions: ['find'] }];
      await root.db(db).command({ createRole: 'reader', privileges, roles: [] });
      await root.db('admin').command({ updateUser: name, roles: [{ role: 'reader', db }] });
      const found = await withMongo(server.uri(name, name), (account) =>
        account.db(db).collection('v').find().toArray(),
      );
      assert.equal(found[0]?.['event'], SECRET);
    });
  }
});

function named({ technique, timeSeries }: Attack): Pick<Attack, 'technique' | 'timeSeries'> {
  return { technique, ...(timeSeries && { timeSeries }) };
}

/** Why the attack can't be tried on this server. */
function notHere(attack: Attack): string | undefined {
  const { technique, needs } = attack;
  if (server.simulated) return `the sandbox does not implement what ${technique} does`;
  if (attack.timeSeries && compareVersions(circumstances.version, '5.0') < 0) return 'no time series before 5.0';
  if (!techniquesFor(attack, 'audit').some(({ id }) => id === technique)) {
    return `no technique on ${circumstances.version}${circumstances.sharded ? ' behind mongos' : ''}`;
  }
  return needs === undefined ? undefined : LACKING[needs]();
}

function ofSeveralServers(): string | undefined {
  return members === 0 && !circumstances.sharded ? 'takes a replica set or a mongos' : undefined;
}

/** What this server lacks, if it does. */
const LACKING: Readonly<Record<NonNullable<Attack['needs']>, () => string | undefined>> = {
  standalone: () => (members > 0 || circumstances.sharded ? 'takes a standalone' : undefined),
  'replica set': () => {
    if (circumstances.sharded) return 'takes a login on a config server, past mongos';
    return members === 0 ? 'takes a replica set' : undefined;
  },
  'replica set or mongos': ofSeveralServers,
  'queryable encryption': () =>
    compareVersions(circumstances.version, '7.0') < 0
      ? 'takes Queryable Encryption as it is from 7.0 on'
      : ofSeveralServers(),
  'several members': () => (members < 2 ? 'takes a replica set of several members' : undefined),
  'no mongos': () => (circumstances.sharded ? 'a mongos has no such parameter' : undefined),
  lock: () => {
    const refuses = circumstances.sharded && compareVersions(circumstances.version, '7.1') < 0;
    return refuses ? 'takes fsync with a lock, which this mongos refuses' : undefined;
  },
  release: () => (circumstances.version === '5.1.0' ? 'refused by builds on the way to 5.1' : undefined),
  alone: () =>
    process.env['MONGOMS_SYSTEM_BINARY'] === undefined
      ? 'takes a server of its own: name a mongod by MONGOMS_SYSTEM_BINARY'
      : undefined,
};

function techniquesFor(attack: Attack, db: string): readonly Technique[] {
  const kind = compareVersions(circumstances.version, '9.0') < 0 ? 'buckets' : 'viewless';
  const timeSeries = attack.timeSeries ? kind : 'no';
  return techniquesOn(collectionTarget({ db, collection: 'logs' }), {
    ...circumstances,
    timeSeries,
    restrictingRoles: [elsewhereOf(db)],
  });
}

function requirementsOf(attack: Attack, db: string): readonly Requirement[] {
  const found = techniquesFor(attack, db).find(({ id }) => id === attack.technique);
  assert.ok(found, attack.technique);
  return found.requires;
}

interface Held {
  readonly action: string;
  readonly resource: Resource;
}

/** What is required, each on the smallest resource that does. */
function exactly(attack: Attack, scene: Scene): readonly Held[] {
  return requirementsOf(attack, scene.db).map((requirement) => ({
    action: requirement.action,
    resource: resourceOf(requirement, scene),
  }));
}

/** The same, but for one requirement, which is met beside the place where it would do, or not at all. */
function allBut(lacking: number, attack: Attack, scene: Scene): readonly Held[] {
  const requirements = requirementsOf(attack, scene.db);
  return exactly(attack, scene).flatMap((held, at) => {
    const requirement = requirements[at];
    if (at !== lacking || requirement === undefined) return [held];
    const beside = neighbourOf(requirement, scene);
    assert.ok(beside === undefined || !reaches(requirement.on, beside), 'a neighbour that would do');
    return beside === undefined ? [] : [{ action: held.action, resource: beside }];
  });
}

async function succeeds(attack: Attack): Promise<void> {
  await staged(
    attack,
    (scene) => exactly(attack, scene),
    async (scene) => {
      const names = new Map([
        [scene.elsewhere, 'other'],
        [scene.db, 'audit'],
        [scene.name, 'mallory'],
      ]);
      const uri = scene.server.uri(scene.name, scene.name);
      const { answer, sent } = await recorded(uri, names, (account) => attack.attack(account, scene));
      assert.ok(await attack.happened(scene, answer), `${attack.technique} brought nothing about`);
      run.techniques.push({ ...named(attack), held: heldText(exactly(attack, scene), names), sent });
    },
  );
}

async function isRefused(attack: Attack, lacking: number): Promise<void> {
  let held: readonly Held[] = [];
  const privileges = (scene: Scene): readonly Held[] => {
    held = allBut(lacking, attack, scene);
    return held;
  };
  await staged(attack, privileges, async (scene) => {
    const what = `with ${held.map(({ action, resource }) => `${action} on ${formatResource(resource)}`).join(', ')}`;
    let answer: unknown;
    if (attack.unanswered) answer = await attempt(attack, scene);
    else await assert.rejects(attempt(attack, scene), { code: 13 }, what);
    assert.ok(!(await attack.happened(scene, answer)), `${what} it came about all the same`);
  });
}

function attempt(attack: Attack, scene: Scene): Promise<unknown> {
  return withMongo(scene.server.uri(scene.name, scene.name), (account) => attack.attack(account, scene));
}

async function staged(
  attack: Attack,
  privileges: (scene: Scene) => readonly Held[],
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const stage = (on: LiveServer, clear: boolean): Promise<void> =>
    onStage(on, { privileges, clear, timeSeries: attack.timeSeries }, async (scene) => {
      await attack.prepare?.(scene);
      try {
        await work(scene);
      } finally {
        await attack.undo?.(scene);
      }
    });
  if (attack.needs !== 'alone') return stage(server, true);
  const root = { user: 'root', password: 'root' };
  const own = await startLocalServer({ root, env: process.env });
  try {
    await stage({ ...own, rootUri: own.uri(root.user, root.password) }, false);
  } finally {
    await own.stop();
  }
}
