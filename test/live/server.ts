/**
 * The server that the live suite runs on: MONGOWARD_TEST_URI; a mongod given by MONGOMS_SYSTEM_BINARY, on the PATH or in
 * mongodb-memory-server's cache (downloaded only if MONGOWARD_TEST_DOWNLOAD is set); else the sandbox. Prints which.
 */

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { MongoClient } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { withClient } from '../../src/cluster/connect.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { type LocalServer, startLocalServer } from '../../src/ephemeral/local-server.ts';
import type { ApplyOptions } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';

export interface LiveServer {
  readonly simulated: boolean;
  readonly label: string;
  /** An account with the role root. */
  readonly rootUri: string;
  /** The same server and options for another account. */
  uri(user: string, password: string): string;
  stop(): Promise<void>;
}

export async function startLiveServer(): Promise<LiveServer> {
  const given = process.env['MONGOWARD_TEST_URI'];
  const server = given === undefined || given === '' ? await startLocal() : remote(given);
  console.log(`live suite on ${server.label}`);
  return server;
}

async function startLocal(): Promise<LiveServer> {
  const root = { user: 'root', password: randomBytes(12).toString('hex') };
  const download = process.env['MONGOWARD_TEST_DOWNLOAD'] !== undefined;
  const server: LocalServer = await startLocalServer({ root, env: process.env, download });
  return { ...server, rootUri: server.uri(root.user, root.password) };
}

function remote(uri: string): LiveServer {
  return {
    simulated: false,
    label: 'the server of MONGOWARD_TEST_URI',
    rootUri: uri,
    uri: (user, password) => {
      const url = new ConnectionString(uri);
      url.username = encodeURIComponent(user);
      url.password = encodeURIComponent(password);
      url.searchParams.set('authSource', 'admin');
      return url.href;
    },
    stop: async () => {},
  };
}

/** Names of databases that no other run has used. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(4).toString('hex')}`;
}

/** Runs `work` with the cluster as `uri` sees it. */
export function withLive<T>(uri: string, work: (cluster: Cluster, client: MongoClient) => Promise<T>): Promise<T> {
  return withClient(uri, { serverSelectionTimeoutMS: 5000 }, (client) => work(liveCluster(client, uri), client));
}

const SETTLED_WITHIN_MS = 60_000;
const CALM = 5;

/**
 * Waits until a replica set has settled: every member is up, the primary is one that no other would take over from, and
 * it has stayed so for a second. Before that an election is still to come, which ends whatever runs then.
 */
export async function untilSettled(root: MongoClient): Promise<void> {
  const end = Date.now() + SETTLED_WITHIN_MS;
  for (let calm = 0; calm < CALM; ) {
    if (Date.now() > end) throw new Error(`the replica set has not settled within ${SETTLED_WITHIN_MS / 1000} s`);
    await pause(200);
    calm = (await isSettled(root).catch(() => false)) ? calm + 1 : 0;
  }
}

/** By the primary's own answer. A member of a higher priority takes over once it has caught up. */
async function isSettled(root: MongoClient): Promise<boolean> {
  const admin = root.db('admin');
  const { members } = await admin.command({ replSetGetStatus: 1 });
  const { config } = await admin.command({ replSetGetConfig: 1 });
  const highest = Math.max(...config.members.map(({ priority }: Member) => priority));
  const primary = members.find(({ stateStr }: MemberStatus) => stateStr === 'PRIMARY');
  const wanted = config.members.find(({ _id, priority }: Member) => _id === primary?._id && priority === highest);
  return wanted !== undefined && members.every(({ stateStr }: MemberStatus) => UP.has(stateStr));
}

const UP: ReadonlySet<string> = new Set(['PRIMARY', 'SECONDARY', 'ARBITER']);

interface Member {
  readonly _id: number;
  readonly priority: number;
}

interface MemberStatus {
  readonly _id: number;
  readonly stateStr: string;
}

/** An intent from the text of one file; throws what is wrong with it. */
export function intentOf(text: string): Intent {
  const compiled = compilePolicy([parsePolicyFile({ file: 'policy.yaml', text })]);
  if (compiled.intent === undefined) throw new Error(compiled.problems.map(({ message }) => message).join('; '));
  return compiled.intent;
}

/** Applies without asking. */
export const yes: ApplyOptions = { secret: () => 'a-password', confirm: async () => true };
