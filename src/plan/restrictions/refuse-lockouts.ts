import { formatUser, type UserRef, userKey } from '../../model/names.ts';
import { sameRoleSet } from '../../model/role.ts';
import type { Refusal } from './restriction-refusal.ts';
import type { SolvedAccounts } from './solve-accounts.ts';

/** A restriction that every account which administers users falls under: carried out, nobody could mend anything. */
export function refuseLockingOut({ resolutions }: SolvedAccounts): readonly Refusal[] {
  const escalating = resolutions.flatMap((resolution) =>
    resolution.kind === 'refused' && resolution.escalates ? [resolution] : [],
  );
  const [first] = escalating;
  const others = resolutions.some(({ kind, administers }) => kind !== 'refused' && administers);
  if (first === undefined || others) return [];
  const names = escalating.slice(0, MOST_NAMED).map(({ user }) => formatUser(user));
  const message = `this restriction leaves nobody to administer users. Name at least one of ${names.join(', ')} under breakGlass`;
  const at = first.refusals[0]?.at;
  return [{ target: 'cluster', message, ...(at && { at }) }];
}

const MOST_NAMED = 5;

/** The account that would carry it out must not take its own rights away while it does. */
export function refuseOperator({ resolutions }: SolvedAccounts, operator: UserRef | undefined): readonly Refusal[] {
  if (operator === undefined) return [];
  const key = userKey(operator);
  const resolution = resolutions.find(({ user }) => userKey(user) === key);
  if (resolution?.kind !== 'restricted') return [];
  const { user, covering, account } = resolution;
  if (account.today === undefined || sameRoleSet(account.today.roles, user.roles)) return [];
  const target = formatUser(user);
  const at = covering[0]?.origin();
  const line = account.entry?.origin();
  const where = line === undefined ? '' : ` (${line.file}:${line.line})`;
  const message = `the restriction covers ${target}${where}, the account that this runs as. Name ${target} under "except" or breakGlass, or run this as another account`;
  return [{ target, message, ...(at && { at }) }];
}
