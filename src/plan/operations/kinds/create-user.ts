import { formatUser, userKey } from '../../../model/names.ts';
import { ChainBreak } from '../chain-break.ts';
import { line, maybe } from '../file-parts.ts';
import { type CommandHandler, stays, undoneBy } from '../handler.ts';
import { withoutAbsent } from '../mongo-command.ts';
import { NOT_MADE_AGAIN, parseUser, printUser, userTarget } from '../targets/user-target.ts';

export const createUser: CommandHandler<'createUser'> = {
  heading: ['+', 'create user'],
  target: userTarget,
  phase: 'create users',
  command({ after: { user, db, roles, mechanisms, authenticationRestrictions, customData } }, secret) {
    // A user of $external has no credentials here, and the server refuses mechanisms for it.
    const own = db === '$external' ? undefined : mechanisms;
    const settings = { customData, mechanisms: own, authenticationRestrictions };
    return { db, command: withoutAbsent({ createUser: user, pwd: secret, roles, ...settings }) };
  },
  simulate: ({ after }, { users }) => void users.set(userKey(after), after),
  effect: ({ after }, access) => access.changeUser(undefined, after),
  reverse: (_operation, present) =>
    present === undefined ? stays(NOT_MADE_AGAIN) : undoneBy({ kind: 'dropUser', before: present }),
  print: ({ password, after }) => ({ password: maybe(line, password), after: printUser(after) }),
  parse({ kind, target, after, password }) {
    if (password === undefined && target.db !== '$external') {
      throw new ChainBreak(
        `it does not say where the password of ${formatUser(target)} is read from: password: {fromEnv: …}`,
      );
    }
    return { kind, after: parseUser(target, after), ...(password && { password }) };
  },
};
