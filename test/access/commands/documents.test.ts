import { BY_MONGOS, KNOWN, ON_8_0, refuses, says, UUID } from './said.ts';

const LISTS_SOME =
  'nothing: without listDatabases on the cluster it lists the databases inside which there is some privilege';

says([
  [{ find: 'a' }, 'find on app.a'],
  [{ find: 'a', term: 1 }, 'find on app.a and internal on cluster'],
  [{ find: UUID }, 'find on app.hidden and useUUID on cluster', KNOWN],
  [
    { find: { $binary: { base64: 'Cx+KbD1eT3CBkqO0xdbn+A==', subType: '04' } } },
    'find on app.hidden and useUUID on cluster',
    KNOWN,
  ],
  [{ count: 'a' }, 'find on app.a'],
  [{ distinct: 'a', key: 'x' }, 'find on app.a'],
  [{ explain: { delete: 'a', deletes: [] } }, 'remove on app.a'],
  [{ getMore: 1, collection: 'a' }, 'nothing: a cursor answers only the user that opened it'],
  [{ getMore: 1, collection: 'a', term: 1 }, 'internal on cluster'],
  [
    { killCursors: 'a', cursors: [] },
    'killAnyCursor on cluster or killAnyCursor on app.a or that the cursors are its own',
  ],
  [
    { killCursors: '$cmd.listCollections', cursors: [] },
    'killAnyCursor on cluster or killAnyCursor on database app or that the cursors are its own',
  ],
  [{ listIndexes: 'a' }, 'listIndexes on app.a'],
  [{ listCollections: 1 }, 'listCollections on database app'],
  [{ listCollections: 1, nameOnly: true }, 'listCollections on database app'],
  [
    { listCollections: 1, nameOnly: true, authorizedCollections: true },
    'listCollections on database app or some privilege inside database app',
  ],
  [{ listDatabases: 1 }, LISTS_SOME, ON_8_0, 'admin'],
  [{ listDatabases: 1, authorizedDatabases: true }, LISTS_SOME, ON_8_0, 'admin'],
  [{ listDatabases: 1, authorizedDatabases: false }, 'listDatabases on cluster', ON_8_0, 'admin'],
  [{ dataSize: 'other.a' }, 'find on other.a'],
  [{ filemd5: 1 }, 'find on app.fs.chunks'],
  [{ filemd5: 1, root: 'files' }, 'find on app.files.chunks'],

  [{ mapReduce: 'a', out: { inline: 1 } }, 'find on app.a'],
  [{ mapReduce: 'a', out: 'b' }, 'find on app.a and insert on app.b and remove on app.b'],
  [{ mapreduce: 'a', out: { replace: 'b' } }, 'find on app.a and insert on app.b and remove on app.b'],
  [{ mapReduce: 'a', out: { merge: 'b' } }, 'find on app.a and insert on app.b and update on app.b'],
  [{ mapReduce: 'a', out: { reduce: 'b', db: 'other' } }, 'find on app.a and insert on other.b and update on other.b'],
  [
    { mapReduce: 'a', out: 'b', bypassDocumentValidation: true },
    'find on app.a and insert on app.b and remove on app.b and bypassDocumentValidation on app.b',
  ],

  [{ insert: 'a', documents: [] }, 'insert on app.a'],
  [{ insert: 'a', bypassDocumentValidation: true }, 'insert on app.a and bypassDocumentValidation on app.a'],
  [{ insert: 'a', bypassDocumentValidation: false }, 'insert on app.a'],
  [{ update: 'a', updates: [{ q: {}, u: {} }] }, 'update on app.a'],
  [
    {
      update: 'a',
      updates: [
        { q: {}, u: {} },
        { q: {}, u: {}, upsert: true },
      ],
    },
    'update on app.a and insert on app.a',
  ],
  [{ delete: 'a', deletes: [] }, 'remove on app.a'],
  [{ findAndModify: 'a', remove: true }, 'find on app.a and remove on app.a'],
  [{ findandmodify: 'a', update: {} }, 'find on app.a and update on app.a'],
  [{ findAndModify: 'a', update: {}, upsert: true }, 'find on app.a and update on app.a and insert on app.a'],
  [
    {
      bulkWrite: 1,
      ops: [{ insert: 0 }, { update: 1, upsert: true }, { delete: 0 }],
      nsInfo: [{ ns: 'x.a' }, { ns: 'y.b' }],
    },
    'insert on x.a and update on y.b and insert on y.b and remove on x.a',
    ON_8_0,
    'admin',
  ],
  [
    { bulkWrite: 1, ops: [{ delete: 0 }], nsInfo: [{ ns: 'x.a' }, { ns: 'y.b' }], bypassDocumentValidation: true },
    'remove on x.a and bypassDocumentValidation on x.a and bypassDocumentValidation on y.b',
    ON_8_0,
    'admin',
  ],
  [
    { bulkWrite: 1, ops: [], nsInfo: [] },
    'what nobody has: MongoDB 7.0 has no bulkWrite, which came with 8.0',
    { version: '7.0.2', sharded: false },
    'admin',
  ],
  [{ bulkWrite: 1, ops: [{ insert: 0 }], nsInfo: [{ ns: 'x.a' }] }, 'insert on x.a', BY_MONGOS, 'admin'],
]);

refuses([
  [{ find: 1 }, 'find: the collection must be a name, not 1'],
  [{ find: '' }, 'find: the collection must be a name, not empty'],
  [{ find: UUID }, `find: which collection has the UUID ${UUID.$uuid.toLowerCase()} is not known`],
  [{ update: 'a', updates: {} }, 'update: updates must be an array, not a document'],
  [{ update: 'a', updates: [1] }, 'update: an entry of updates must be a document, not 1'],
  [{ mapReduce: 'a' }, 'mapReduce: out must be a document, not absent'],
  [{ mapReduce: 'a', out: {} }, 'mapReduce: out must say one of replace, merge, reduce or inline'],
  [{ explain: 'find' }, 'explain: what to explain must be a document, not a string'],
  [{ dataSize: 'a' }, 'dataSize: the collection must be db.collection, not "a"'],
  [
    { bulkWrite: 1, ops: [{ insert: 1 }], nsInfo: [{ ns: 'x.a' }] },
    'bulkWrite: an operation refers to entry 1 of nsInfo',
    'admin',
  ],
]);
