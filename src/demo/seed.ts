/** A MongoDB in use, as the demo finds it: an application with its data, and audit logs that somebody lets expire. */
import { MongoClient } from 'mongodb';

/** Runs `work` with a client of that connection string, and closes it. */
export async function withMongo<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000, retryWrites: false });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const DAY = 86_400;

export async function seed(rootUri: string, applicationPassword: string): Promise<void> {
  await withMongo(rootUri, async (client) => {
    const accounts = [
      { createUser: 'orders-app', roles: [{ role: 'readWrite', db: 'orders' }] },
      { createUser: 'reports-app', roles: ['readWriteAnyDatabase'] },
      { createUser: 'dba', roles: ['dbAdminAnyDatabase'] },
    ];
    for (const account of accounts) await client.db('admin').command({ ...account, pwd: applicationPassword });
    await client
      .db('orders')
      .collection('orders')
      .insertMany([
        { number: 1001, total: 49.9, status: 'paid' },
        { number: 1002, total: 12.5, status: 'open' },
      ]);
    const logs = client.db('audit').collection('logs');
    await logs.insertMany([
      { timestamp: new Date(), event: 'login', severity: 'info', user: { name: 'ada' } },
      { timestamp: new Date(), event: 'order.paid', severity: 'info', user: { name: 'ada' } },
    ]);
    await logs.createIndex({ timestamp: 1 }, { name: 'cleanup', expireAfterSeconds: 90 * DAY });
  });
}
