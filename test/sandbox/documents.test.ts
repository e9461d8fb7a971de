import assert from 'node:assert/strict';
import { type Document, Double, Int32, Long, ObjectId } from 'mongodb';
import { type Loose, outcome, outcomes, sandboxTest } from './support.ts';

const PEOPLE: readonly Loose[] = [
  { _id: 1, name: 'Ada', age: 36, tags: ['a', 'b'], home: { city: 'London' }, jobs: [{ year: 1833 }, { year: 1843 }] },
  { _id: 2, name: 'Bob', age: 36.5, tags: [], home: { city: null } },
  { _id: 3, name: 'çelik', age: Long.fromNumber(7), home: {} },
  { _id: 4, name: null, age: '36' },
];

const QUERIES: readonly { readonly query: Document; readonly found: readonly number[] }[] = [
  { query: {}, found: [1, 2, 3, 4] },
  { query: { age: 36 }, found: [1] },
  { query: { age: { $gt: 7, $lte: 36.5 } }, found: [1, 2] },
  { query: { age: { $gte: '3' } }, found: [4] },
  { query: { age: { $ne: 36 } }, found: [2, 3, 4] },
  { query: { tags: 'a' }, found: [1] },
  { query: { tags: [] }, found: [2] },
  { query: { tags: { $size: 2 } }, found: [1] },
  { query: { tags: { $in: ['b', 'z'] } }, found: [1] },
  { query: { tags: { $nin: ['b'] } }, found: [2, 3, 4] },
  { query: { tags: { $exists: false } }, found: [3, 4] },
  { query: { 'home.city': null }, found: [2, 3, 4] },
  { query: { 'home.city': { $exists: true } }, found: [1, 2] },
  { query: { 'home.city': { $type: 'string' } }, found: [1] },
  { query: { age: { $type: 'number' } }, found: [1, 2, 3] },
  { query: { age: { $type: ['int', 'string'] } }, found: [1, 4] },
  { query: { 'jobs.year': 1843 }, found: [1] },
  { query: { 'jobs.0.year': 1843 }, found: [] },
  { query: { jobs: { $elemMatch: { year: { $gt: 1840 } } } }, found: [1] },
  { query: { name: /^a/i }, found: [1] },
  { query: { name: { $regex: 'O', $options: 'i' } }, found: [2] },
  { query: { name: { $not: /b$/ } }, found: [1, 3, 4] },
  { query: { $or: [{ age: 7 }, { name: 'Bob' }] }, found: [2, 3] },
  { query: { $nor: [{ age: 7 }, { name: 'Bob' }] }, found: [1, 4] },
  { query: { $and: [{ age: 36 }, { name: 'Bob' }] }, found: [] },
  { query: { $jsonSchema: { required: ['tags'] } }, found: [1, 2] },
  { query: { $nor: [{ $jsonSchema: { required: ['tags'] } }] }, found: [3, 4] },
];

sandboxTest('a query finds what MongoDB would find', async ({ root }) => {
  const people = root.db('app').collection<Loose>('people');
  await people.insertMany([...PEOPLE]);
  for (const { query, found } of QUERIES) {
    const ids = (await people.find(query).toArray()).map(({ _id }) => _id);
    assert.deepEqual(ids, found, JSON.stringify(query));
    assert.equal(await people.countDocuments(query), found.length);
  }
});

sandboxTest('a query that the sandbox does not understand is refused', async ({ root }) => {
  const find = (filter: Document) => ({ find: 'c', filter });
  const notHere = (what: string) => `115 the sandbox does not implement ${what}; use a real server for it`;
  assert.deepEqual(
    await outcomes(root.db('app'), [
      find({ $expr: { $eq: [1, 1] } }),
      find({ a: { $mod: [2, 1] } }),
      find({ a: { $nonsense: 1 } }),
      find({ a: { $in: 1 } }),
      { find: 'c', nonsense: 1 },
      { find: 'c', collation: { locale: 'de' } },
      { find: '' },
      { find: 1 },
    ]),
    [
      notHere('the query operator $expr'),
      notHere('the query operator $mod'),
      '2 unknown operator: $nonsense',
      '2 $in needs an array',
      "40415 BSON field 'find.nonsense' is an unknown field.",
      notHere("'collation' of find"),
      "73 Invalid namespace specified 'app.'",
      "14 BSON field 'find' is the wrong type 'int', expected type 'string'",
    ],
  );
});

