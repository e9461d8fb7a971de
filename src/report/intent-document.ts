/** The compiled intent as one plain document: what `policy show` prints. */
import { formatNamespace, formatRole, formatUser } from '../model/names.ts';
import { formatResource } from '../model/resource.ts';
import type { AuthenticationRestriction, Role } from '../model/role.ts';
import type { Intent, IntentCollection, IntentUser } from '../policy/intent.ts';

export type IntentDocument = Readonly<Record<string, unknown>>;

/** A variable's value, and who gives it: `--var`, `the cluster prod`, `the policy`. */
export interface ShownVariable {
  readonly value: string;
  readonly from: string;
}

/** Passwords appear as where they are read from. `variables`: those that the policy uses. */
export function intentDocument(
  intent: Intent,
  variables: ReadonlyMap<string, ShownVariable> = new Map(),
): IntentDocument {
  const { policy, description, restrictions, breakGlass, unmanaged, inventory, acceptedRisks, cluster, attestations } =
    intent;
  return {
    policy,
    ...(description === undefined ? {} : { description }),
    ...(variables.size === 0 ? {} : { variables: Object.fromEntries(variables) }),
    collections: byName(intent.collections, ({ ns }) => formatNamespace(ns), collectionDocument),
    roles: byName(
      intent.roles,
      ({ role }) => formatRole(role),
      ({ role }) => roleDocument(role),
    ),
    users: byName(intent.users, ({ user }) => formatUser(user), userDocument),
    restrictions: restrictions.map(({ users, except, on, deny, remedy }) => ({
      users: users.map((selector) =>
        selector.kind === 'pattern' ? selector.pattern : { holding: formatRole(selector.role) },
      ),
      except: except.map(formatUser),
      on,
      deny,
      remedy,
    })),
    breakGlass: breakGlass.map(({ user, reason, until }) => ({ user: formatUser(user), reason, until })),
    ...(unmanaged.length === 0 ? {} : { unmanaged }),
    ...(inventory === 'open' ? {} : { inventory }),
    ...(acceptedRisks.length === 0
      ? {}
      : { acceptedRisks: acceptedRisks.map(({ origin: _origin, ...entry }) => entry) }),
    cluster,
    attestations: attestations.map(({ origin: _origin, ...entry }) => entry),
  };
}

function byName<T>(entries: readonly T[], name: (entry: T) => string, document: (entry: T) => unknown): object {
  return Object.fromEntries(
    entries.map((entry): [string, unknown] => [name(entry), document(entry)]).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function roleDocument({ privileges, roles, authenticationRestrictions }: Role): object {
  return {
    privileges: Object.fromEntries(privileges.map(({ resource, actions }) => [formatResource(resource), actions])),
    roles: roles.map(formatRole),
    ...restrictionsOf(authenticationRestrictions),
  };
}

function userDocument({ user, password }: IntentUser): object {
  const { roles, mechanisms, authenticationRestrictions, customData } = user;
  return {
    roles: roles.map(formatRole),
    ...(mechanisms === undefined ? {} : { mechanisms }),
    ...restrictionsOf(authenticationRestrictions),
    ...(customData === undefined ? {} : { customData }),
    ...(password === undefined ? {} : { password }),
  };
}

function restrictionsOf(list: readonly AuthenticationRestriction[] | undefined): object {
  return list === undefined ? {} : { authenticationRestrictions: list };
}

function collectionDocument(entry: IntentCollection): object {
  const { protection, access, remedy, dedicatedDatabase, retention, validation, encryption } = entry;
  return {
    protection,
    access: Object.fromEntries([...access].map(([outcome, users]) => [outcome, users.map(formatUser)])),
    remedy,
    dedicatedDatabase,
    ...(retention === undefined
      ? {}
      : { retention: retention.seconds === undefined ? 'forever' : `${retention.seconds} s` }),
    ...(validation ?? {}),
    ...(encryption === undefined ? {} : { encryption }),
  };
}
