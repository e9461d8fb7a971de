import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MongoClient } from 'mongodb';
import { RAW } from '../../src/cluster/listing.ts';

test('whatever read preference the connection string names, lists come from the primary', () => {
  const client = new MongoClient(
    'mongodb://h/?readPreference=secondary&readPreferenceTags=dc:a&maxStalenessSeconds=90',
  );
  const collection = client.db('d').collection('c');
  const cursors = [collection.find({}, RAW), client.db('d').listCollections({}, RAW), collection.listIndexes(RAW)];
  assert.deepEqual(
    cursors.map(({ readPreference }) => readPreference.toJSON()),
    cursors.map(() => ({ mode: 'primary' })),
  );
});