sandboxTest('projection, sort, skip, limit and batches', async ({ root }) => {
  const numbers = root.db('app').collection<Loose>('numbers');
  await numbers.insertMany(
    Array.from({ length: 250 }, (_, n) => ({ _id: n, odd: n % 2 === 1, deep: { n, m: [{ n, x: 1 }] } })),
  );
  const page = { sort: { odd: -1, _id: 1 }, skip: 1, limit: 2 } as const;
  const ids = { projection: { _id: 1 } };
  assert.deepEqual(await numbers.find({}, { ...page, ...ids }).toArray(), [{ _id: 3 }, { _id: 5 }]);
  const deep = { projection: { _id: 0, 'deep.m.n': 1 }, limit: 1 };
  assert.deepEqual(await numbers.find({}, deep).toArray(), [{ deep: { m: [{ n: 0 }] } }]);
  const without = { projection: { odd: 0, 'deep.m.x': 0 }, limit: 1 };
  assert.deepEqual(await numbers.find({}, without).toArray(), [{ _id: 0, deep: { n: 0, m: [{ n: 0 }] } }]);
  for (const batchSize of [1, 100, 1000]) {
    assert.equal((await numbers.find({}, { batchSize }).toArray()).length, 250);
  }
});

const UPDATES: readonly { readonly update: Document; readonly after: Document }[] = [
  { update: { $set: { a: 1, 'b.c': 2 } }, after: { _id: 1, n: 1, l: [1, 2], a: 1, b: { c: 2 } } },
  { update: { $unset: { n: '' } }, after: { _id: 1, l: [1, 2] } },
  { update: { $inc: { n: 2, m: 1 } }, after: { _id: 1, n: 3, l: [1, 2], m: 1 } },
  { update: { $mul: { n: 2.5 } }, after: { _id: 1, n: 2.5, l: [1, 2] } },
  { update: { $min: { n: 0 }, $max: { l: 0 } }, after: { _id: 1, n: 0, l: [1, 2] } },
  { update: { $push: { l: 2 } }, after: { _id: 1, n: 1, l: [1, 2, 2] } },
  { update: { $push: { l: { $each: [3, 4] } } }, after: { _id: 1, n: 1, l: [1, 2, 3, 4] } },
  { update: { $addToSet: { l: { $each: [2, 3] } } }, after: { _id: 1, n: 1, l: [1, 2, 3] } },
  { update: { $pull: { l: { $gte: 2 } } }, after: { _id: 1, n: 1, l: [1] } },
  { update: { $set: { 'l.1': 9 }, $setOnInsert: { x: 1 } }, after: { _id: 1, n: 1, l: [1, 9] } },
];

sandboxTest('an update makes of a document what MongoDB would make of it', async ({ root }) => {
  const c = root.db('app').collection<Loose>('c');
  for (const { update, after } of UPDATES) {
    await c.deleteMany({});
    await c.insertOne({ _id: 1, n: 1, l: [1, 2] });
    await c.updateOne({}, update);
    assert.deepEqual(await c.findOne(), after, JSON.stringify(update));
  }
});

