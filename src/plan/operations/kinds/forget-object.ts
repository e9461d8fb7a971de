import { OBJECTS_COLLECTION, OWN_DATABASE, objectKey } from '../../../state/state.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import type { Command } from '../mongo-command.ts';
import type { Operation } from '../operation.ts';
import { ownedObjectTarget, parseObject, printObject } from '../targets/owned-object-target.ts';

export const forgetObject: CommandHandler<'forgetObject'> = {
  heading: ['~', 'forget the owner of'],
  target: ownedObjectTarget,
  phase: 'forget objects',
  idText: ({ before }) => objectKey(before),
  command: (operation) => forget([operation]),
  together: (operations) => forget(operations.filter((one) => one.kind === 'forgetObject')),
  simulate: ({ before }, { objects }) => void objects.delete(objectKey(before)),
  reverse: ({ before }) => undoneBy({ kind: 'recordObject', after: before }),
  print: ({ before }) => ({ before: printObject(before) }),
  parse: ({ kind, target, before }) => ({ kind, before: parseObject(target, before) }),
};

function forget(operations: readonly Operation<'forgetObject'>[]): Command {
  const deletes = operations.map(({ before }) => ({ q: { _id: objectKey(before) }, limit: 1 }));
  return { db: OWN_DATABASE, command: { delete: OBJECTS_COLLECTION, deletes } };
}
