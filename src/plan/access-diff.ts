/** Two states compared by who can do what: accounts, what groups could be given, from where one may log in. */
import { formatRole, formatUser } from '../model/names.ts';
import type { Intent, SecretReference } from '../policy/intent.ts';
import { nameInPlace, placesOfBoth } from '../state/shards.ts';
import type { ClusterState } from '../state/state.ts';
import { accessBetween, type Effect } from './access-moved.ts';
import { type AccountChange, accountChanges, isGain, loginsText, opensLogins } from './account-changes.ts';
import { type DemandDiff, demandDiffs } from './demand-diffs.ts';
import { type KeptOutDiff, keptOutDiffs } from './kept-out-diffs.ts';
import type { AccessAt } from './role-set-changes.ts';
import { type ViewDiff, viewDiffs } from './view-diffs.ts';

export interface AccessDiff extends Effect {
  /** Roles that a group could be given, which grant other things than before; nobody holds them, or nobody shows it. */
  readonly assignable: readonly AssignableDiff[];
  /** Accounts that may log in from other places than before. */
  readonly logins: readonly LoginsDiff[];
  /** Whether clients have to log in at all, where that changes. */
  readonly authorization?: AuthorizationDiff;
  /** Accounts whose password comes from another place: whoever knows that one may log in. Only between policies. */
  readonly passwords: readonly PasswordDiff[];
  /** What accounts may read because a view is there that was not, or no longer. */
  readonly views: readonly ViewDiff[];
  /** What accounts that no policy defines are no longer kept from, or only now. Only between policies. */
  readonly keptOut: readonly KeptOutDiff[];
  /** What the policies demand more or less than before of collections, of the deployment and of exemptions. Only between policies. */
  readonly demands: readonly DemandDiff[];
  /** Whether anybody can do what nobody of the same name could, or log in from where he could not. */
  readonly gains: boolean;
}

export type BetweenPolicies = Pick<AccessDiff, 'passwords' | 'keptOut' | 'demands'>;

export interface PasswordDiff {
  /** `name@db` */
  readonly account: string;
  /** `from the environment variable B; until now from the file a.txt` */
  readonly change: string;
}

interface AssignableDiff {
  readonly role: string;
  /** Accounts hold it, if any, that neither policy defines: a group is given roles of `admin` alone. */
  readonly elsewhere?: true;
  readonly gains: readonly AccessAt[];
  readonly loses: readonly AccessAt[];
}

interface LoginsDiff {
  readonly accounts: readonly string[];
  /** Whether these are roles that a group could be given. */
  readonly assignable: boolean;
  /** As of {@link AssignableDiff}. */
  readonly elsewhere?: true;
  /** `from anywhere; until now from 10.0.0.0/8` */
  readonly change: string;
  readonly opens: boolean;
}

export interface AuthorizationDiff {
  readonly before: NonNullable<Authorization> | 'unknown';
  readonly after: NonNullable<Authorization>;
  /** Whether clients that have not logged in may do everything, and could not. */
  readonly opens: boolean;
}

/** The third: see {@link betweenPolicies}; absent where one of them is a state. */
export function accessDiff(before: ClusterState, after: ClusterState, between?: BetweenPolicies): AccessDiff {
  const { passwords, keptOut, demands } = between ?? { passwords: [], keptOut: [], demands: [] };
  const places = placesOfBoth(before, after);
  const named =
    (shard: string | undefined) =>
    <T extends { readonly accounts: readonly string[] }>(change: T): T => ({
      ...change,
      accounts: change.accounts.map((name) => nameInPlace(name, shard)),
    });
  const changes = places.flatMap(({ shard, ...sides }) =>
    accountChanges(sides.before, sides.after, []).map(named(shard)),
  );
  const effects = places.map(({ shard, ...sides }): Effect => {
    const { gained, lost } = accessBetween(sides.before, sides.after);
    return { gained: gained.map(named(shard)), lost: lost.map(named(shard)) };
  });
  const gained = effects.flatMap((effect) => effect.gained);
  const lost = effects.flatMap((effect) => effect.lost);
  const elsewhere = between === undefined ? [] : heldElsewhere(before, after, gained);
  const assignable = [
    ...changes.filter(({ kind }) => kind === 'assignable').flatMap(assignableDiffs),
    ...elsewhere.flatMap(assignableDiffs).map((diff) => ({ ...diff, elsewhere: true as const })),
  ];
  const ofChanges = changes.flatMap((change) => loginsDiffs(change, change.kind === 'assignable'));
  const told = new Set(ofChanges.map(({ change }) => change));
  const logins = [
    ...ofChanges,
    ...elsewhere
      .flatMap((change) => loginsDiffs(change, true))
      .filter(({ change }) => !told.has(change))
      .map((diff) => ({ ...diff, elsewhere: true as const })),
  ];
  const authorization = authorizationDiff(before, after);
  const views = viewDiffs(before, after);
  const gains =
    passwords.length > 0 ||
    gained.length > 0 ||
    assignable.some((each) => each.gains.length > 0) ||
    logins.some(({ opens }) => opens) ||
    views.some(({ opens }) => opens) ||
    keptOut.some(({ opens }) => opens) ||
    demands.some(({ opens }) => opens) ||
    authorization?.opens === true;
  return {
    gained,
    lost,
    assignable,
    logins,
    ...(authorization && { authorization }),
    passwords,
    views,
    keptOut,
    demands,
    gains,
  };
}

