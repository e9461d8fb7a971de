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
        ? 'take it out; a client that can do no better is to be updated first, for MongoDB can’t bring it back without the password'
        : 'make it SCRAM-SHA-256, for which the password must be set again';
      const message = `${formatUser(user)} keeps a SCRAM-SHA-1 credential: whoever copies admin.system.users or a backup recovers its password many times faster; ${mend}`;
      return [{ message, at, ...(both && index >= 0 && { fix: [{ kind: 'remove' as const, at: at() }] }) }];
    }),
};
