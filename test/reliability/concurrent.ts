/** Rounds of two to four applies at once: one works, the others wait; nothing interleaves, nothing is lost. */
import assert from 'node:assert/strict';
import { withClient } from '../../src/cluster/connect.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { intentOf } from '../live/server.ts';
import { startProxy } from './proxy.ts';
import { type Runner, uriOf, withCluster, yes } from './world.ts';

export async function raceRounds(inWorld: Runner, rounds: number): Promise<string> {
  let applied = 0;
  await inWorld(async ({ host }) => {
    for (let round = 0; round < rounds; round += 1) {
      const size = 2 + (round % 3);
      await race(host, round, size);
      applied += size;
    }
  });
  return `${rounds} rounds of two to four at once: ${applied} applies, none interleaved, ${applied} journal entries`;
}

async function race(host: string, round: number, size: number): Promise<void> {
  const log: number[] = [];
  const contenders = Array.from({ length: size }, (_, index) => index);
  await Promise.all(
    contenders.map(async (index) => {
      const proxy = await startProxy(host, ({ target }) => {
        if (target !== 'locks') log.push(index);
        return { kind: 'pass' };
      });
      await withClient(uriOf(proxy.host), { serverSelectionTimeoutMS: 3000 }, (client) =>
        applyPolicy(liveCluster(client, uriOf(proxy.host)), contribution(round, index), {
          ...yes,
          lockTimeoutMs: 60_000,
        }),
      ).finally(() => proxy.stop());
    }),
  );
  const blocks = log.filter((index, at) => index !== log[at - 1]);
  assert.equal(blocks.length, size, `round ${round}: the writes of ${blocks.join(', ')} interleave`);
  await withCluster(host, async (cluster) => {
    const names = contenders.map((index) => contribution(round, index).policy);
    const entries = (await cluster.journal('all')).filter(({ policy }) => names.includes(policy));
    assert.deepEqual(entries.map(({ policy }) => policy).sort(), names);
    for (const { status, operations } of entries) {
      assert.equal(status, 'applied');
      assert.ok(operations.every(({ outcome }) => outcome === 'done'));
    }
  });
}

/** A policy of each contender's own. */
function contribution(round: number, index: number) {
  const name = `r${round}c${index}`;
  return intentOf(`apiVersion: mongoward/v1
metadata: { name: ${name} }
roles:
  ${name}a@shop: { privileges: [{ on: shop.${name}, allow: [find] }] }
  ${name}b@shop: { roles: [${name}a@shop] }
  ${name}c@shop: { privileges: [{ on: shop.${name}, allow: [insert] }] }
`);
}
