/** Keys and key vaults. */
import { Binary, type MongoClient, UUID } from 'mongodb';
import { type Case, grantedTo } from './case.ts';
import { beside, db, SERVICE, VAULT } from './policy.ts';
import { apply } from './project.ts';

export const SEALED = (more = ''): string => `
    encryption:
      keyVault: ${VAULT}
      ${more}
      fields: { mail: { bsonType: string, algorithm: random, keyAltName: pii } }`;

export const vault = (root: MongoClient) => root.db(beside).collection('vault');
export const dropVault = (root: MongoClient) => root.db(beside).dropDatabase();

export async function makeKeys(root: MongoClient, names: readonly string[], day = '2026-11-01'): Promise<void> {
  const date = new Date(`${day}T00:00:00Z`);
  await vault(root).insertMany(
    names.map((name) => ({
      _id: new Binary(new UUID().buffer, Binary.SUBTYPE_UUID) as never,
      keyMaterial: new Binary(new Uint8Array(160)),
      creationDate: date,
      updateDate: date,
      status: 0,
      masterKey: { provider: 'local' },
      keyAltNames: [name],
    })),
  );
}

/** The vault with its index, and a key in it. */
async function madeAnew(root: MongoClient): Promise<void> {
  await dropVault(root);
  await apply({ collection: SEALED() });
  await makeKeys(root, ['pii']);
}

export const KEY_CASES: readonly Case[] = [
  {
    rule: 'encryption/key-missing',
    severity: 'warning',
    target: VAULT,
    policy: { collection: SEALED() },
    cause: () => apply({ collection: SEALED() }),
    mend: (root) => makeKeys(root, ['pii']),
  },
  {
    rule: 'encryption/key-age',
    target: VAULT,
    policy: { collection: SEALED('rotateAfter: 90d') },
    cause: async (root) => {
      await vault(root).deleteMany({});
      await makeKeys(root, ['pii'], '2026-01-01');
    },
    mend: (root) => vault(root).updateMany({}, { $set: { updateDate: new Date('2026-11-20') } }),
  },
  {
    rule: 'encryption/master-key',
    target: VAULT,
    policy: { collection: SEALED('kms: { provider: aws, region: eu-west-1, key: master }') },
    mended: { collection: SEALED() },
  },
  {
    rule: 'encryption/key-vault-access',
    target: SERVICE,
    policy: { collection: SEALED() },
    cause: async (root) => {
      await grantedTo(root, beside, 'vault', ['find', 'remove']);
      await root.db('admin').command({
        grantRolesToUser: `${db}-service`,
        roles: [{ role: `${db}-granted`, db: beside }],
      });
    },
    mend: (root) => root.db(beside).command({ dropRole: `${db}-granted` }),
  },
  {
    rule: 'encryption/key-vault-find',
    severity: 'warning',
    target: SERVICE,
    policy: { collection: SEALED() },
    mended: {},
  },
  {
    rule: 'encryption/key-vault-index',
    target: VAULT,
    policy: { collection: SEALED() },
    cause: async (root) => {
      await apply({ collection: SEALED() });
      await vault(root).dropIndex('keyAltNames_1');
      await vault(root).createIndex({ keyAltNames: 1 }, { name: 'plain' });
    },
    mend: (root) => vault(root).dropIndex('plain'),
  },
  {
    rule: 'encryption/key-vault-expiry',
    how: 'by a TTL index',
    target: VAULT,
    policy: { collection: SEALED() },
    // After ten years: nothing is deleted while the tests run.
    cause: (root) => vault(root).createIndex({ creationDate: 1 }, { name: 'expiry', expireAfterSeconds: 315_360_000 }),
    mend: (root) => vault(root).dropIndex('expiry'),
  },
  {
    rule: 'encryption/key-vault-expiry',
    how: 'for newer ones',
    target: VAULT,
    policy: { collection: SEALED() },
    cause: async (root) => {
      await dropVault(root);
      await root.db(beside).createCollection('vault', { capped: true, size: 65_536 });
    },
    mend: madeAnew,
  },
  {
    rule: 'encryption/key-vault-type',
    beyondSandbox: 'the sandbox has no views',
    target: VAULT,
    policy: { collection: SEALED() },
    cause: async (root) => {
      await dropVault(root);
      await root.db(beside).createCollection('vault', { viewOn: 'keys', pipeline: [] });
    },
    mend: madeAnew,
  },
  {
    rule: 'encryption/key-shared-name',
    target: VAULT,
    policy: { collection: SEALED() },
    cause: async (root) => {
      await vault(root).dropIndex('keyAltNames_1');
      await makeKeys(root, ['pii']);
    },
    mend: madeAnew,
  },
];
