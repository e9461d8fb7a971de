/** Policies as they are applied on a local server, where everybody comes from loopback and there are no certificates. */
import { formatUser, type UserRef } from '../model/names.ts';
import type { Intent, IntentUser } from '../policy/intent.ts';

/** The account that sets the server up. It is none of the policy's, and no expectation is about it. */
export const SET_UP: UserRef = { user: 'mongoward-set-up', db: 'admin' };

export interface LocalPolicy {
  readonly intent: Intent;
  /** In what it is not as the policy says. Sentences without a full stop. */
  readonly notes: readonly string[];
}

/** Without restrictions of where accounts log in from, and with passwords of this run. */
export function localPolicy(intent: Intent): LocalPolicy {
  const restricted = [...intent.users.map(({ user }) => user), ...intent.roles.map(({ role }) => role)].some(
    ({ authenticationRestrictions = [] }) => authenticationRestrictions.length > 0,
  );
  const external = intent.users.map(({ user }) => user).filter(isExternal);
  return {
    intent: {
      ...intent,
      roles: intent.roles.map(({ role: { authenticationRestrictions: _, ...role }, ...entry }) => ({ ...entry, role })),
      users: intent.users.map(localUser),
      collections: intent.collections.map(
        ({ encryption: { dataKeys: _, ...encryption } = { keyVault: '', fields: {} }, ...entry }) =>
          encryption.keyVault === '' ? entry : { ...entry, encryption },
      ),
      breakGlass: [
        ...intent.breakGlass,
        { user: SET_UP, reason: 'it sets this server up', until: '9999-12-31', origin: nowhere },
      ],
      cluster: {},
    },
    notes: [
      ...(restricted ? ['clientSource and serverAddress are left out: every account logs in from 127.0.0.1'] : []),
      ...external.map((user) => `An account of the same roles stands in for ${formatUser(user)}, who has no password`),
    ],
  };
}

export function isExternal({ db }: UserRef): boolean {
  return db === '$external';
}

function localUser({
  user: { authenticationRestrictions: _, ...user },
  password: __,
  ...entry
}: IntentUser): IntentUser {
  return { ...entry, user, ...(isExternal(user) ? {} : { password: { fromEnv: 'THIS_RUN' } }) };
}

function nowhere() {
  return { file: '', line: 1, column: 1, path: '' };
}
