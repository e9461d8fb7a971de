/** Two states compared by who can do what: accounts, what groups could be given, from where one may log in. */
import type { ClusterState } from '../state/state.ts';
import { accessBetween, type Effect } from './access-moved.ts';
import { type AccessAt, accountChanges, loginsText, opensLogins } from './account-changes.ts';

export interface AccessDiff extends Effect {
  /** Roles that nobody holds and a group could be given, which grant other things than before. */
  readonly assignable: readonly AssignableDiff[];
  /** Accounts that may log in from other places than before. */
  readonly logins: readonly LoginsDiff[];
  /** Whether anybody can do what nobody of the same name could, or log in from where he could not. */
  readonly gains: boolean;
}

interface AssignableDiff {
  readonly role: string;
  readonly gains: readonly AccessAt[];
  readonly loses: readonly AccessAt[];
}

interface LoginsDiff {
  readonly accounts: readonly string[];
  /** `from anywhere; until now from 10.0.0.0/8` */
  readonly change: string;
  readonly opens: boolean;
}

export function accessDiff(before: ClusterState, after: ClusterState): AccessDiff {
  const effect = accessBetween(before, after);
  const changes = accountChanges(before, after, []);
  const assignable = changes
    .filter(({ kind }) => kind === 'assignable')
    .flatMap(({ accounts, gains, loses }) => accounts.map((role) => ({ role, gains, loses })));
  const logins = changes.flatMap(({ accounts, logins: moved }): LoginsDiff[] =>
    moved === undefined ? [] : [{ accounts, change: loginsText(moved), opens: opensLogins(moved) }],
  );
  const gains =
    effect.gained.length > 0 || assignable.some((each) => each.gains.length > 0) || logins.some(({ opens }) => opens);
  return { ...effect, assignable, logins, gains };
}
