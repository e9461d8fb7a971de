/** For the test suite of an application: a server of its own with what the policies make, and a client for each account. */
import { AssertionError } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import type { ExpectationFile } from '../expect/expectation.ts';
import { expectationsOf } from '../expect/parse.ts';
import { askFile } from '../expect/run.ts';
import { Failure } from '../failure.ts';
import type { ExpectationEntry, GivenEntry } from '../generated/expectations.ts';
import { formatUser } from '../model/names.ts';
import { didYouMean } from '../policy/nearest.ts';
import { judgeDocument } from './judge-document.ts';
import { SET_UP } from './local-policy.ts';
import { startLocalServer } from './local-server.ts';
import { readPolicies } from './policy-files.ts';
import { proveFile } from './prove.ts';
import { localStage, serverInfo } from './stage.ts';

export interface PolicyServerOptions {
  /** Policy files, and folders of them, from the working directory. */
  readonly policies: readonly string[];
  /** What the server has besides, as `given` in a file of expectations says it. */
  readonly given?: GivenEntry;
  /** Values for `${name}` in the policies. */
  readonly variables?: Readonly<Record<string, string>>;
  /** `YYYY-MM-DD`: by it exemptions have ended. Today, in UTC, unless given. */
  readonly today?: string;
  /** Let mongodb-memory-server download a mongod if the machine has none, instead of using the sandbox. */
  readonly download?: boolean;
}

/** A server of its own; end it by `stop`. */
export interface PolicyServer {
  /** For people: `the mongod at /usr/bin/mongod`. */
  readonly label: string;
  readonly version: string;
  /** It is the sandbox, and no MongoDB. */
  readonly simulated: boolean;
  /** A connection string with which the account `name@db` logs in. Throws a Failure if there is none of that name. */
  uri(account: string): Promise<string>;
  /** A client of the driver that is logged in as the account; the same one each time. */
  client(account: string): Promise<MongoClient>;
  /** Every way in which model and server do not do what is expected; none if both do. */
  failures(expected: ExpectationEntry): Promise<readonly string[]>;
  /** Closes the clients, ends the server and removes what it stored. */
  stop(): Promise<void>;
}

/**
 * Starts a server of its own, a mongod that is found or else the sandbox, and applies the policies there. Passwords are
 * those of this run, and every account may log in from here. Throws a {@link Failure} if a policy is not valid, or can't
 * be applied on what is given.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { startPolicyServer } from 'mongoward/test';
 *
 * const file = join(mkdtempSync(join(tmpdir(), 'policy-')), 'trail.yaml');
 * writeFileSync(file, `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles: { writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] } }
 * users: { app@admin: { roles: [writer@audit], password: { fromEnv: APP_PASSWORD } } }
 * `);
 * const server = await startPolicyServer({ policies: [file] });
 * try {
 *   const logs = (await server.client('app@admin')).db('audit').collection('logs');
 *   await logs.insertOne({ event: 'login' });
 *   await assert.rejects(logs.deleteMany({}), { codeName: 'Unauthorized' });
 * } finally {
 *   await server.stop();
 * }
 * ```
 */
export async function startPolicyServer(options: PolicyServerOptions): Promise<PolicyServer> {
  const { policies: paths, given = {}, variables = {}, today = new Date().toISOString().slice(0, 10) } = options;
  const policies = readPolicies(paths, [new Map(Object.entries(variables))]);
  const [intent] = policies;
  if (intent === undefined) throw new Error('there is a policy, or reading them fails');
  const subject = { intent, policies };
  const password = randomBytes(18).toString('base64url');
  const local = await startLocalServer({
    root: { user: SET_UP.user, password },
    env: process.env,
    ...(options.download === undefined ? {} : { download: options.download }),
  });
  const clients = new Map<string, MongoClient>();
  try {
    const server = await serverInfo(local, password);
    const ask = (file: ExpectationFile) => askFile(file, subject, { today, server, judgeDocument });
    const asked = ask({ ...fileOf(intent.policy, given, ANY), expectations: [] });
    refuseProblems(asked.problems);
    const stage = await localStage(local, password, asked, { today, fresh: true });
    const uri = async (account: string): Promise<string> => {
      const users = asked.world.state.users ?? [];
      const user = users.find((each) => formatUser(each) === account);
      if (user !== undefined) return stage.uri(user);
      throw new Failure(`there is no account ${account}${didYouMean(account, users.map(formatUser))}`, {
        advice: 'name it as name@db; the policies make none of that name, and none is given',
      });
    };
    return {
      label: local.label,
      simulated: local.simulated,
      version: server.version,
      uri,
      client: async (account) => {
        const known = clients.get(account) ?? new MongoClient(await uri(account), { retryWrites: false });
        clients.set(account, known);
        return known;
      },
      failures: async (expected) => {
        const { results } = await proveFile(ask(fileOf(intent.policy, given, expected)), stage);
        const findings = results.flatMap((result) => result.findings);
        return findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
      },
      stop: async () => {
        await Promise.all([...clients.values()].map((client) => client.close()));
        await stage.close();
        await local.stop();
      },
    };
  } catch (error) {
    await local.stop();
    throw error;
  }
}

/**
 * Throws an AssertionError, which every test runner shows, if the model or the server does not do what is expected; a
 * {@link Failure} if what is expected makes no sense.
 *
 * @example
 * ```js
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { expectAccess, startPolicyServer } from 'mongoward/test';
 *
 * const file = join(mkdtempSync(join(tmpdir(), 'policy-')), 'trail.yaml');
 * writeFileSync(file, `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles: { writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] } }
 * users: { app@admin: { roles: [writer@audit], password: { fromEnv: APP_PASSWORD } } }
 * `);
 * const server = await startPolicyServer({ policies: [file] });
 * try {
 *   await expectAccess(server, { as: 'app@admin', may: 'insert', on: 'audit.logs' });
 *   await expectAccess(server, { as: '*', mayNot: ['alter', 'destroy'], on: 'audit.logs' });
 * } finally {
 *   await server.stop();
 * }
 * ```
 */
export async function expectAccess(server: PolicyServer, expected: ExpectationEntry): Promise<void> {
  const failures = await server.failures(expected);
  if (failures.length > 0) throw new AssertionError({ message: failures.join('\n'), stackStartFn: expectAccess });
}

/** Something to expect, where only what is given counts. */
const ANY: ExpectationEntry = { as: '*', may: 'find', on: 'admin' };

function fileOf(policy: string, given: GivenEntry, expected: ExpectationEntry): ExpectationFile {
  const { read, problems } = expectationsOf('expectAccess', policy, { given, expect: [expected] });
  refuseProblems(problems);
  if (read === undefined) throw new Error('expectations without a problem were read');
  return read;
}

function refuseProblems(problems: readonly { readonly message: string }[]): void {
  if (problems.length === 0) return;
  throw new Failure('what is expected or given makes no sense', { details: problems.map(({ message }) => message) });
}
