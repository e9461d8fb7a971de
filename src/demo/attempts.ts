/** What the demo tries as the legitimate writer: one thing that must work, and everything that must not. */
import { type MongoClient, MongoServerError } from 'mongodb';

export interface Attempt {
  readonly what: string;
  readonly allowed: boolean;
  run(client: MongoClient): Promise<unknown>;
}

export const ATTEMPTS: readonly Attempt[] = [
  {
    what: 'insert a document',
    allowed: true,
    run: (client) => logs(client).insertOne({ timestamp: new Date(), event: 'order.shipped', severity: 'info' }),
  },
  {
    what: 'insert one without severity',
    allowed: false,
    run: (client) => logs(client).insertOne({ event: 'order.shipped' }),
  },
  {
    what: 'insert an e-mail address in the clear',
    allowed: false,
    run: (client) =>
      logs(client).insertOne({
        timestamp: new Date(),
        event: 'x',
        severity: 'info',
        user: { email: 'ada@example.com' },
      }),
  },
  {
    what: 'change every document',
    allowed: false,
    run: (client) => logs(client).updateMany({}, { $set: { event: 'nothing' } }),
  },
  { what: 'delete every document', allowed: false, run: (client) => logs(client).deleteMany({}) },
  { what: 'drop the collection', allowed: false, run: (client) => client.db('audit').command({ drop: 'logs' }) },
  {
    what: 'let documents expire (TTL index)',
    allowed: false,
    run: (client) => logs(client).createIndex({ timestamp: 1 }, { expireAfterSeconds: 1 }),
  },
  {
    what: 'grant itself a role',
    allowed: false,
    run: (client) =>
      client.db('admin').command({ grantRolesToUser: 'crud-service', roles: [{ role: 'readWrite', db: 'audit' }] }),
  },
];

/** What the demo tries as accounts that could use every database, by the account. */
export const KEPT_OUT: Readonly<Record<string, readonly Attempt[]>> = {
  'reports-app': [
    { what: 'read orders', allowed: true, run: (client) => client.db('orders').collection('orders').findOne() },
    {
      what: 'change orders',
      allowed: true,
      run: (client) =>
        client
          .db('orders')
          .collection('orders')
          .updateOne({ number: 1002 }, { $set: { status: 'paid' } }),
    },
    { what: 'read the audit logs', allowed: false, run: (client) => logs(client).findOne() },
    { what: 'delete the audit logs', allowed: false, run: (client) => logs(client).deleteMany({}) },
  ],
  dba: [
    {
      what: 'index orders',
      allowed: true,
      run: (client) => client.db('orders').collection('orders').createIndex({ number: 1 }),
    },
    {
      what: 'let the audit logs expire (TTL index)',
      allowed: false,
      run: (client) => logs(client).createIndex({ timestamp: 1 }, { expireAfterSeconds: 1 }),
    },
    { what: 'drop the audit logs', allowed: false, run: (client) => client.db('audit').command({ drop: 'logs' }) },
  ],
};

function logs(client: MongoClient) {
  return client.db('audit').collection('logs');
}

export interface Answer {
  readonly attempt: Attempt;
  readonly worked: boolean;
  /** The server's own words. */
  readonly words: string;
}

/** Tries it; anything but the server's own refusal is an error. */
export async function tryIt(client: MongoClient, attempt: Attempt): Promise<Answer> {
  try {
    await attempt.run(client);
    return { attempt, worked: true, words: 'ok' };
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    return { attempt, worked: false, words: error.message.replace(/, lsid: .*$/s, ', ... }').replace(/\s+/g, ' ') };
  }
}
