/**
 * How fast a scan of sealed fields is, against a bare driver cursor with the same projection: documents of 1 KiB with
 * three sealed fields, on a real server; without one nothing is measured. `npx tsx bench/scan.ts 1000000`
 */
import { randomBytes } from 'node:crypto';
import { Binary, type MongoClient } from 'mongodb';
import { scanCollection } from '../src/cluster/scan.ts';
import { withMongo } from '../src/demo/seed.ts';
import { scanner } from '../src/encryption/scan-documents.ts';
import { sealedFields } from '../src/encryption/sealed-field.ts';
import { unsealedSchema } from '../src/encryption/server-schema.ts';
import { startLocalServer } from '../src/ephemeral/local-server.ts';

const COUNT = Number(process.argv[2] ?? 200_000);
const BATCH = 1000;
const ROUNDS = 5;
const FIELDS = sealedFields({
  'user.email': { bsonType: 'string', algorithm: 'deterministic' },
  'user.ip': { bsonType: 'string', algorithm: 'random' },
  'request.body': { bsonType: 'object', algorithm: 'random' },
});
const NS = { db: 'bench', collection: 'logs' };
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

async function scan(client: MongoClient): Promise<number> {
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

async function rate(work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  return (await work()) / ((performance.now() - started) / 1000);
}

async function measure(client: MongoClient): Promise<void> {
  console.log(`${COUNT} documents of 1 KiB on ${server.label}`);
  await fill(client);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = await rate(() => bare(client));
    const scanned = await rate(() => scan(client));
    rounds.push(scanned / plain);
    console.log(`bare cursor ${Math.round(plain)}/s, scan ${Math.round(scanned)}/s: ${(scanned / plain).toFixed(2)}`);
  }
  const median = rounds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  console.log(`median of ${ROUNDS} ${median.toFixed(2)}, peak memory ${Math.round(peak / 1024 / 1024)} MiB`);
}

const root = { user: 'root', password: randomBytes(12).toString('hex') };
const server = await startLocalServer({ root, env: process.env });
try {
  if (server.simulated) console.log(`scan of sealed fields: not measured on ${server.label}`);
  else await withMongo(server.uri(root.user, root.password), measure);
} finally {
  await server.stop();
}
