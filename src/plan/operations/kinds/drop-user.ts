import { userKey } from '../../../model/names.ts';
import { type CommandHandler, stays, undoneBy } from '../handler.ts';
import { parseUserBefore, printUser, userTarget } from '../targets/user-target.ts';

export const dropUser: CommandHandler<'dropUser'> = {
  heading: ['-', 'drop user'],
  target: userTarget,
  phase: 'drop users',
  command({ before: { user, db } }) {
    return { db, command: { dropUser: user } };
  },
  simulate: ({ before }, { users }) => void users.delete(userKey(before)),
  effect: ({ before }, access) => access.changeUser(before, undefined),
  reverse({ before }, _present, options) {
    if (before.db === '$external') return undoneBy({ kind: 'createUser', after: before });
    const password = options.password?.(before);
    if (password !== undefined) return undoneBy({ kind: 'createUser', after: before, password });
    return stays('its password went with it, and nobody says where a new one is read from');
  },
  print: ({ before }) => ({ before: printUser(before) }),
  parse: (entry, known) => ({ kind: entry.kind, before: parseUserBefore(entry, known) }),
};
