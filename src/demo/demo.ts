/**
 * The main job on a server of its own, each step as a user would do it: a MongoDB in use gets an audit trail that nobody
 * can tamper with.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalServer, type LocalServerOptions, startLocalServer } from '../ephemeral/local-server.ts';
import { Failure } from '../failure.ts';
import { wrap } from '../report/layout.ts';
import type { Paint } from '../report/paint.ts';
import { ATTEMPTS, type Attempt, KEPT_OUT, tryIt } from './attempts.ts';
import { prepareSealing, type Sealing, sealAndRead, sealingHere, sealingPolicy } from './sealing.ts';
import { seed, withMongo } from './seed.ts';

export interface DemoOptions {
  readonly env: LocalServerOptions['env'];
  readonly download: boolean;
  /** Where it was started: what is installed there may be used. */
  readonly paint: Paint;
  out(text: string): void;
  /** Runs a command line of this program in the folder, with these variables added, and gives its exit code. */
  mongoward(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<number>;
}

/** Ends by itself, also when interrupted, and leaves nothing behind. Throws a Failure if a step did not do what it should. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const secret = (): string => randomBytes(18).toString('base64url');
  const root = { user: 'root', password: secret() };
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-demo-'));
  let server: LocalServer | undefined;
  const cleanUp = async (): Promise<void> => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = (signal: NodeJS.Signals): void => {
    void cleanUp().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    server = await startLocalServer({ root, env: options.env, download: options.download });
    await walkThrough(options, server, folder, root, secret());
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await cleanUp();
  }
}

async function walkThrough(
  options: DemoOptions,
  server: LocalServer,
  folder: string,
  root: LocalServerOptions['root'],
  password: string,
): Promise<void> {
  const { out, paint } = options;
  const rootUri = server.uri(root.user, root.password);
  const env = { MONGODB_URI: rootUri, CRUD_SERVICE_PASSWORD: password };
  const step = (n: number, text: string): void => out(`\n${paint('cyan', `${n}. ${text}`)}\n\n`);
  const run = async (argv: readonly string[], expected: number): Promise<void> => {
    out(`${paint('bold', `$ mongoward ${argv.join(' ')}`)}\n`);
    const code = await options.mongoward(argv, folder, env);
    out(paint('dim', `(exit code ${code})\n\n`));
    if (code !== expected) throw new Failure(`the demo expected the exit code ${expected} here, and got ${code}`);
  };

  step(1, `A MongoDB in use, on ${server.host}: ${server.label}`);
  await seed(rootUri, password);
  const sealing = sealingHere();
  writeFiles(folder, sealing);
  out('It has: root; orders-app with readWrite@orders and its data; reports-app with\n');
  out('readWriteAnyDatabase; a dba with dbAdminAnyDatabase; audit.logs with documents,\n');
  out('and a TTL index "cleanup" that deletes them after 90 days.\n');
  out('The policy is policies/audit-trail.yaml as it is shipped, except that\n');
  out("crud-service logs in from 127.0.0.1 here. The cluster's entry in\n");
  out('mongoward.config.yaml says that this server has no TLS.\n');
  if (sealing !== undefined) {
    out(`${sealing.library} is installed: the keys of sealed fields are\n`);
    out('made by the migration (dataKeys: managed), under a local master key of this run.\n');
  }

  step(2, 'Is the policy sound, and does it keep what is expected of it? Without a cluster:');
  await run(['policy', 'lint', 'policies/audit-trail.yaml'], 0);
  await run(['policy', 'test'], 0);

  step(3, 'What would it change?');
  await run(['migrate', 'plan', '--cluster', 'demo'], 0);

  step(4, 'Do it, do it again (nothing happens), and look for drift:');
  await run(['migrate', 'apply', '--from-policy', '--cluster', 'demo', '--yes'], 0);
  await run(['migrate', 'apply', '--from-policy', '--cluster', 'demo', '--yes'], 0);
  await run(['drift', 'report', '--cluster', 'demo'], 0);

  step(5, 'What can crud-service do to audit.logs? The server answers:');
  await tryEverything(server.uri('crud-service', password), ATTEMPTS, options);

  step(6, 'And the accounts that could use every database?');
  for (const [account, attempts] of Object.entries(KEPT_OUT)) {
    out(`  ${paint('bold', account)}\n`);
    await tryEverything(server.uri(account, password), attempts, options);
  }

  step(7, 'Are the sealed fields sealed?');
  if (sealing === undefined) {
    out('The server refused the address in the clear, as step 5 shows. To see one sealed\n');
    out('and read back, install mongodb-client-encryption@7 and run the demo again.\n');
  } else {
    const { stored, opened } = await sealAndRead(sealing, server.uri('crud-service', password), rootUri);
    out('crud-service seals user.email with the key "audit-pii", and inserts it.\n');
    out(`  root, who may read everything, sees   ${paint('green', stored)}\n`);
    out(`  whoever has the master key opens it   ${paint('green', opened)}\n`);
  }

  step(8, 'Somebody grants readWrite@audit to orders-app by hand:');
  await withMongo(rootUri, (client) =>
    client.db('admin').command({ grantRolesToUser: 'orders-app', roles: [{ role: 'readWrite', db: 'audit' }] }),
  );
  await run(['drift', 'report', '--cluster', 'demo'], 1);
  out(`${paint('bold', 'That is all of it.')} The server is stopped and everything it stored is removed.\n`);
}

/** The shipped policy beside a configuration with one cluster. */
function writeFiles(folder: string, sealing: Sealing | undefined): void {
  const shipped = readFileSync(new URL('../../policies/audit-trail.yaml', import.meta.url), 'utf8');
  mkdirSync(join(folder, 'policies'));
  const local = shipped.replace('10.20.0.0/16', '127.0.0.1/32');
  const policy = sealing === undefined ? local : sealingPolicy(local);
  writeFileSync(join(folder, 'policies/audit-trail.yaml'), policy);
  const expectations = new URL('../../policies/audit-trail.test.yaml', import.meta.url);
  writeFileSync(join(folder, 'policies/audit-trail.test.yaml'), readFileSync(expectations, 'utf8'));
  const kms = sealing === undefined ? '' : prepareSealing(sealing, folder);
  const config = `clusters:
  demo:
    uri: { fromEnv: MONGODB_URI }
    cluster:
      tls: disabled
      version: ">=4.4"
${kms}`;
  writeFileSync(join(folder, 'mongoward.config.yaml'), config);
}

async function tryEverything(uri: string, attempts: readonly Attempt[], { out, paint }: DemoOptions): Promise<void> {
  const answers = await withMongo(uri, async (client) => {
    const list = [];
    for (const attempt of attempts) list.push(await tryIt(client, attempt));
    return list;
  });
  const width = Math.max(...attempts.map(({ what }) => what.length));
  for (const { attempt, worked, words } of answers) {
    const mark = worked ? paint('green', 'done   ') : paint('red', 'refused');
    out(`  ${attempt.what.padEnd(width)}  ${mark}\n`);
    if (!worked) out(`    ${paint('dim', wrap(words.length > 140 ? `${words.slice(0, 137)}...` : words, 4))}\n`);
  }
  const wrong = answers.filter(({ attempt, worked }) => attempt.allowed !== worked);
  if (wrong.length > 0) {
    const what = wrong.map(({ attempt, words }) => `${attempt.what}: ${words}`);
    throw new Failure('the server did not answer as the policy says', { details: what });
  }
}
