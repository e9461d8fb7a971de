/** What a technique is, and the requirements that it is made of. */
import type { Namespace } from '../../model/names.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { Privilege } from '../../model/privilege.ts';
import { databaseTarget, formatTarget, type Target } from '../../model/resource.ts';
import { onTarget, reaches, type Scope, scopeKey, scopeText } from '../scope.ts';

/** An action on something that a privilege must reach. Two of the same structure are the same requirement. */
export interface Requirement {
  readonly action: string;
  readonly on: Scope;
}

/** One text for each requirement, the same exactly for those of the same structure. */
export function requirementKey({ action, on }: Requirement): string {
  return `${action} ${scopeKey(on)}`;
}

/** For sentences: `find on audit.logs`. */
export function requirementText({ action, on }: Requirement): string {
  return `${action} on ${scopeText(on)}`;
}

/** Whether the privilege meets the requirement. `anyAction` stands for every action. */
export function meets({ actions, resource }: Privilege, { action, on }: Requirement): boolean {
  return (actions.includes(action) || actions.includes('anyAction')) && reaches(on, resource);
}

/**
 * - `direct`: by its own privileges
 * - `escalation`: by first giving itself other privileges or another identity
 * - `server`: by a weakness of this release, not of a grant
 */
export type TechniqueKind = 'direct' | 'escalation' | 'server';

export interface Technique {
  /** The same in every release of this project: reports and suppressions name it. */
  readonly id: string;
  readonly kind: TechniqueKind;
  readonly outcomes: readonly Outcome[];
  /** What it takes, all of it. */
  readonly requires: readonly Requirement[];
  /** What it does, after "can": `delete documents of audit.logs`. */
  readonly does: string;
  /** What to do about a weakness of the release. */
  readonly remedy?: string;
}

/** What techniques depend on besides privileges. */
export interface Circumstances {
  readonly version: string;
  readonly sharded: boolean;
  /** Whether it is one server that is no member of a replica set. */
  readonly standalone?: boolean;
  /** Of a sharded cluster whether a config server is a shard too, which holds documents; absent: nobody knows. */
  readonly configShard?: boolean | undefined;
  /** Whether a sharded cluster has shards besides a config server; absent: nobody knows. */
  readonly otherShards?: boolean | undefined;
  /** Whether it is asked on one shard, by an account of that shard. */
  readonly shard?: boolean;
  /** Whether documents of the collection expire, by a TTL index or by its own option, which can be changed. */
  readonly expires: boolean;
  /** Whether the collection is capped, so that what is inserted pushes the oldest documents out. */
  readonly capped: boolean;
  /** Whether documents are kept as they were before a change (`changeStreamPreAndPostImages`). */
  readonly keepsPreImages: boolean;
  /** Whether documents that its validator finds wrong are written to the server's log. */
  readonly logsDocuments: boolean;
  /**
   * Whether it is a time series, or holds one: `buckets` if its documents lie in a collection of buckets beside it (5.0 and
   * newer), `viewless` if they lie in the series itself (9.0 and newer).
   */
  readonly timeSeries: 'no' | 'buckets' | 'viewless';
  /** The names of the collections, in the same database, by which Queryable Encryption finds documents of this one. */
  readonly encryptedState?: { readonly esc: string; readonly ecoc: string } | undefined;
  /** The names of the views, in the same database, that show the collection. */
  readonly views: readonly string[];
  /** Where the keys lie that its sealed fields may be sealed by. */
  readonly keyVaults: readonly Namespace[];
  /** The databases in which accounts live that insert into it; absent: nobody knows. */
  readonly homes?: readonly string[] | undefined;
  /** The databases of roles that say from where their holders may log in. */
  readonly restrictingRoles: readonly string[];
}

/** Every outcome: what somebody can bring about who has become anybody. */
export const EVERY_OUTCOME: readonly Outcome[] = [
  'read',
  'insert',
  'alter',
  'destroy',
  'unseal',
  'suppress',
  'administer',
];

/** Who may do one action there, by what he holds. */
export function techniqueOfAction(action: string, on: Scope): Technique {
  const does = `${action} on ${on.kind === 'target' ? formatTarget(on.target) : scopeText(on)}`;
  return { id: `action/${action}`, kind: 'direct', outcomes: [], requires: [{ action, on }], does };
}

export function requireAction(action: string, target: Target): Requirement {
  return { action, on: onTarget(target) };
}

/** The right to set other users' passwords in a database, which makes its holder any of them. */
export function takeover(db: string): Requirement {
  return requireAction('changePassword', databaseTarget(db));
}
