import { collection, ID_INDEX, ttl } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const index = ttl(60, 'keyAltNames_1');
const change = { kind: 'createIndex', after: { ns: { db: 'x', collection: 'y' }, index } } as const;
const withIndexes = (...indexes: readonly (typeof index | typeof ID_INDEX)[]) => ({
  databases: [{ name: 'x', collections: [collection('y', { indexes })] }],
});

specify({
  change,
  heading: '+ create index x.y.$keyAltNames_1',
  from: withIndexes(ID_INDEX),
  to: withIndexes(ID_INDEX, index),
  moves: [],
  undone: ['without it two keys of a key vault could come to share a name'],
  entry: `# 1. create index x.y.$keyAltNames_1
# undone by: nothing, without it two keys of a key vault could come to share a name
- kind: createIndex
  target: { db: x, collection: y, index: keyAltNames_1 }
  reason: why
  after:
    key:
      timestamp: 1
    expireAfterSeconds: 60`,
});

specifyCommands({ createIndex: [change, { db: 'x', command: { createIndexes: 'y', indexes: [index] } }] });
