/** What somebody writes who wants roles and users on a cluster: eight commands under way at a time, roles before users. */
import { MongoClient } from 'mongodb';

const count = Number(process.env.BENCH_COUNT);
const client = new MongoClient(process.env.BENCH_URI);
const db = client.db('bench');

async function inParallel(commands) {
  const open = commands.values();
  const work = async () => {
    for (const command of open) await db.command({ ...command, writeConcern: { w: 'majority' } });
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

try {
  const numbers = Array.from({ length: count }, (_, at) => at);
  await inParallel(
    numbers.map((at) => ({
      createRole: `role${at}`,
      privileges: [{ resource: { db: 'bench', collection: `c${at}` }, actions: ['find', 'insert'] }],
      roles: [],
    })),
  );
  await inParallel(
    numbers.map((at) => ({
      createUser: `user${at}`,
      pwd: process.env.BENCH_PASSWORD,
      roles: [`role${at}`],
      mechanisms: ['SCRAM-SHA-256'],
    })),
  );
} finally {
  await client.close();
}
