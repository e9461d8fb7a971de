/** What accounts may read through views, compared: a view that appears shows documents to whoever may already find in it. */
import { circumstancesOf } from '../access/circumstances.ts';
import { askedOf, type Question } from '../access/question.ts';
import { onTarget } from '../access/scope.ts';
import { techniqueOfAction } from '../access/techniques.ts';
import { type AskedPrincipal, whoCan } from '../access/who.ts';
import { formatNamespace, formatRole, formatUser, type Namespace } from '../model/names.ts';
import { collectionTarget } from '../model/resource.ts';
import type { ClusterState, Database } from '../state/state.ts';

export interface ViewDiff {
  /** The collection that the view shows. */
  readonly on: string;
  readonly view: string;
  /** Who may find in the view, and can't read the collection without it: accounts, and roles that a group could be given. */
  readonly accounts: readonly string[];
  readonly roles: readonly string[];
  /** Whether they can read it now and could not, or the other way round. */
  readonly opens: boolean;
}

/** Nothing where databases are unknown. */
export function viewDiffs(before: ClusterState, after: ClusterState): readonly ViewDiff[] {
  return [
    ...shownMore(before, after).map((each) => ({ ...each, opens: true })),
    ...shownMore(after, before).map((each) => ({ ...each, opens: false })),
  ];
}

/** What views show in the second state and did not in the first, to those who could not read it there. */
function shownMore(before: ClusterState, after: ClusterState): readonly Omit<ViewDiff, 'opens'>[] {
  if (before.databases === undefined || after.databases === undefined) return [];
  return after.databases.filter(hasView).flatMap(({ name: db, collections = [] }) =>
    collections
      .filter(({ type }) => type !== 'view')
      .flatMap(({ name: collection }) => {
        const ns = { db, collection };
        const known = new Set(viewsOn(before, ns));
        const on = formatNamespace(ns);
        const views = viewsOn(after, ns).filter((view) => !known.has(view));
        if (views.length === 0) return [];
        const readers = new Set(whoCan(before, reading(before, ns)).principals.map(principalKey));
        return views.flatMap((name) => {
          const view = { db, collection: name };
          const more = whoCan(after, finding(view)).principals.filter((one) => !readers.has(principalKey(one)));
          if (more.length === 0) return [];
          const accounts = more.flatMap(({ role, user }) => (role === undefined ? [formatUser(user)] : []));
          const roles = more.flatMap(({ role }) => (role === undefined ? [] : [formatRole(role)]));
          return [{ on, view: formatNamespace(view), accounts: accounts.sort(), roles: roles.sort() }];
        });
      }),
  );
}

function hasView({ collections = [] }: Database): boolean {
  return collections.some(({ type }) => type === 'view');
}

function reading(state: ClusterState, ns: Namespace): Question {
  return askedOf(state, { action: 'read', subject: collectionTarget(ns), techniques: [], notes: [] });
}

function finding(ns: Namespace): Question {
  const subject = collectionTarget(ns);
  return { action: 'find', subject, techniques: [techniqueOfAction('find', onTarget(subject))], notes: [] };
}

function viewsOn(state: ClusterState, ns: Namespace): readonly string[] {
  return circumstancesOf(state, collectionTarget(ns)).views;
}

/** An account and a role may have the same name, and accounts of shards that of others. */
function principalKey({ user, role, shard }: AskedPrincipal): string {
  return JSON.stringify([role === undefined ? formatUser(user) : formatRole(role), role === undefined, shard]);
}
