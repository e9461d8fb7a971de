/** The lock on a live server: one holder, a lease by the server's clock, and nothing sent after it was lost. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MongoClient } from 'mongodb';
import { withClient } from '../../src/cluster/connect.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import type { Cluster, HeldLock } from '../../src/migrate/cluster.ts';
import type { Command } from '../../src/plan/operations/mongo-command.ts';
import { type LiveServer, startLiveServer, uniqueName } from './server.ts';

const db = uniqueName('locked');
const SHORT = 300;
let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withClient(server.rootUri, { serverSelectionTimeoutMS: 5000 }, (client) => client.db(db).dropDatabase());
  await server.stop();
});

/** Two programs on the same cluster. */
function withTwo(leaseMs: number, work: (one: Cluster, other: Cluster, client: MongoClient) => Promise<void>) {
  const options = { serverSelectionTimeoutMS: 5000 };
  const open = (client: MongoClient, tool: string): Cluster => liveCluster(client, server.rootUri, { leaseMs, tool });
  return withClient(server.rootUri, options, (first) =>
    withClient(server.rootUri, options, (second) => work(open(first, 'one'), open(second, 'other'), first)),
  );
}

const write = (name: string): Command => ({ db, command: { insert: 'done', documents: [{ name }] } });
const now = { waitMs: 0 };

test('who finds the lock taken waits for it, or gives up and names the holder', async () => {
  await withTwo(30_000, async (one, other) => {
    const order: string[] = [];
    await one
      .withLock(now, async (held) => {
        await assert.rejects(
          other.withLock(now, async () => {}),
          /^Failure: somebody else is changing this cluster: root@admin \(.* on .*, process \d+, one\), since \d{4}-.*\. This run waited 0 s$/,
        );
        const waiting = other.withLock(
          { waitMs: 10_000, waiting: ({ holder }) => order.push(`waits for ${holder.tool}`) },
          async (next) => {
            order.push('other');
            assert.ok(next.token > held.token);
          },
        );
        await sleep(200);
        order.push('one');
        return { waiting };
      })
      .then(({ waiting }) => waiting);
    assert.deepEqual(order, ['waits for one', 'one', 'other']);
    assert.equal(await one.lock(), undefined);
  });
});

test('a heartbeat keeps the lock past its lease, and the lock is given back after a failure too', async () => {
  await withTwo(SHORT, async (one, other) => {
    const failing = one.withLock(now, async () => {
      await sleep(3 * SHORT);
      assert.equal((await other.lock())?.expired, false);
      throw new Error('it went wrong');
    });
    await assert.rejects(failing, { message: 'it went wrong' });
    await other.withLock(now, async () => {});
  });
});

test('a lock that was broken is lost to its holder: it sends nothing more', async () => {
  await withTwo(SHORT, async (one, other, client) => {
    const lose = async (held: HeldLock): Promise<void> => {
      await held.run(write('before'));
      const seen = await other.lock();
      assert.ok(seen);
      assert.equal(await other.breakLock(seen), true);
      assert.equal(await other.breakLock(seen), false);
      await other.withLock(now, async () => {
        // The next beat tells; at the latest the check before the next command, half a lease after the last one.
        await sleep(SHORT);
        await held.run(write('after'));
      });
    };
    await assert.rejects(one.withLock(now, lose), /^Failure: this run lost the lock/);
    assert.equal(await client.db(db).collection('done').countDocuments({ name: 'after' }), 0);
    assert.equal(await client.db(db).collection('done').countDocuments({ name: 'before' }), 1);
  });
});

test('a holder that is not heard of loses the lock when its lease is over, by the clock of the server', async () => {
  await withTwo(SHORT, async (one, other, client) => {
    await one.withLock(now, async () => {});
    const expires = new Date(Date.now() + SHORT);
    const dead = {
      id: 'dead',
      holder: { user: 'gone', host: 'away', pid: 1, tool: 'dead' },
      since: new Date(),
      expires,
    };
    await client.db('mongoward').collection('locks').updateOne({}, { $set: dead });
    const seen = await other.lock();
    assert.deepEqual([seen?.holder.tool, seen?.expired], ['dead', false]);
    await other.withLock({ waitMs: 5000 }, async () => {});
  });
});

test('commands are sent one by one while their answers come side by side', async () => {
  await withTwo(30_000, async (one, _other, client) => {
    await one.withLock(now, async (held) => {
      await Promise.all(Array.from({ length: 40 }, (_, index) => held.run(write(`side ${index}`))));
    });
    assert.equal(
      await client
        .db(db)
        .collection('done')
        .countDocuments({ name: /^side / }),
      40,
    );
  });
});

test('a clock that jumps here costs a round trip, and nothing else', async (t) => {
  await withTwo(30_000, async (one, other) => {
    const real = Date.now;
    let jump = 0;
    t.mock.method(Date, 'now', () => real() + jump);
    await one.withLock(now, async (held) => {
      for (jump of [86_400_000, -86_400_000, 3_600_000]) await held.run(write(`after a jump of ${jump}`));
      await assert.rejects(
        other.withLock(now, async () => {}),
        /somebody else is changing this cluster/,
      );
    });
  });
});
