/** What breaks a demand of a policy: who can what, through which grants, against which line, and how to mend it. */
import { formatRole, formatUser, type RoleRef } from '../../model/names.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { Origin } from '../../policy/intent.ts';
import type { Principal } from '../analysis.ts';
import { grantPathOf } from '../grant-paths.ts';

const RULES = [
  'protection/append-only',
  'protection/read-only',
  'protection/access',
  'protection/dedicated-database',
  'protection/restriction',
] as const;

export type ViolationRule = (typeof RULES)[number];

export const VIOLATION_RULE_NAMES: ReadonlySet<string> = new Set(RULES);

export interface Violation {
  readonly rule: ViolationRule;
  /** `metadata.name` of the policy whose demand is broken. */
  readonly policy: string;
  /** The line of that demand. */
  readonly origin: Origin;
  /** A weakness of the release, and a role that somebody could be given, are warnings: whether either is used, no list shows. */
  readonly severity: 'error' | 'warning';
  /** By a weakness of the release, not of a grant. */
  readonly vulnerability: boolean;
  /** `name@db` of the account, or of the role that a group could be given; of a dedicated database its name. */
  readonly target: string;
  /** The shard whose own account it is, which acts on it past every mongos. */
  readonly shard?: string;
  /** What the demand is about: `audit.logs`, `audit.*`. */
  readonly on: string;
  /** What the account can bring about there. Empty for a database that holds something else. */
  readonly outcomes: readonly Outcome[];
  /** What must not be there, as `db.collection`: of a database that is dedicated to another collection. */
  readonly objects: readonly string[];
  /** The account and the first technique by which it can; absent where no account is at fault. */
  readonly principal?: Principal;
  /** The grant path as a person can follow it: `app@admin`, `readWrite@audit`, `remove on audit.*`. */
  readonly path: readonly string[];
  /** Where it is to be mended, as far as grants go. */
  readonly mend: Mend;
  /** What the account can and by what, in sentences, the last without a full stop. */
  readonly fact: string;
  /** What to do about it, in a sentence without a full stop. */
  readonly advice: string;
}

/**
 * How far down the grant path everybody who holds a role breaks the demand: 0 if others hold the account's own role
 * rightly, so that it is the account that must lose it; the number of roles on the path if nobody may have the privilege.
 */
export interface Mend {
  readonly depth: number;
}

export const AT_ACCOUNT: Mend = { depth: 0 };

/**
 * A violation in sentences, the last without a full stop: `app@admin can alter audit.logs through … . It can … . Revoke …`.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { violationText } from 'mongoward';
 *
 * const text = violationText({ fact: 'audit is for audit.logs alone, and holds carts too', advice: 'Move them' });
 * assert.equal(text, 'audit is for audit.logs alone, and holds carts too. Move them');
 * ```
 */
export function violationText({ fact, advice }: Pick<Violation, 'fact' | 'advice'>): string {
  return `${fact}. ${advice}`;
}

/** More are counted: `policy who` and `policy can` list them all. */
const MOST_LISTED = 4;

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: Iterable<string>): string {
  const all = [...items];
  const rest = all.length - MOST_LISTED;
  const shown = rest > 1 ? [...all.slice(0, MOST_LISTED), `${rest} other things`] : all;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** What one account can bring about, by which technique first, and everything that it does for it. */
export interface Offence {
  readonly principal: Principal;
  readonly outcomes: Outcome[];
  readonly does: Set<string>;
  /** The roles that it holds and that the grant paths begin with. */
  readonly roles: Set<string>;
}

/** One for each account, and one more for what only a weakness of the release allows it, which must not hide the rest. */
export function groupOffences(
  abilities: readonly { readonly principal: Principal; readonly outcome: Outcome }[],
): readonly Offence[] {
  const byUser = new Map<Principal['user'], { granted?: Offence; released?: Offence }>();
  const offences: Offence[] = [];
  for (const { principal, outcome } of abilities) {
    const known = byUser.get(principal.user) ?? {};
    byUser.set(principal.user, known);
    const side = principal.kind === 'server' ? 'released' : 'granted';
    let offence = known[side];
    if (offence === undefined) {
      offence = { principal, outcomes: [], does: new Set(), roles: new Set() };
      known[side] = offence;
      offences.push(offence);
    }
    if (!offence.outcomes.includes(outcome)) offence.outcomes.push(outcome);
    offence.does.add(principal.steps.join(', then '));
    offence.roles.add(principal.path[1] ?? '');
  }
  return offences;
}

export interface Named {
  /** `name@db` */
  readonly target: string;
  /** How a sentence names it. */
  readonly who: string;
  readonly path: readonly string[];
}

/** `assigned`: the role of which the account is only a stand-in for whoever is given it. */
export function named(principal: Principal, assigned: RoleRef | undefined): Named {
  const path = grantPathOf(principal);
  if (assigned === undefined) {
    const target = formatUser(principal.user);
    return { target, who: target, path };
  }
  const target = formatRole(assigned);
  const who = `whoever is given the role ${target} (an LDAP or OIDC group, a certificate)`;
  return { target, who, path: path.slice(1) };
}

/** How an account that a shard has for itself is named, apart from one of the cluster. A database's name has no space. */
export function ofShardName(account: string, shard: string): string {
  return `${account} of shard ${shard}`;
}

/** The same of an account that a shard has for itself: no migration reaches it. */
export function ofShard(violation: Violation, shard: string): Violation {
  const { target, fact } = violation;
  return {
    ...violation,
    shard,
    target: ofShardName(target, shard),
    fact: `on shard ${shard}, past every mongos, ${fact}`,
    advice: 'Change or drop the account there: a migration changes the accounts of the cluster only',
  };
}

/** What an account can although a demand rules it out. Where the release lets it, its grants are not to blame. */
export function violationBy(
  { principal, outcomes }: Pick<Offence, 'principal' | 'outcomes'>,
  mend: () => Mend,
  told: Pick<Violation, 'rule' | 'policy' | 'origin' | 'severity' | 'target' | 'on' | 'path' | 'fact' | 'advice'>,
): Violation {
  const vulnerability = principal.kind === 'server';
  return {
    ...told,
    severity: vulnerability ? 'warning' : told.severity,
    vulnerability,
    outcomes,
    objects: [],
    principal,
    get mend() {
      return mend();
    },
    advice: vulnerability ? `This release lets it: ${principal.technique.remedy ?? 'upgrade'}` : told.advice,
  };
}
