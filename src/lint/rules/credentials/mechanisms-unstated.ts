import { formatUser } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';

export const mechanismsUnstated: LintRule = {
  kind: 'checks',
  name: 'credentials/mechanisms-unstated',
  description: 'A user that the policy makes gets SCRAM-SHA-1 credentials too, because the policy names no mechanism',
  recommended: 'off',
  strict: 'warning',
  source: "MongoDB's manual, “createUser”: without mechanisms both SCRAM-SHA-1 and SCRAM-SHA-256 credentials are made",
  check: ({ intent }) =>
    intent.users
      .filter(({ user, password }) => password !== undefined && user.mechanisms === undefined)
      .map(({ user, origin }) => ({
        message: `${formatUser(user)} also gets a SCRAM-SHA-1 credential, because the policy names no mechanism for it. A leaked one is many times faster to crack. Add mechanisms: [SCRAM-SHA-256]`,
        at: origin,
      })),
};
