import { type CommandHandler, stays } from '../handler.ts';
import { changeCollection } from '../state-parts.ts';
import { indexTarget, parseIndex, printIndex } from '../targets/index-target.ts';

export const createIndex: CommandHandler<'createIndex'> = {
  heading: ['+', 'create index'],
  target: indexTarget,
  phase: 'change indexes',
  command({ after: { ns, index } }) {
    return { db: ns.db, command: { createIndexes: ns.collection, indexes: [index] } };
  },
  simulate({ after: { ns, index } }, parts) {
    changeCollection(parts, ns, ({ indexes, ...rest }) => ({
      ...rest,
      ...(indexes && { indexes: [...indexes, index] }),
    }));
  },
  reverse: () => stays('without it two keys of a key vault could come to share a name'),
  print: ({ after }) => ({ after: printIndex(after) }),
  parse: ({ kind, target, after }) => ({ kind, after: parseIndex(target, after) }),
};