function assignableDiffs({ accounts, gains, loses }: AccountChange): readonly AssignableDiff[] {
  return gains.length + loses.length === 0 ? [] : accounts.map((role) => ({ role, gains, loses }));
}

function loginsDiffs({ accounts, logins }: AccountChange, assignable: boolean): readonly LoginsDiff[] {
  if (logins === undefined) return [];
  return [{ accounts, assignable, change: loginsText(logins), opens: opensLogins(logins) }];
}

/**
 * Roles of other databases than `admin` that accounts of neither policy may hold, and that give them more than before
 * where nobody shows it whom the policies define.
 */
function heldElsewhere(before: ClusterState, after: ClusterState, gained: Effect['gained']): readonly AccountChange[] {
  const names = new Set((before.roles ?? []).map(formatRole));
  const roles = (after.roles ?? []).filter(
    (role) => role.db !== 'admin' && role.isBuiltin !== true && names.has(formatRole(role)),
  );
  const users = roles.map(({ role, db }) => ({ user: role, db, roles: [{ role, db }] }));
  const isShown = ({ on, actions }: AccessAt): boolean =>
    gained.some(({ resource, actions: told }) => resource === on && actions.every((action) => told.includes(action)));
  return accountChanges({ ...before, users }, { ...after, users }, []).filter(
    (change) =>
      change.kind === 'changed' && isGain(change) && (opensLogins(change.logins) || !change.gains.every(isShown)),
  );
}

/** Nothing where clients that have not logged in may do the same as before. */
function authorizationDiff(before: ClusterState, after: ClusterState): AuthorizationDiff | undefined {
  const isOpen = (mode: Authorization): boolean => mode === 'disabled' || mode === 'transition';
  const [old, now] = [before.settings?.authorization, after.settings?.authorization];
  if (old === undefined && !isOpen(now)) return undefined;
  if (now === undefined || isOpen(old) === isOpen(now)) return undefined;
  return { before: old ?? 'unknown', after: now, opens: isOpen(now) };
}

type Authorization = NonNullable<ClusterState['settings']>['authorization'];

/** What no state shows. `today`: `YYYY-MM-DD`. */
export function betweenPolicies(before: Intent, after: Intent, today: string): BetweenPolicies {
  return {
    passwords: passwordDiffs(before, after),
    keptOut: keptOutDiffs(before, after, today),
    demands: demandDiffs(before, after, today),
  };
}

/** The accounts of both policies whose password is read from another place than before. */
function passwordDiffs(before: Intent, after: Intent): readonly PasswordDiff[] {
  const old = new Map(before.users.map(({ user, password }) => [formatUser(user), password]));
  return after.users.flatMap(({ user, password }): PasswordDiff[] => {
    const account = formatUser(user);
    const had = old.get(account);
    if (had === undefined || password === undefined || placeText(had) === placeText(password)) return [];
    return [{ account, change: `${placeText(password)}; until now ${placeText(had)}` }];
  });
}

function placeText(reference: SecretReference): string {
  return 'fromEnv' in reference
    ? `from the environment variable ${reference.fromEnv}`
    : `from the file ${reference.fromFile}`;
}
