/** A run that is harmed at every single write, without being killed: what it began is finished by the next. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Document, MongoClient } from 'mongodb';
import { withClient } from '../../src/cluster/connect.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { Failure } from '../../src/failure.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { type Fate, startProxy } from './proxy.ts';
import { after } from './scenario.ts';
import {
  assertJournalTells,
  doneBy,
  fingerprint,
  journalSince,
  LEASE_MS,
  planOf,
  type Runner,
  uriOf,
  withCluster,
  yes,
} from './world.ts';

interface Harm {
  readonly what: string;
  readonly fate: Fate;
}

export const CUT_BEFORE: Harm = {
  what: 'connection cut before the server saw the write',
  fate: { kind: 'cut', seen: false },
};

export const CUT_AFTER: Harm = {
  what: 'connection cut after the server saw the write',
  fate: { kind: 'cut', seen: true },
};

export const WRITE_CONCERN_TIMEOUT: Harm = {
  what: 'write concern timeout',
  fate: {
    kind: 'change',
    change: (reply) => ({
      ...reply,
      writeConcernError: { code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out' },
    }),
  },
};

export const SERVER_ERROR: Harm = {
  what: 'server error',
  fate: { kind: 'answer', reply: { ok: 0, code: 96, codeName: 'OperationFailed', errmsg: 'injected' } },
};

/** A primary that steps down refuses what comes and has not taken it. */
export const NOT_PRIMARY: Harm = {
  what: 'the server says it is not primary any more',
  fate: { kind: 'answer', reply: { ok: 0, code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary' } },
};

/** A primary that really steps down before it gets the write, where there is a replica set. */
export async function stepDownEverywhere(inWorld: Runner, step: number): Promise<string> {
  const member = await inWorld(({ host }) =>
    withCluster(host, async (_cluster, client) => ({ host, set: (await hello(client))['setName'] })),
  );
  if (member.set === undefined) return 'skipped: this is no replica set';
  const before = (): Promise<void> =>
    withCluster(member.host, async (_cluster, client) => {
      const command = { replSetStepDown: 2, secondaryCatchUpPeriodSecs: 0, force: true };
      await client
        .db('admin')
        .command(command)
        .catch(() => {});
    });
  return harmEverywhere(inWorld, { what: 'primary stepping down', fate: { kind: 'pass', before } }, step);
}

function hello(client: MongoClient): Promise<Document> {
  return client.db('admin').command({ hello: 1 });
}

/** The single member of a set is primary again once its time as a secondary is over. */
async function primaryAgain(client: MongoClient): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { setName, isWritablePrimary } = await hello(client).catch((): Document => ({ setName: 'not there' }));
    if (setName === undefined || isWritablePrimary === true) return;
    await sleep(100);
  }
}

/** Harms a run at every write, `step` apart, one after the other, and gives how many points there were. */
export async function harmEverywhere(inWorld: Runner, { what, fate }: Harm, step = 1): Promise<string> {
  const whole = await inWorld(({ host }) => run(host, undefined, what));
  let points = 0;
  for (let index = 0; index < whole.writes; index += step) {
    points += 1;
    const { result } = await inWorld(({ host }) => run(host, { index, fate }, `${what}, write ${index}`));
    assert.equal(result, whole.result, `${what}, write ${index}`);
  }
  return `${what}: ${points} points, each finished by the next apply, same result, journal true`;
}

async function run(
  host: string,
  harm: { readonly index: number; readonly fate: Fate } | undefined,
  at: string,
): Promise<{ readonly writes: number; readonly result: string }> {
  const proxy = await startProxy(host, ({ index }) => (index === harm?.index ? harm.fate : { kind: 'pass' }));
  return withCluster(host, async (cluster, client) => {
    const operations = await planOf(cluster);
    await applyThrough(proxy.host).catch((error: unknown) => {
      if (harm === undefined || !(error instanceof Failure)) throw error;
    });
    await proxy.stop();
    await primaryAgain(client);
    const done = await doneBy(cluster, operations);
    await applyPolicy(cluster, after, yes);
    assertJournalTells(await journalSince(cluster), done, at);
    assert.equal((await applyPolicy(cluster, after, yes)).outcome, 'in-place', at);
    return { writes: proxy.writes.length, result: await fingerprint(cluster) };
  });
}

async function applyThrough(host: string): Promise<void> {
  await withClient(uriOf(host), { serverSelectionTimeoutMS: 3000 }, (client) =>
    applyPolicy(liveCluster(client, uriOf(host), { leaseMs: LEASE_MS, tool: 'harmed' }), after, yes),
  );
}
