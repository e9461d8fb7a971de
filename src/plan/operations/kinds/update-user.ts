import { canonicalUser, type User } from '../../../model/role.ts';
import { documentKey } from '../../../state/document.ts';
import { block, line, maybe } from '../file-parts.ts';
import { type CommandHandler, type Reversal, stays } from '../handler.ts';
import { withoutAbsent } from '../mongo-command.ts';
import {
  addsMechanism,
  changesUser,
  NOT_MADE_AGAIN,
  PASSWORD_NOT_KNOWN,
  parseUser,
  parseUserBefore,
  printUser,
  printUserSettings,
} from '../targets/user-target.ts';

export const updateUser: CommandHandler<'updateUser'> = {
  ...changesUser,
  heading: ['~', 'change user'],
  phase: 'change settings',
  /** Only what differs: whoever changes restrictions needs another privilege than who changes custom data. */
  command({ before, after }, secret) {
    const ifDiffers = <K extends 'mechanisms' | 'authenticationRestrictions' | 'customData'>(
      field: K,
      value: User[K],
    ) => (documentKey(before[field]) === documentKey(after[field]) ? undefined : value);
    const command = {
      updateUser: after.user,
      pwd: secret,
      mechanisms: ifDiffers('mechanisms', after.mechanisms),
      authenticationRestrictions: ifDiffers('authenticationRestrictions', after.authenticationRestrictions ?? []),
      customData: ifDiffers('customData', after.customData ?? {}),
    };
    return { db: after.db, command: withoutAbsent(command) };
  },
  reverse({ before, password }, present, options) {
    if (present === undefined) return stays(NOT_MADE_AGAIN);
    const wanted = canonicalUser({ ...before, roles: present.roles });
    const kept = password === undefined ? [] : [PASSWORD_NOT_KNOWN];
    if (!addsMechanism(present, wanted)) return changedBack(present, wanted, kept);
    const again = options.password?.(before);
    if (again !== undefined) {
      return { change: { kind: 'updateUser', before: present, after: wanted, password: again }, kept };
    }
    const gone = (wanted.mechanisms ?? []).filter((mechanism) => !present.mechanisms?.includes(mechanism));
    const why = `the credentials for ${gone.join(', ')} are gone, and nobody says where a new password is read from`;
    const { mechanisms: _gone, ...rest } = wanted;
    const partly = canonicalUser({ ...rest, ...(present.mechanisms && { mechanisms: present.mechanisms }) });
    return changedBack(present, partly, [...kept, why]);
  },
  print: ({ password, before, after }) => ({
    password: maybe(line, password),
    before: printUser(before),
    after: block(printUserSettings(after)),
  }),
  parse(entry, known) {
    const { kind, target, password } = entry;
    const before = parseUserBefore(entry, known);
    const after = parseUser(target, { ...entry.after, roles: before.roles });
    return { kind, before, after, ...(password && { password }) };
  },
};

function changedBack(before: User, after: User, kept: readonly string[]): Reversal {
  const same = documentKey(before) === documentKey(after);
  return { ...(!same && { change: { kind: 'updateUser', before, after } }), kept };
}
