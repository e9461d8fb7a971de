import { type CommandHandler, stays } from '../handler.ts';
import { changeCollection } from '../state-parts.ts';
import { indexTarget, parseIndex, printIndex } from '../targets/index-target.ts';

export const dropIndex: CommandHandler<'dropIndex'> = {
  heading: ['-', 'drop index'],
  target: indexTarget,
  phase: 'change indexes',
  command({ before: { ns, index } }) {
    return { db: ns.db, command: { dropIndexes: ns.collection, index: index.name } };
  },
  simulate({ before: { ns, index } }, parts) {
    changeCollection(parts, ns, ({ indexes, ...rest }) => ({
      ...rest,
      ...(indexes && { indexes: indexes.filter(({ name }) => name !== index.name) }),
    }));
  },
  reverse: () => stays('an index by which documents expire is never created'),
  print: ({ before }) => ({ before: printIndex(before) }),
  parse: ({ kind, target, before }) => ({ kind, before: parseIndex(target, before) }),
};
