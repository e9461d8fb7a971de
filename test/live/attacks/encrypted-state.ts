/**
 * Techniques at what Queryable Encryption keeps beside a collection. What a client library would seal is made here: to the
 * server values are tokens, and it only compares what it derives from them.
 */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { serialize } from 'bson';
import { Binary, type Document, Int32, Long, type MongoClient, ObjectId, UUID } from 'mongodb';
import { withMongo } from '../../../src/demo/seed.ts';
import type { Attack, Scene } from './scene.ts';

const ESC = 'enxcol_.logs.esc';
const ECOC = 'enxcol_.logs.ecoc';

const KEY_ID = new UUID();
const token = (n: number): Buffer => Buffer.alloc(32, n);
const DATA = token(1);
const STATE = token(2);
const SERVER = token(3);
const LIST = token(4);
const FIELDS = {
  fields: [
    {
      path: 'event',
      bsonType: 'string',
      keyId: KEY_ID,
      queries: [{ queryType: 'equality', contention: Long.fromNumber(0) }],
    },
  ],
};

const run = (account: MongoClient, { db }: Scene, command: Document): Promise<Document> =>
  account.db(db).command(command);

/** What drivers add to a command with sealed values. */
function withSchema({ db }: Scene, command: Document): Document {
  const schema = { [`${db}.logs`]: { ...FIELDS, escCollection: ESC, ecocCollection: ECOC } };
  return { ...command, encryptionInformation: { type: new Int32(1), schema } };
}

/** A value as sent to be stored, and as sent to be looked for (the server's fle_field_schema.idl). */
const STORED = 11;
const LOOKED_FOR = 12;

function sealed(kind: number, fields: Document): Binary {
  return new Binary(Buffer.concat([Buffer.of(kind), serialize(fields)]), Binary.SUBTYPE_ENCRYPTED);
}

/** Of the only contention factor, 0. */
function derived(token: Buffer): Buffer {
  return createHmac('sha256', token).update(Buffer.alloc(8)).digest();
}

function encrypted(key: Buffer, plain: Buffer): Buffer {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-ctr', key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final()]);
}

function stored(): Binary {
  return sealed(STORED, {
    d: new Binary(derived(DATA)),
    s: new Binary(derived(STATE)),
    p: new Binary(encrypted(LIST, derived(STATE))),
    u: KEY_ID,
    t: new Int32(2),
    v: new Binary(Buffer.concat([KEY_ID.buffer, randomBytes(64)])),
    e: new Binary(SERVER),
    l: new Binary(SERVER),
    k: Long.fromNumber(0),
  });
}

const lookedFor = (): Binary =>
  sealed(LOOKED_FOR, {
    d: new Binary(DATA),
    s: new Binary(STATE),
    l: new Binary(SERVER),
    cm: Long.fromNumber(0),
  });

/** By the writer, who may insert into `logs` alone. */
async function writeSealed(scene: Scene): Promise<void> {
  await withMongo(scene.writerUri, async (writer) => {
    const insert = withSchema(scene, { insert: 'logs', documents: [{ event: stored() }] });
    const { writeErrors } = await run(writer, scene, insert);
    if (writeErrors !== undefined) throw new Error(`${writeErrors[0].errmsg}`);
  });
}

const writerIsRefused = (scene: Scene): Promise<boolean> =>
  writeSealed(scene).then(
    () => false,
    () => true,
  );

/** Whether a query for the value that is there shows nothing, or fails. */
async function isFoundByNoQuery(scene: Scene): Promise<boolean> {
  if ((await scene.logs.countDocuments()) === 0) throw new Error('no document is there to be found');
  return run(scene.root, scene, withSchema(scene, { find: 'logs', filter: { event: lookedFor() } })).then(
    ({ cursor }) => cursor.firstBatch.length === 0,
    () => true,
  );
}

/** `logs` as a collection of Queryable Encryption, made as drivers make one, with one document. */
async function sealLogs(scene: Scene): Promise<void> {
  const db = scene.root.db(scene.db);
  await db.dropCollection('logs');
  for (const name of [ESC, ECOC]) {
    await db.createCollection(name, { clusteredIndex: { key: { _id: 1 }, unique: true } });
  }
  await db.command({ create: 'logs', encryptedFields: FIELDS });
  await writeSealed(scene);
  if (await isFoundByNoQuery(scene)) throw new Error('the document is not found from the start');
}

