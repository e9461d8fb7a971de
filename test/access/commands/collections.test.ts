import { BY_MONGOS, ON_8_0, refuses, says } from './said.ts';

const VIEW = { viewOn: 'a', pipeline: [{ $lookup: { from: 'b', as: 'x' } }] };

says([
  [{ create: 'a' }, 'createCollection on app.a or insert on app.a'],
  [{ create: 'a', timeseries: { timeField: 't' } }, 'createCollection on app.a or insert on app.a'],
  [
    { create: 'a', capped: true, size: 1 },
    'convertToCapped on app.a and (createCollection on app.a or insert on app.a)',
  ],
  [{ create: 'v', viewOn: 'a' }, 'createCollection on app.v and (no find on app.v or find on app.a)'],
  [{ create: 'v', ...VIEW }, 'createCollection on app.v and (no find on app.v or (find on app.a and find on app.b))'],
  [{ collMod: 'a', validator: {} }, 'collMod on app.a'],
  [{ collMod: 'v', ...VIEW }, 'collMod on app.v and (no find on app.v or (find on app.a and find on app.b))'],
  [{ drop: 'a' }, 'dropCollection on app.a'],
  [{ dropDatabase: 1 }, 'dropDatabase on database app'],
  [{ createIndexes: 'a', indexes: [{ key: { x: 1 }, name: 'x' }] }, 'createIndex on app.a'],
  [{ createIndexes: 'a', indexes: [{ key: { x: 1 }, name: 'x', expireAfterSeconds: 1 }] }, 'createIndex on app.a'],
  [{ dropIndexes: 'a', index: '*' }, 'dropIndex on app.a'],
  [{ deleteIndexes: 'a', index: '*' }, 'dropIndex on app.a'],
  [{ reIndex: 'a' }, 'reIndex on app.a'],
  [{ convertToCapped: 'a', size: 1 }, 'convertToCapped on app.a'],
  [
    { cloneCollectionAsCapped: 'a', toCollection: 'b', size: 1 },
    'find on app.a and insert on app.b and createIndex on app.b and convertToCapped on app.b',
  ],
  [{ collStats: 'a' }, 'collStats on app.a'],
  [{ compact: 'a' }, 'compact on app.a'],
  [{ validate: 'a' }, 'validate on app.a'],
  [{ dbStats: 1 }, 'dbStats on database app'],
  [
    { renameCollection: 'app.a', to: 'app.b' },
    '(renameCollectionSameDB on database app and (find on app.a or no find on app.b)) or ' +
      '(find on app.a and dropCollection on app.a and insert on app.b and createIndex on app.b)',
    ON_8_0,
    'admin',
  ],
  [
    { renameCollection: 'app.a', to: 'app.b', dropTarget: true },
    '(renameCollectionSameDB on database app and dropCollection on app.b and (find on app.a or no find on app.b)) or ' +
      '(find on app.a and dropCollection on app.a and insert on app.b and createIndex on app.b and dropCollection on app.b)',
    ON_8_0,
    'admin',
  ],
  [
    { renameCollection: 'app.a', to: 'other.b' },
    'find on app.a and dropCollection on app.a and insert on other.b and createIndex on other.b',
    ON_8_0,
    'admin',
  ],
  [
    { renameCollection: 'app.a', to: 'app.system.js' },
    'find on app.a and dropCollection on app.a and insert on app.system.js and createIndex on app.system.js',
    ON_8_0,
    'admin',
  ],
  [
    { renameCollection: 'app.a', to: 'app.b' },
    'what nobody has: renameCollection may only be run on the admin database',
  ],
  [
    { cloneCollectionAsCapped: 'a', toCollection: 'b', size: 1 },
    "what nobody has: mongos has no cloneCollectionAsCapped; it is given to a shard, by the shard's own accounts",
    BY_MONGOS,
  ],
]);

refuses([
  [{ create: 'v', viewOn: 1 }, 'create: viewOn must be a name, not 1'],
  [{ collMod: 'v', viewOn: 'a' }, 'collMod: viewOn and pipeline are changed together only'],
  [{ collMod: 'v', pipeline: [] }, 'collMod: viewOn and pipeline are changed together only'],
  [{ renameCollection: 'a', to: 'app.b' }, 'renameCollection: the collection must be db.collection, not "a"', 'admin'],
  [{ renameCollection: 'app.a' }, 'renameCollection: to must be a name, not absent', 'admin'],
]);
