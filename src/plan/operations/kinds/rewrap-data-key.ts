import { findKeys } from '../../../encryption/key-names.ts';
import { type DataKeyHandler, stays } from '../handler.ts';
import { changeKeys } from '../state-parts.ts';
import { dataKeyTarget, parseKey, printKey } from '../targets/data-key-target.ts';

export const rewrapDataKey: DataKeyHandler<'rewrapDataKey'> = {
  heading: ['~', 'rewrap data key'],
  target: dataKeyTarget,
  phase: 'make data keys',
  writesBy({ after: { ns } }) {
    return { db: ns.db, command: { update: ns.collection, updates: [{ q: {}, u: { $set: {} } }] } };
  },
  simulate({ after: { ns, key, masterKey } }, parts) {
    changeKeys(parts, ns, (keys) => {
      const rewrapped = new Set(findKeys({ keys }, key));
      return keys.map((one) => {
        const { updateDate: _before, ...rest } = one;
        return rewrapped.has(one) ? { ...rest, masterKey } : one;
      });
    });
  },
  reverse: () => stays('its master key stays the one that seals it now'),
  print: ({ before, after }) => ({ before: printKey(before), after: printKey(after) }),
  parse: ({ kind, target, before, after }) => ({
    kind,
    before: parseKey(target, before),
    after: parseKey(target, after),
  }),
};
