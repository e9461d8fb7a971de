import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MongoClient } from 'mongodb';
import { liveCluster } from '../../src/cluster/live-cluster.ts';

/** A member that greets like this, and where nobody has logged in. */
function member(greeting: object): MongoClient {
  const command = async (asked: object) => ('hello' in asked ? greeting : { authInfo: {} });
  return { db: () => ({ command }) } as unknown as MongoClient;
}

test('whoever would write on a member that is not the primary is told so, and how to reach the primary', async () => {
  const secondary = liveCluster(
    member({ isWritablePrimary: false, secondary: true, me: 'db2:27017' }),
    'mongodb://db2',
  );
  await assert.rejects(secondary.operator(), {
    message: 'db2:27017 is not the primary, and takes no writes',
    advice: 'nothing was changed; leave directConnection out of the connection string, and name the replica set there',
  });
  assert.equal(await liveCluster(member({ isWritablePrimary: true }), 'mongodb://db1').operator(), undefined);
});
