/** Objects that differ, strangers, and who can do what a policy rules out. */

import type { MongoClient } from 'mongodb';
import { type Case, dropStranger, grantedTo, holder, makeStranger, of, stranger } from './case.ts';
import { beside, db, LOGS, type Policy, VAULT } from './policy.ts';
import { apply } from './project.ts';

const EXTRA = `  extra@${db}: { privileges: [{ on: ${LOGS}, allow: insert-only }] }\n`;

/** What the stranger holds there is written anew without the vault. */
const REWRITTEN: Policy = {
  more: `restrictions: [{ users: "${stranger}", on: ${VAULT}, deny: [read], remedy: rewrite }]\n`,
};

export const OBJECT_CASES: readonly Case[] = [
  {
    rule: 'drift/missing',
    target: `writer@${db}`,
    cause: (root) => of(root).command({ dropRole: 'writer' }),
  },
  {
    rule: 'drift/changed',
    how: 'a role that somebody has widened',
    target: `writer@${db}`,
    cause: (root) =>
      of(root).command({
        grantPrivilegesToRole: 'writer',
        privileges: [{ resource: { db, collection: 'logs' }, actions: ['collStats'] }],
      }),
  },
  {
    rule: 'drift/changed',
    how: 'a validator that somebody has taken away',
    target: LOGS,
    policy: { collection: '\n    schema: { bsonType: object, required: [at] }' },
    cause: async (root) => {
      await apply();
      await of(root).command({ collMod: 'logs', validator: {} });
    },
  },
  {
    rule: 'drift/changed',
    how: 'a TTL index',
    target: `${LOGS}.$ttl`,
    cause: (root) => of(root).collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 60 }),
  },
  {
    rule: 'drift/obstacle',
    target: LOGS,
    cause: async (root) => {
      await of(root).dropCollection('logs');
      await of(root).createCollection('logs', { capped: true, size: 4096 });
    },
    mend: (root) => of(root).dropCollection('logs'),
  },
  {
    rule: 'drift/orphaned',
    target: `extra@${db}`,
    cause: () => apply({ roles: EXTRA }),
    mend: () => apply({}, ['--prune']),
  },
  {
    rule: 'drift/unrecorded',
    severity: 'info',
    target: `writer@${db}`,
    cause: (root) =>
      root
        .db('mongoward')
        .collection('objects')
        .deleteOne({ target: `writer@${db}` }),
  },
  {
    rule: 'inventory/stranger',
    target: stranger,
    policy: { more: 'inventory: closed\n' },
    mended: {},
    cause: (root) => makeStranger(root, []),
    mend: dropStranger,
  },
  { rule: 'protection/append-only', target: stranger, ...holder(db, 'logs', ['remove']) },
  {
    rule: 'protection/read-only',
    target: stranger,
    policy: { collection: `\n  ${beside}.people: { protection: read-only }` },
    ...holder(beside, 'people', ['insert']),
  },
  { rule: 'protection/access', target: stranger, ...holder(db, 'logs', ['find']) },
  {
    rule: 'protection/dedicated-database',
    target: db,
    cause: (root) => of(root).createCollection('carts'),
    mend: (root) => of(root).dropCollection('carts'),
  },
  {
    rule: 'restriction/reach',
    target: stranger,
    policy: { more: `restrictions: [{ users: "${stranger}", on: ${beside}.*, deny: [read] }]\n` },
    ...holder(beside, 'vault', ['find']),
  },
  {
    rule: 'restriction/uncovered',
    target: managedRole,
    policy: REWRITTEN,
    cause: async (root) => {
      await root.db(beside).createCollection('vault');
      await makeStranger(root, [{ role: 'read', db: beside }]);
      await apply(REWRITTEN);
      await root.db(beside).createCollection('later');
    },
    clear: async (root) => {
      await dropStranger(root);
      await root.db(beside).dropDatabase();
    },
  },
  {
    rule: 'restriction/own-records',
    severity: 'warning',
    target: 'mongoward',
    policy: REWRITTEN,
    cause: async (root) => {
      await root.db(beside).createCollection('vault');
      await grantedTo(root, 'mongoward', 'journal', ['remove']);
      await makeStranger(root, [
        { role: 'read', db: beside },
        { role: `${db}-granted`, db: 'mongoward' },
      ]);
      await apply(REWRITTEN);
    },
    mend: (root) => root.db('mongoward').command({ dropRole: `${db}-granted` }),
    clear: async (root) => {
      await dropStranger(root);
      await root.db(beside).dropDatabase();
    },
  },
];

/** The role that stands for the stranger's, by the record of what the policy owns. */
async function managedRole(root: MongoClient): Promise<string> {
  const record = await root
    .db('mongoward')
    .collection('objects')
    .findOne({ policy: db, replaces: { $exists: true } });
  return String(record?.['target']);
}
