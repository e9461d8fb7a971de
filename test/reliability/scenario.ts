/** A migration of fifty operations and more, of every kind that a policy can cause, between two forms of one policy. */
import type { MongoClient } from 'mongodb';
import type { Intent } from '../../src/policy/intent.ts';
import { intentOf } from '../live/server.ts';

export const DATABASES = ['shop', 'audit', 'billing'] as const;

const HEAD = `apiVersion: mongoward/v1
metadata: { name: reliability }
breakGlass:
  - { user: root@admin, reason: the test's own account, until: 2099-01-01 }
`;

/** What the cluster has before. */
export const BEFORE = `${HEAD}
collections:
  shop.orders: { schema: { bsonType: object } }
  audit.logs: { retention: forever }
roles:
  reader@shop: { privileges: [{ on: shop.orders, allow: read-only }] }
  writer@shop: { privileges: [{ on: shop.orders, allow: [insert, update, remove] }], roles: [reader@shop] }
  clerk@shop: { roles: [writer@shop] }
  auditor@audit: { privileges: [{ on: audit.logs, allow: [find, insert] }], clientSource: [127.0.0.1] }
  bookkeeper@billing: { privileges: [{ on: billing.invoices, allow: [find, insert, update] }] }
  old1@shop: { privileges: [{ on: shop.a, allow: [find] }] }
  old2@shop: { privileges: [{ on: shop.b, allow: [find] }], roles: [old1@shop] }
users:
  app@shop: { roles: [clerk@shop], password: { fromEnv: PW } }
  batch@shop: { roles: [reader@shop, old2@shop], mechanisms: [SCRAM-SHA-1], password: { fromEnv: PW } }
  accountant@billing: { roles: [bookkeeper@billing], mechanisms: [SCRAM-SHA-1], password: { fromEnv: PW }, customData: { team: a } }
  gone@billing: { roles: [bookkeeper@billing], mechanisms: [SCRAM-SHA-1], password: { fromEnv: PW } }
`;

/** What it is to have. */
export const AFTER = `${HEAD}
collections:
  shop.orders: { schema: { bsonType: object, required: [n] }, validationLevel: moderate }
  shop.returns: { schema: { bsonType: object } }
  audit.logs: { protection: append-only, retention: forever, schema: { bsonType: object } }
roles:
  reader@shop: { privileges: [{ on: shop.orders, allow: read-only }, { on: shop.returns, allow: read-only }], roles: [clerk@shop] }
  writer@shop: { privileges: [{ on: shop.orders, allow: [insert] }, { on: shop.returns, allow: [insert] }] }
  clerk@shop: { roles: [writer@shop, stock@shop] }
  stock@shop: { privileges: [{ on: shop.stock, allow: [find, update] }] }
  stockKeeper@shop: { roles: [stock@shop] }
  packer@shop: { privileges: [{ on: shop.parcels, allow: [find, update] }], roles: [stock@shop] }
  courier@shop: { privileges: [{ on: shop.parcels, allow: read-only }] }
  dunning@billing: { privileges: [{ on: billing.dunning, allow: [find, insert] }] }
  auditor@audit: { privileges: [{ on: audit.logs, allow: read-only }], clientSource: [127.0.0.1, 10.0.0.0/8] }
  archivist@audit: { privileges: [{ on: audit.logs, allow: insert-only }] }
  bookkeeper@billing: { privileges: [{ on: billing.invoices, allow: [find] }, { on: billing.dunning, allow: [find] }] }
  controller@billing: { privileges: [{ on: billing.invoices, allow: [find] }], roles: [bookkeeper@billing] }
users:
  app@shop: { roles: [clerk@shop, reader@shop], mechanisms: [SCRAM-SHA-256], password: { fromEnv: PW } }
  batch@shop: { roles: [stockKeeper@shop], password: { fromEnv: PW }, clientSource: [127.0.0.1] }
  courier@shop: { roles: [courier@shop], mechanisms: [SCRAM-SHA-1], password: { fromEnv: PW } }
  keeper@shop: { roles: [stockKeeper@shop], mechanisms: [SCRAM-SHA-1], password: { fromEnv: PW } }
  accountant@billing: { roles: [controller@billing], mechanisms: [SCRAM-SHA-1], password: { fromEnv: PW }, customData: { team: b } }
  auditor@audit: { roles: [auditor@audit], mechanisms: [SCRAM-SHA-1], password: { fromEnv: PW } }
  archivist@audit: { roles: [archivist@audit], mechanisms: [SCRAM-SHA-1], password: { fromEnv: PW } }
`;

export const before: Intent = intentOf(BEFORE);
export const after: Intent = intentOf(AFTER);

/** What no policy makes: a TTL index that the second form forbids. */
export async function addForeignParts(client: MongoClient): Promise<void> {
  await client.db('audit').collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 3600 });
}
