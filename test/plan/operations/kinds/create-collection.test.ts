import { collection } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const NS = { db: 'x', collection: 'y' };
const VALIDATION = { validator: { a: 1 }, validationLevel: 'strict', validationAction: 'error' };

specify({
  change: { kind: 'createCollection', after: { ns: NS, ...VALIDATION } },
  heading: '+ create collection x.y',
  from: { databases: [{ name: 'x', collections: [] }], keyVaults: [] },
  to: {
    databases: [
      {
        name: 'x',
        collections: [collection('y', { options: VALIDATION, indexes: [{ v: 2, key: { _id: 1 }, name: '_id_' }] })],
      },
    ],
    keyVaults: [{ ns: 'x.y', keys: [] }],
  },
  moves: [],
  undone: ['a collection is never dropped'],
  entry: `# 1. create collection x.y, undone by: nothing, a collection is never dropped
- kind: createCollection
  target: { db: x, collection: y }
  reason: why
  after:
    validator:
      a: 1
    validationLevel: strict
    validationAction: error`,
});

specifyCommands({
  createCollection: [
    { kind: 'createCollection', after: { ns: NS, ...VALIDATION } },
    { db: 'x', command: { create: 'y', ...VALIDATION } },
  ],
  'createCollection without a validator': [
    { kind: 'createCollection', after: { ns: NS } },
    { db: 'x', command: { create: 'y' } },
  ],
});
