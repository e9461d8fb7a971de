/** Whoever applies a policy is not shut out by it: the server cuts an account off at once that may log in no longer. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withMongo } from '../../src/demo/seed.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const name = uniqueName('shut');
const policy = (from: string): string => `
apiVersion: mongoward/v1
metadata: { name: ${name} }
users:
  ${name}@admin: { roles: [root@admin], clientSource: ["${from}"] }
breakGlass: [{ user: ${name}@admin, reason: it applies, until: 2099-12-31 }]
`;

let server: LiveServer;
const uri = (): string => server.uri(name, 'a-password');

before(async () => {
  server = await startLiveServer();
  await withMongo(server.rootUri, (root) =>
    root.db('admin').command({ createUser: name, pwd: 'a-password', roles: ['root'] }),
  );
});

after(async () => {
  await withMongo(server.rootUri, async (root) => {
    await root.db('admin').command({ dropUser: name });
    await root.db('mongoward').collection('objects').deleteMany({ policy: name });
  });
  await server.stop();
});

const apply = (cluster: Cluster, from: string) => applyPolicy(cluster, intentOf(policy(from)), yes);

test('an address that is not its own is refused before anything is written', async () => {
  await withLive(uri(), async (cluster) => {
    await assert.rejects(apply(cluster, '192.0.2.1'), { message: /could not log in from here afterwards$/ });
    const now = (await cluster.read()).users?.find(({ user }) => user === name);
    assert.equal(now?.authenticationRestrictions, undefined);
  });
});

test('its own address, as the server tells it, lets it go on', async () => {
  await withLive(uri(), async (cluster) => {
    const { address = '' } = (await cluster.operator()) ?? {};
    assert.notEqual(address, '');
    assert.equal((await apply(cluster, address)).outcome, 'applied');
  });
  await withLive(uri(), async (cluster) => {
    assert.equal((await cluster.operator())?.user.user, name);
  });
});
