import { getOrMake } from '../../../model/keyed.ts';
import { formatNamespace } from '../../../model/names.ts';
import type { Collection } from '../../../state/state.ts';
import { type CommandHandler, stays } from '../handler.ts';
import { parseValidation, printValidation, validationTarget } from '../targets/validation-target.ts';

export const createCollection: CommandHandler<'createCollection'> = {
  heading: ['+', 'create collection'],
  target: validationTarget,
  phase: 'create collections',
  command({ after: { ns, ...options } }) {
    return { db: ns.db, command: { create: ns.collection, ...options } };
  },
  simulate({ after: { ns, ...options } }, { databases, keyVaults }) {
    const indexes = [{ v: 2, key: { _id: 1 }, name: '_id_' }];
    const made: Collection = { name: ns.collection, type: 'collection', options, indexes };
    const { name, collections } = databases.get(ns.db) ?? { name: ns.db, collections: [] };
    if (collections !== undefined) databases.set(ns.db, { name, collections: [...collections, made] });
    // If keys are to be kept there: there are none yet.
    const vault = formatNamespace(ns);
    getOrMake(keyVaults, vault, () => ({ ns: vault, keys: [] }));
  },
  reverse: () => stays('a collection is never dropped'),
  print: ({ after }) => ({ after: printValidation(after) }),
  parse: ({ kind, target, after }) => ({ kind, after: parseValidation(target, after) }),
};
