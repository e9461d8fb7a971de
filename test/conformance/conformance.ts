/**
 * Our decisions against a real server's: generated roles, users and commands. Each command is sent by an account that
 * holds generated roles; the server's "not authorized" (13) is its no, anything else its yes.
 *
 *     npm run test:conformance            # MONGOWARD_TEST_URI, or a mongod as in the live suite; never the sandbox
 *     SEED=7 USERS=100 npm run test:conformance
 *     RECORD=test/truth/decisions-4.4.json npm run test:conformance    # what the server answered, for replay.test.ts
 */
import { writeFileSync } from 'node:fs';
import { type MongoClient, MongoServerError } from 'mongodb';
import { judge, requirementsOf } from '../../src/access/commands/index.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { roleGraph } from '../../src/model/graph.ts';
import type { RoleRef } from '../../src/model/names.ts';
import { startLiveServer, withLive } from '../live/server.ts';
import { DATABASES, dice, randomBuiltins, randomCommand, randomPrivileges, type Sent } from './generate.ts';
import { type Recorded, recordText } from './record.ts';

const COMMANDS_PER_USER = 50;
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const userCount = Number(process.env['USERS'] ?? 60);
const UNAUTHORIZED = 13;

async function prepare(client: MongoClient): Promise<void> {
  for (const db of DATABASES) {
    for (const name of ['one', 'two']) {
      await client
        .db(db)
        .collection(name)
        .updateOne({ a: 1 }, { $set: { a: 1 } }, { upsert: true });
    }
  }
}

async function cleanUp(client: MongoClient): Promise<void> {
  const admin = client.db('admin');
  for (const name of ['users', 'roles']) {
    const found = await admin
      .collection(`system.${name}`)
      .find({ _id: /(^conf_[ab]\.)|(^admin\.(conf_|r\d+$|u\d+$))/ } as object)
      .toArray();
    for (const document of found) {
      const drop = name === 'users' ? { dropUser: document['user'] } : { dropRole: document['role'] };
      await client.db(String(document['db'])).command(drop);
    }
  }
  for (const db of DATABASES) await client.db(db).dropDatabase();
}

async function serverAllows(client: MongoClient, { db, command }: Sent): Promise<boolean> {
  try {
    await client.db(db).command({ ...command });
    return true;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    return error.code !== UNAUTHORIZED;
  }
}

const server = await startLiveServer();
let decisions = 0;
let yes = 0;
const disagreements: string[] = [];
const recorded: Recorded = { server: { version: '', topology: '' }, seed, accounts: [], decisions: [] };
try {
  if (server.simulated) throw new Error('the sandbox decides by our own model: a real server is needed');
  console.log(`seed ${seed}`);
  const roll = dice(seed);
  await withLive(server.rootUri, async (cluster, root) => {
    await cleanUp(root);
    await prepare(root);
    for (let n = 0; n < userCount; n += 1) {
      const name = `conf_${n}`;
      const roles: RoleRef[] = [{ role: name, db: 'admin' }, ...randomBuiltins(roll)];
      const base = `${name}_base`;
      await root.db('admin').command({ createRole: base, privileges: randomPrivileges(roll), roles: [] });
      await root.db('admin').command({ createRole: name, privileges: randomPrivileges(roll), roles: [base] });
      await root.db('admin').command({ createUser: name, pwd: name, roles, mechanisms: ['SCRAM-SHA-1'] });
      const state = await cluster.read();
      recorded.server = { version: state.server.version, topology: state.server.topology };
      recorded.accounts.push({
        user: { user: name, db: 'admin' },
        granted: roles,
        roles: (state.roles ?? []).filter(({ role, db }) => db === 'admin' && (role === name || role === base)),
      });
      const privileges = roleGraph(state.roles ?? [], state.server.version).privileges(roles);
      const context = {
        version: state.server.version,
        sharded: state.server.topology === 'sharded',
        user: { user: name, db: 'admin' },
        roles,
      };
      await withMongo(server.uri(name, name), async (client) => {
        for (let k = 0; k < COMMANDS_PER_USER; k += 1) {
          const sent = randomCommand(roll);
          const ours = judge(requirementsOf(sent.command, sent.db, context), privileges).allowed;
          const theirs = await serverAllows(client, sent);
          decisions += 1;
          recorded.decisions.push({ account: n, ...sent, allowed: theirs });
          if (theirs) yes += 1;
          if (ours !== theirs) {
            disagreements.push(
              `${theirs ? 'the server allows' : 'the server refuses'} ${JSON.stringify(sent)} to ${JSON.stringify(privileges)}`,
            );
          }
        }
      });
      await prepare(root);
    }
    await cleanUp(root);
  });
} finally {
  await server.stop();
}
const file = process.env['RECORD'];
if (file !== undefined) writeFileSync(file, recordText(recorded));
for (const line of disagreements.slice(0, 20)) console.log(line.slice(0, 600));
console.log(`seed ${seed}: ${decisions} decisions, ${yes} of them yes, ${disagreements.length} disagreements`);
process.exitCode = disagreements.length === 0 ? 0 : 1;
