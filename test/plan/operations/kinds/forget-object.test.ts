import { owned } from '../../../support/build.ts';
import { specify, specifyCommands } from './specify.ts';

const change = { kind: 'forgetObject', before: owned('collection', 'x.y') } as const;

specify({
  change,
  heading: '~ forget the owner of x.y',
  from: { objects: [change.before] },
  to: { objects: [] },
  moves: [],
  undone: [{ kind: 'recordObject', after: change.before }],
  entry: `# 1. forget the owner of x.y, undone by: recordObject
- kind: forgetObject
  target: { kind: collection, name: x.y }
  reason: why
  before: { policy: p, created: true }`,
});

specifyCommands({
  forgetObject: [
    change,
    { db: 'mongoward', command: { delete: 'objects', deletes: [{ q: { _id: 'collection x.y' }, limit: 1 }] } },
  ],
});