/** As is done from time to time: what is in `esc` is counted together. */
async function sealAndCompact(scene: Scene): Promise<void> {
  await sealLogs(scene);
  const compactionTokens = { event: new Binary(LIST) };
  await run(scene.root, scene, { compactStructuredEncryptionData: 'logs', compactionTokens });
}

/** With tags that lie behind the document's own: of a clustered collection those in front go first. */
async function sealManyTags(scene: Scene): Promise<void> {
  await sealLogs(scene);
  const tags = Array.from({ length: 2000 }, (_, n) => {
    const _id = Buffer.alloc(32, 0xff);
    _id.writeUInt32BE(n, 28);
    return { _id: new Binary(_id) };
  });
  await run(scene.root, scene, { insert: ESC, documents: tags });
}

const REFUSING = { nothing: { $exists: true } };

async function replace(account: MongoClient, scene: Scene, name: string): Promise<Document> {
  await run(account, scene, { drop: name });
  return run(account, scene, { create: name, validator: REFUSING });
}

async function expires({ root, db }: Scene): Promise<boolean> {
  const tags = root.db(db).collection(ESC);
  const indexes = await tags.listIndexes().toArray();
  if (!indexes.some(({ expireAfterSeconds }) => expireAfterSeconds === 3600)) return false;
  return (await tags.countDocuments({ at: { $type: 'date' } })) > 0;
}

const attacks: readonly Omit<Attack, 'needs'>[] = [
  {
    technique: 'encrypted-state-update',
    prepare: sealAndCompact,
    attack: (account, scene) =>
      run(account, scene, { update: ESC, updates: [{ q: {}, u: { $unset: { value: 1 } }, multi: true }] }),
    happened: async (scene) => (await isFoundByNoQuery(scene)) && (await writerIsRefused(scene)),
  },
  {
    technique: 'encrypted-state-remove',
    prepare: sealLogs,
    attack: (account, scene) => run(account, scene, { delete: ESC, deletes: [{ q: {}, limit: 0 }] }),
    happened: isFoundByNoQuery,
  },
  {
    technique: 'encrypted-state-drop',
    prepare: sealLogs,
    attack: (account, scene) => run(account, scene, { drop: ESC }),
    happened: isFoundByNoQuery,
  },
  {
    technique: 'encrypted-state-convert-to-capped',
    prepare: sealManyTags,
    attack: (account, scene) => run(account, scene, { convertToCapped: ESC, size: 4096 }),
    happened: async (scene) => (await isFoundByNoQuery(scene)) && (await writerIsRefused(scene)),
  },
  {
    technique: 'encrypted-state-cap-list',
    prepare: sealLogs,
    attack: (account, scene) => run(account, scene, { convertToCapped: ECOC, size: 4096 }),
    happened: writerIsRefused,
  },
  {
    technique: 'encrypted-state-ttl-index',
    prepare: sealLogs,
    attack: async (account, scene) => {
      const at = new Date();
      await run(account, scene, {
        createIndexes: ESC,
        indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 3600 }],
      });
      return run(account, scene, { update: ESC, updates: [{ q: {}, u: { $set: { at } }, multi: true }] });
    },
    happened: expires,
  },
  {
    technique: 'encrypted-state-refusing-index',
    prepare: sealLogs,
    attack: async (account, scene) => {
      const { localTime } = await run(account, scene, { hello: 1 });
      const later = ObjectId.createFromTime(Math.floor(localTime.getTime() / 1000) + 1);
      const partialFilterExpression = { _id: { $gt: later } };
      return run(account, scene, {
        createIndexes: ECOC,
        indexes: [{ key: { fieldName: '2dsphere' }, name: 'later', partialFilterExpression }],
      });
    },
    happened: async (scene) => {
      await pause(1100);
      return writerIsRefused(scene);
    },
  },
  {
    technique: 'encrypted-state-strict-validator',
    prepare: sealLogs,
    attack: (account, scene) => run(account, scene, { collMod: ECOC, validator: REFUSING }),
    happened: writerIsRefused,
  },
  {
    technique: 'encrypted-state-replace',
    prepare: sealLogs,
    attack: (account, scene) => replace(account, scene, ESC),
    happened: writerIsRefused,
  },
  {
    technique: 'encrypted-state-replace-list',
    prepare: sealLogs,
    attack: (account, scene) => replace(account, scene, ECOC),
    happened: writerIsRefused,
  },
];

export const ENCRYPTED_STATE: readonly Attack[] = attacks.map((attack) => ({
  ...attack,
  needs: 'queryable encryption',
}));
