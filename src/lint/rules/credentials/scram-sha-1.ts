import { formatUser } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { partOf, writtenAt } from '../entry-place.ts';

export const scramSha1: LintRule = {
  kind: 'checks',
  name: 'credentials/scram-sha-1',
  description: 'A user may log in by SCRAM-SHA-1',
  recommended: 'warning',
  strict: 'error',
  source:
    "MongoDB's manual, “SCRAM”; OWASP Password Storage Cheat Sheet: SHA-1 over an MD5 of the password is cheap to crack",
  check: (context) =>
    context.intent.users.flatMap(({ user, origin }) => {
      if (!user.mechanisms?.includes('SCRAM-SHA-1')) return [];
      const written = writtenAt(context, origin, ['mechanisms']);
      const index = Array.isArray(written) ? written.indexOf('SCRAM-SHA-1') : -1;
      const at = partOf(context, origin, index < 0 ? ['mechanisms'] : ['mechanisms', index]);
      const both = user.mechanisms.includes('SCRAM-SHA-256');
      const mend = both
        ? 'Update the clients that know nothing better, then take SCRAM-SHA-1 out. MongoDB can’t bring it back without the password'
        : 'Name SCRAM-SHA-256 instead, and set the password again';
      const message = `${formatUser(user)} keeps a SCRAM-SHA-1 credential. Whoever copies admin.system.users or a backup cracks it many times faster than SCRAM-SHA-256. ${mend}`;
      return [{ message, at, ...(both && index >= 0 && { fix: [{ kind: 'remove' as const, at: at() }] }) }];
    }),
};
