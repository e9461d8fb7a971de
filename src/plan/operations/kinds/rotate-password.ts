import { line } from '../file-parts.ts';
import { type CommandHandler, stays } from '../handler.ts';
import { withoutAbsent } from '../mongo-command.ts';
import { changesUser, NOT_MADE_AGAIN, PASSWORD_NOT_KNOWN, parseUserBefore, printUser } from '../targets/user-target.ts';

export const rotatePassword: CommandHandler<'rotatePassword'> = {
  target: changesUser.target,
  heading: ['~', 'set a new password for user'],
  phase: 'rotate passwords',
  unseen: true,
  command({ after: { user, db, mechanisms } }, secret) {
    return { db, command: withoutAbsent({ updateUser: user, pwd: secret, mechanisms }) };
  },
  simulate: changesUser.simulate,
  reverse: (_operation, present) => stays(present === undefined ? NOT_MADE_AGAIN : PASSWORD_NOT_KNOWN),
  print: ({ password, before }) => ({ password: line(password), before: printUser(before) }),
  parse(entry, known) {
    const before = parseUserBefore(entry, known);
    return { kind: entry.kind, before, after: before, password: entry.password };
  },
};
