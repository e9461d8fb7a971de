/** A scan of sealed fields beside a bare cursor with the same projection: documents of 1 KiB with three sealed fields. */
import { randomBytes } from 'node:crypto';
import { Binary, type MongoClient } from 'mongodb';
import { scanCollection } from '../../src/cluster/scan.ts';
import { scanner } from '../../src/encryption/scan-documents.ts';
import { sealedFields } from '../../src/encryption/sealed-field.ts';
import { unsealedSchema } from '../../src/encryption/server-schema.ts';
import type { Finding, Suite } from '../figure.ts';
import { onMongod, withClient } from '../inputs/cluster.ts';
import { compared, stopwatch } from '../measure.ts';

const COUNT = 100_000;
const BATCH = 1000;
const RUNS = 5;
const FIELDS = sealedFields({
  'user.email': { bsonType: 'string', algorithm: 'deterministic' },
  'user.ip': { bsonType: 'string', algorithm: 'random' },
  'request.body': { bsonType: 'object', algorithm: 'random' },
});
const NS = { db: 'bench', collection: 'logs' };
const WHAT = `scanning ${COUNT.toLocaleString('en')} documents for plaintext in sealed fields`;
const VALIDATOR = { $jsonSchema: unsealedSchema({ required: ['event'] }, FIELDS) };

function sealed(algorithm: number, bsonType: number, length: number): Binary {
  const bytes = randomBytes(length);
  bytes[0] = algorithm;
  bytes[17] = bsonType;
  return new Binary(bytes, 6);
}

async function fill(client: MongoClient): Promise<void> {
  const collection = client.db(NS.db).collection(NS.collection);
  const note = 'x'.repeat(600);
  for (let at = 0; at < COUNT; at += BATCH) {
    const documents = Array.from({ length: Math.min(BATCH, COUNT - at) }, () => ({
      event: 'login',
      note,
      user: { email: sealed(1, 2, 98), ip: sealed(2, 2, 82) },
      request: { body: sealed(2, 3, 114) },
    }));
    await collection.insertMany(documents, { ordered: false });
  }
}

async function bare(client: MongoClient): Promise<number> {
  const projection = Object.fromEntries(FIELDS.map(({ path }) => [path, 1]));
  const cursor = client.db(NS.db).collection(NS.collection).find({}, { projection, batchSize: BATCH });
  let seen = 0;
  for await (const _document of cursor) seen += 1;
  return seen;
}

let peak = 0;

async function scanned(client: MongoClient): Promise<number> {
  const looking = scanner(
    FIELDS.map((field) => ({ field })),
    undefined,
  );
  const refused = await scanCollection(client, looking, {
    ns: NS,
    paths: FIELDS.map(({ path }) => path),
    validator: VALIDATOR,
    batchSize: BATCH,
    progress: () => {
      peak = Math.max(peak, process.memoryUsage().rss);
    },
  });
  const { documents, fields } = looking.tally();
  if (refused !== 0 || fields.some(({ sealed: good }) => good !== documents)) throw new Error('the scan miscounted');
  return documents;
}

export const scan: Suite = {
  name: 'scan',
  about:
    'A scan of sealed fields, beside a bare cursor that only reads them; the server counts every document a second time meanwhile.',
  minutes: 1.5,
  run: () =>
    onMongod({ id: 'scan/sealed', what: WHAT }, async function* ({ uri, label }) {
      yield await withClient(uri, (client) => measured(client, label));
    }),
};

async function measured(client: MongoClient, label: string): Promise<Finding> {
  const { db } = NS;
  await client.db(db).dropDatabase();
  await fill(client);
  const { ms, runs, baseMs, ratio } = await compared(
    RUNS,
    async () => ({ ms: await stopwatch(() => bare(client)) }),
    async () => ({ ms: await stopwatch(() => scanned(client)) }),
  );
  await client.db(db).dropDatabase();
  const base = { what: 'a bare cursor', ms: baseMs, ratio };
  const mib = peak / 1024 / 1024;
  const note = `On ${label}. Without the start, the memory with the bench itself.`;
  return { kind: 'figure', id: 'scan/sealed', what: WHAT, ms, mib, runs, base, note };
}
