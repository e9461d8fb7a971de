/** In what a migration's head differs from what its operations do. What they do is computed, and never read. */
import { roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, type RoleRef } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { Privilege } from '../model/privilege.ts';
import { contains, type Resource } from '../model/resource.ts';
import { type AccountChange, changedNames, givenName, loginsText, opensLogins } from '../plan/account-changes.ts';
import { resourceTold } from '../plan/restrictions/losses.ts';
import type { AccessAt } from '../plan/role-set-changes.ts';
import type { PlanWarning } from '../plan/warnings.ts';
import type { ClusterState } from '../state/state.ts';
import type { ToldAccess, ToldChange } from './migration.ts';
import { lossText } from './told-changes.ts';

type Told = readonly ToldChange[] | undefined;

/**
 * What accounts would gain and the head does not tell, in sentences. A head that tells of no account is right only where
 * nobody gains.
 */
export function untoldGains(told: Told, changes: readonly AccountChange[]): readonly string[] {
  const known = byAccount(told);
  return changes.flatMap(({ kind, accounts, gains, logins }) =>
    changedNames({ kind, accounts }).flatMap((name) => {
      const list = known.get(name) ?? [];
      const access = list.flatMap((each) => each.gains ?? []);
      const untold = gains.flatMap(({ on, resource, actions }) => {
        const rest = actions.filter((action) => !access.some((each) => tells(each, action, on, resource)));
        return rest.length === 0 ? [] : [`${name} gains ${sortedSet(rest).join(', ')} on ${on}`];
      });
      if (logins === undefined || !opensLogins(logins)) return untold;
      const text = loginsText(logins);
      return list.some((each) => each.logins === text) ? untold : [...untold, `${name} may log in ${text}`];
    }),
  );
}

/**
 * What the head tells and does not come true, in sentences. `after`: the state that the migration leaves. `whole`: nothing
 * of it is in place yet, so that what it takes away can be held against what the head says.
 */
export function untrueChanges(
  told: Told,
  changes: readonly AccountChange[],
  after: ClusterState,
  whole: boolean,
): readonly string[] {
  if (after.roles === undefined || after.users === undefined) return [];
  const graph = roleGraph(after.roles, after.server.version);
  const held = new Map<string, readonly RoleRef[]>();
  for (const role of after.roles) held.set(givenName(formatRole(role)), [role]);
  for (const user of after.users) held.set(formatUser(user), user.roles);
  const losing = new Map(
    changes.flatMap((change) => changedNames(change).map((name) => [name, change.loses] as const)),
  );
  const untrue = (told ?? []).flatMap((each) =>
    each.accounts.flatMap((name) => {
      const roles = held.get(name) ?? [];
      return [
        ...untrueRoles(name, each, roles.map(formatRole)),
        ...untrueGains(name, each, graph.privileges(roles)),
        ...(whole ? lossProblem(name, each, losing.get(name) ?? []) : []),
      ];
    }),
  );
  const known = byAccount(told);
  const quiet = whole ? [...losing].filter(([name, loses]) => loses.length > 0 && !known.has(name)) : [];
  return [...untrue, ...quiet.map(([name, loses]) => `${name} loses ${lossText(loses)}, and the head does not say so`)];
}

function untrueRoles(name: string, { holds = [], willHold = [] }: ToldChange, after: readonly string[]): string[] {
  const missing = willHold.filter((role) => !holds.includes(role) && !after.includes(role));
  const kept = holds.filter((role) => !willHold.includes(role) && after.includes(role));
  return [
    ...missing.map((role) => `the head says that ${name} will hold ${role}, and it will not`),
    ...kept.map((role) => `the head says that ${name} loses ${role}, and it keeps it`),
  ];
}

function untrueGains(name: string, { gains = [] }: ToldChange, privileges: readonly Privilege[]): string[] {
  return gains.flatMap(({ on, actions }) =>
    on.flatMap((text) => {
      const place = resourceTold(text);
      const wrong = actions.filter(
        (action) => place === undefined || !privileges.some((each) => permits(each, action, place)),
      );
      return wrong.length === 0
        ? []
        : [`the head says that ${name} gains ${wrong.join(', ')} on ${text}, and it does not`];
    }),
  );
}

function permits({ resource, actions }: Privilege, action: string, place: Resource): boolean {
  return (actions.includes(action) || actions.includes('anyAction')) && contains(resource, place);
}

/** How many actions, and where; what somebody has made since may be among the places. */
const LOSS = /^(\d+ actions?) on (.*?)(?:; and \d+ more places?)?$/s;

function lossProblem(name: string, { loses: told, holds = [], willHold = [] }: ToldChange, real: readonly AccessAt[]) {
  const text = real.length === 0 ? undefined : lossText(real);
  // Another migration may have taken it already, with the role.
  if (told === text || (text === undefined && holds.some((role) => !willHold.includes(role)))) return [];
  const [, actions, places = ''] = LOSS.exec(told ?? '') ?? [];
  const known = new Set(real.map(({ on }) => on));
  const isTrue = actions === LOSS.exec(text ?? '')?.[1] && places.split('; ').every((place) => known.has(place));
  return isTrue ? [] : [`the head says that ${name} loses ${told ?? 'nothing'}, and it loses ${text ?? 'nothing'}`];
}

/**
 * Warnings that the head keeps quiet, and such as do not come true, in sentences. What follows the first sentence of one
 * about sealed fields is about data keys, which may have been made since.
 */
export function warningProblems(
  told: readonly string[] = [],
  real: readonly PlanWarning[],
  whole: boolean,
): readonly string[] {
  const toldOnes = new Set(told.map(withoutKeys));
  const realOnes = new Set(real.map(({ message }) => withoutKeys(message)));
  const quiet = [...realOnes].filter((sentence) => !toldOnes.has(sentence));
  const untrue = whole ? [...toldOnes].filter((sentence) => !realOnes.has(sentence)) : [];
  return [
    ...quiet.map((sentence) => `the head lacks the warning "${sentence}"`),
    ...untrue.map((sentence) => `the head warns "${sentence}", and that does not come true`),
  ];
}

function withoutKeys(warning: string): string {
  const [first] = /^Once this is applied, the server refuses documents of .* unsealed\.(?= |$)/s.exec(warning) ?? [];
  return first ?? warning;
}

function byAccount(told: Told = []): ReadonlyMap<string, readonly ToldChange[]> {
  const known = new Map<string, ToldChange[]>();
  for (const each of told) for (const name of each.accounts) known.set(name, [...(known.get(name) ?? []), each]);
  return known;
}

/** By its very name, or as a part of a wildcard that is told: what somebody has made since is no news then. */
function tells({ on, actions }: ToldAccess, action: string, place: string, resource: Resource): boolean {
  if (!actions.includes(action) && !actions.includes('anyAction')) return false;
  return on.some((text) => {
    if (text === place) return true;
    const wide = resourceTold(text);
    return wide !== undefined && contains(wide, resource);
  });
}