sandboxTest('replacement, upsert, multi', async ({ root }) => {
  const c = root.db('app').collection<Loose>('c');
  await c.insertMany([
    { _id: 1, a: 1 },
    { _id: 2, a: 1 },
  ]);
  const counts = ({ matchedCount, modifiedCount, upsertedId }: Document) => [matchedCount, modifiedCount, upsertedId];
  assert.deepEqual(counts(await c.replaceOne({ _id: 1 }, { b: 1 })), [1, 1, null]);
  assert.deepEqual(counts(await c.updateMany({}, { $set: { a: 1 } })), [2, 1, null]);
  const upsert = { upsert: true };
  const upserted = await c.updateOne({ _id: 3, 'k.x': 'y' }, { $set: { a: 2 }, $setOnInsert: { z: 1 } }, upsert);
  assert.deepEqual(counts(upserted), [0, 0, 3]);
  assert.deepEqual(await c.find().toArray(), [
    { _id: 1, b: 1, a: 1 },
    { _id: 2, a: 1 },
    { _id: 3, k: { x: 'y' }, a: 2, z: 1 },
  ]);
  assert.equal((await c.deleteMany({ a: 1 })).deletedCount, 2);
});

sandboxTest('what an update may not do', async ({ root }) => {
  const c = root.db('app').collection<Loose>('c');
  await c.insertOne({ _id: 1, s: 'text' });
  assert.deepEqual(
    [
      await outcome(c.updateOne({}, { $set: { _id: 2 } })),
      await outcome(c.updateOne({}, { $inc: { s: 1 } })),
      await outcome(c.updateOne({}, { $set: { 's.t': 1 } })),
      await outcome(c.updateOne({}, { $set: { a: 1 }, $unset: { 'a.b': 1 } })),
      await outcome(c.updateOne({}, { $nonsense: { a: 1 } })),
      await outcome(c.updateOne({}, [{ $replaceWith: { a: 1 } }])),
      await outcome(c.updateOne({}, [{ $set: { a: { $sum: [1, 2] } } }])),
      await outcome(c.updateOne({}, { $set: { 'l.99999999': 1 } })),
    ],
    [
      "66 Performing an update on the path '_id' would modify the immutable field '_id'",
      '14 Cannot apply $inc to a value of non-numeric type. {s: string}',
      '28 Cannot create field \'t\' in element {"text"}',
      "40 Updating the path 'a' would create a conflict at 'a'",
      '9 Unknown modifier: $nonsense. Expected a valid update modifier or pipeline-style update specified as an array',
      '115 the sandbox does not implement the stage $replaceWith in an update; use a real server for it',
      '115 the sandbox does not implement the expression $sum; use a real server for it',
      'ok',
    ],
  );
});

sandboxTest('findAndModify gives the document before or after', async ({ root }) => {
  const c = root.db('app').collection<Loose>('c');
  await c.insertMany([
    { _id: 1, n: 1 },
    { _id: 2, n: 2 },
  ]);
  const sort = { sort: { n: -1 } } as const;
  assert.deepEqual(await c.findOneAndUpdate({}, { $inc: { n: 10 } }, sort), { _id: 2, n: 2 });
  assert.deepEqual(await c.findOneAndUpdate({}, { $inc: { n: 10 } }, { ...sort, returnDocument: 'after' }), {
    _id: 2,
    n: 22,
  });
  const upsert = { upsert: true, returnDocument: 'after' } as const;
  assert.deepEqual(await c.findOneAndUpdate({ _id: 3 }, { $set: { n: 3 } }, upsert), { _id: 3, n: 3 });
  assert.deepEqual(await c.findOneAndDelete({}, sort), { _id: 2, n: 22 });
  assert.equal(await c.findOneAndUpdate({ _id: 9 }, { $set: { n: 3 } }), null);
});

