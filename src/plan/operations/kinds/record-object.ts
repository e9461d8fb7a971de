import { OBJECTS_COLLECTION, OWN_DATABASE, objectKey } from '../../../state/state.ts';
import { maybe } from '../file-parts.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import type { Command } from '../mongo-command.ts';
import type { Operation } from '../operation.ts';
import { ownedObjectTarget, parseObject, printObject } from '../targets/owned-object-target.ts';

export const recordObject: CommandHandler<'recordObject'> = {
  heading: ['~', 'record the owner of'],
  target: ownedObjectTarget,
  phase: 'record objects',
  idText: ({ after }) => objectKey(after),
  command: (operation) => record([operation]),
  together: (operations) => record(operations.filter((one) => one.kind === 'recordObject')),
  simulate: ({ after }, { objects }) => void objects.set(objectKey(after), after),
  reverse: ({ before, after }) =>
    undoneBy(
      before === undefined
        ? { kind: 'forgetObject', before: after }
        : { kind: 'recordObject', before: after, after: before },
    ),
  print: ({ before, after }) => ({ before: maybe(printObject, before), after: printObject(after) }),
  parse: ({ kind, target, before, after }) => ({
    kind,
    ...(before && { before: parseObject(target, before) }),
    after: parseObject(target, after),
  }),
};

function record(operations: readonly Operation<'recordObject'>[]): Command {
  const updates = operations.map(({ after }) => ({ q: { _id: objectKey(after) }, u: { ...after }, upsert: true }));
  return { db: OWN_DATABASE, command: { update: OBJECTS_COLLECTION, updates } };
}
