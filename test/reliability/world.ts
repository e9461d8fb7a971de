/** A server in the state before the migration, as often as it is wanted, and what is looked at afterwards. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { withClient } from '../../src/cluster/connect.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { startLocalServer } from '../../src/ephemeral/local-server.ts';
import { type ApplyOptions, applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import type { JournalEntry } from '../../src/migrate/journal.ts';
import type { Operation } from '../../src/plan/operations/operation.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { progressOf } from '../../src/plan/progress.ts';
import { canonicalState } from '../../src/state/canonical.ts';
import { documentKey } from '../../src/state/document.ts';
import { addForeignParts, after, before, DATABASES } from './scenario.ts';

export const PASSWORD = 'a-password';
/** A server that is there already, as for the live suite: an account with the role root. Of a replica set the primary comes first. */
const GIVEN = process.env['MONGOWARD_TEST_URI'] ? new ConnectionString(process.env['MONGOWARD_TEST_URI']) : undefined;

const ROOT = { user: GIVEN?.username ?? 'root', password: GIVEN?.password ?? 'of-the-test' };

export interface World {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly label: string;
  readonly simulated: boolean;
}

/** The connection string of root through that host. */
export function uriOf(host: string): string {
  return `mongodb://${ROOT.user}:${ROOT.password}@${host}/?authSource=admin&directConnection=true`;
}

/** Short, so that a lock that was left behind is over soon. */
export const LEASE_MS = 400;

export function withCluster<T>(host: string, work: (cluster: Cluster, client: MongoClient) => Promise<T>): Promise<T> {
  return withClient(uriOf(host), { serverSelectionTimeoutMS: 3000 }, (client) =>
    work(liveCluster(client, uriOf(host), { leaseMs: LEASE_MS, tool: FINISHER }), client),
  );
}

export const yes: ApplyOptions = {
  secret: () => PASSWORD,
  confirm: async () => true,
  prune: true,
  lockTimeoutMs: 10_000,
};

export type Runner = <T>(work: (world: World) => Promise<T>) => Promise<T>;

/** Gives each piece of work a server as it is before the migration: the sandbox anew, a real server cleaned. */
export async function startWorlds(): Promise<{ readonly label: string; inWorld: Runner; stop(): Promise<void> }> {
  const server =
    GIVEN === undefined
      ? await startLocalServer({ root: ROOT, env: process.env })
      : {
          label: 'the server of MONGOWARD_TEST_URI',
          simulated: false,
          host: GIVEN.hosts[0] ?? '',
          stop: async () => {},
        };
  const { label, simulated } = server;
  const prepared = async <T>(host: string, work: (world: World) => Promise<T>): Promise<T> => {
    await withClient(uriOf(host), { serverSelectionTimeoutMS: 3000 }, async (client) => {
      if (!simulated) await clean(client);
      await applyPolicy(liveCluster(client, uriOf(host), { tool: PREPARER }), before, yes);
      await addForeignParts(client);
    });
    return work({ host, label, simulated });
  };
  if (!simulated) return { label, inWorld: (work) => prepared(server.host, work), stop: () => server.stop() };
  await server.stop();
  return {
    label,
    stop: async () => {},
    inWorld: async (work) => {
      const fresh = await startLocalServer({ root: ROOT, env: process.env });
      return prepared(fresh.host, work).finally(() => fresh.stop());
    },
  };
}

async function clean(client: MongoClient): Promise<void> {
  for (const name of [...DATABASES, 'mongoward']) {
    const db = client.db(name);
    await db.command({ dropAllUsersFromDatabase: 1 });
    await db.command({ dropAllRolesFromDatabase: 1 });
    await db.dropDatabase();
  }
}

/**
 * What the migration decides, as one hash: roles, users, collections and the record, in canonical form. `claims`: also
 * whether the policy made what it owns, which depends on what happened before.
 */
export async function fingerprint(cluster: Cluster, claims = true): Promise<string> {
  const { roles, users, databases, objects } = canonicalState(await cluster.read());
  const text = documentKey({
    roles: roles?.filter((role) => role.isBuiltin !== true),
    users,
    objects: claims ? objects : objects?.map(({ created: _created, ...object }) => object),
    databases: databases?.filter(({ name }) => DATABASES.some((known) => known === name)).map(withoutUuids),
  });
  return createHash('sha256').update(text).digest('hex');
}

function withoutUuids(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'uuid' ? undefined : inner)));
}

/** The operations of the migration that have taken effect by now. */
export async function doneBy(cluster: Cluster, operations: readonly Operation[]): Promise<Set<string>> {
  const left = new Set(progressOf(operations, await cluster.read()).left.map(({ id }) => id));
  return new Set(operations.map(({ id }) => id).filter((id) => !left.has(id)));
}

/** The plan from the state before to the policy after. */
export async function planOf(cluster: Cluster) {
  return makePlan(after, await cluster.read(), { prune: true }).operations;
}

/** What whoever finishes calls itself in the journal, and whoever prepares. */
export const FINISHER = 'reliability';
const PREPARER = 'preparation';

/** What the journal tells of the migration: what was there before, it has to know only for what it drops. */
export async function journalSince(cluster: Cluster): Promise<readonly JournalEntry[]> {
  return (await cluster.journal('all')).filter(({ runs }) => runs[0]?.by.tool !== PREPARER);
}

/** Nothing is open in the journal, and what it calls done by the run that was hurt is what that run had done. */
export function assertJournalTells(entries: readonly JournalEntry[], done: ReadonlySet<string>, at: string): void {
  for (const { id, status } of entries) {
    assert.ok(['applied', 'interrupted', 'failed'].includes(status), `${at}: ${id} is ${status}`);
  }
  const hurt = entries.find(({ runs }) => runs[0]?.by.tool !== FINISHER);
  if (hurt === undefined) {
    assert.equal(done.size, 0, `${at}: something was done, and the journal has no entry`);
    return;
  }
  for (const { id, outcome } of hurt.operations) {
    if (outcome !== 'unknown') assert.equal(outcome === 'done', done.has(id), `${at}: ${id} is told to be ${outcome}`);
  }
}