sandboxTest('_id and unique indexes hold one document per key', async ({ root }) => {
  const c = root.db('app').collection<Loose>('c');
  await c.createIndex({ a: 1, b: 1 }, { unique: true });
  await c.createIndex({ p: 1 }, { unique: true, partialFilterExpression: { p: { $exists: true } } });
  await c.insertMany([
    { _id: 1, a: 1, b: 1 },
    { _id: 2, a: 1, b: 2, p: 1 },
  ]);
  const id = 'E11000 duplicate key error collection: app.c index: ';
  assert.deepEqual(
    [
      await outcome(c.insertOne({ _id: 1 })),
      await outcome(c.insertOne({ _id: new Double(1) })),
      await outcome(c.insertOne({ _id: 3, a: 1, b: 1 })),
      await outcome(c.updateOne({ _id: 2 }, { $set: { b: 1 } })),
      await outcome(c.insertOne({ _id: 4, a: 2, p: [2, 1] })),
      await outcome(c.insertOne({ _id: 5, a: 5, b: 5 })),
      await outcome(c.createIndex({ zero: 1 }, { unique: true })),
    ],
    [
      `11000 ${id}_id_ dup key: { _id: 1 }`,
      `11000 ${id}_id_ dup key: { _id: 1.0 }`,
      `11000 ${id}a_1_b_1 dup key: { a: 1, b: 1 }`,
      `11000 ${id}a_1_b_1 dup key: { a: 1, b: 1 }`,
      `11000 ${id}p_1 dup key: { p: [ 2, 1 ] }`,
      'ok',
      `11000 ${id}zero_1 dup key: { zero: null }`,
    ],
  );
  assert.deepEqual(
    (await c.find().toArray()).map(({ _id }) => _id),
    [1, 2, 5],
  );
});

sandboxTest('an ordered batch ends at the first error, an unordered one goes on', async ({ root }) => {
  const c = root.db('app').collection<Loose>('c');
  const batch = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
  await outcome(c.insertMany(batch));
  assert.equal(await c.countDocuments(), 1);
  await outcome(c.insertMany([...batch, { _id: 3 }], { ordered: false }));
  assert.equal(await c.countDocuments(), 3);
});

sandboxTest('BSON comes back as it was sent', async ({ root }) => {
  const c = root.db('app').collection<Loose>('c');
  const document = {
    _id: new ObjectId(),
    int: new Int32(1),
    double: new Double(1),
    long: Long.fromString('9007199254740993'),
    date: new Date(0),
    text: '🔒',
    nested: JSON.parse('{"__proto__": {"a": "b"}, "constructor": "c"}'),
  };
  await c.insertOne(document);
  assert.deepEqual(await c.findOne({}, { promoteValues: false }), document);
  await c.updateOne({}, { $set: JSON.parse('{"__proto__.b": 2}') });
  assert.deepEqual(Object.keys((await c.findOne()) ?? {}).at(-1), '__proto__');
});

sandboxTest('aggregate: the stages that count and look', async ({ root }) => {
  const c = root.db('app').collection<Loose>('c');
  await c.insertMany([
    { _id: 1, a: 1, b: 1 },
    { _id: 2, a: 1 },
    { _id: 3, a: 2 },
  ]);
  const run = (pipeline: Document[]) => c.aggregate(pipeline).toArray();
  assert.deepEqual(await run([{ $match: { a: 1 } }, { $project: { a: 1 } }]), [
    { _id: 1, a: 1 },
    { _id: 2, a: 1 },
  ]);
  assert.deepEqual(await run([{ $match: { a: 1 } }, { $count: 'n' }]), [{ n: 2 }]);
  assert.deepEqual(await run([{ $group: { _id: null, n: { $sum: 1 } } }]), [{ _id: null, n: 3 }]);
  assert.deepEqual(await run([{ $sort: { _id: -1 } }, { $skip: 1 }, { $limit: 1 }]), [{ _id: 2, a: 1 }]);
  for (const stage of [{ $out: 'x' }, { $merge: { into: 'x' } }, { $lookup: {} }, { $group: { _id: '$a' } }]) {
    assert.match(await outcome(run([stage])), /^115 the sandbox does not implement/);
  }
});
