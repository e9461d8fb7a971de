import { type DataKeyHandler, stays } from '../handler.ts';
import { changeKeys } from '../state-parts.ts';
import { dataKeyTarget, parseKey, printKey } from '../targets/data-key-target.ts';

export const createDataKey: DataKeyHandler<'createDataKey'> = {
  heading: ['+', 'create data key'],
  target: dataKeyTarget,
  phase: 'make data keys',
  writesBy({ after: { ns } }) {
    return { db: ns.db, command: { insert: ns.collection, documents: [{}] } };
  },
  simulate({ after: { ns, key, masterKey } }, parts) {
    const keyAltNames = 'keyAltName' in key ? [key.keyAltName] : [];
    changeKeys(parts, ns, (keys) => [...keys, { keyAltNames, masterKey, status: 0 }]);
  },
  reverse: () => stays('what was sealed with the key could never be read again'),
  print: ({ after }) => ({ after: printKey(after) }),
  parse: ({ kind, target, after }) => ({ kind, after: parseKey(target, after) }),
};
