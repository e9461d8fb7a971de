import { collection, ID_INDEX, ttl } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const change = { kind: 'dropIndex', before: { ns: { db: 'x', collection: 'y' }, index: ttl(60) } } as const;

specify({
  change,
  heading: '- drop index x.y.$ttl',
  from: { databases: [{ name: 'x', collections: [collection('y', { indexes: [ID_INDEX, ttl(60)] })] }] },
  to: { databases: [{ name: 'x', collections: [collection('y', { indexes: [ID_INDEX] })] }] },
  moves: [],
  undone: ['an index by which documents expire is never created'],
  entry: `# 1. drop index x.y.$ttl, undone by: nothing, an index by which documents expire is never created
- kind: dropIndex
  target: { db: x, collection: y, index: ttl }
  reason: why
  before:
    key:
      timestamp: 1
    expireAfterSeconds: 60`,
});

specifyCommands({ dropIndex: [change, { db: 'x', command: { dropIndexes: 'y', index: 'ttl' } }] });
