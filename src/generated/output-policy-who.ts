/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

/**
 * policy who --format json
 */
export interface WhoReport {
evidence?: ReportEvidence
/**
 * Where no action was named: every account and role that can bring about any outcome, those with the most first.
 */
accounts?: WhoAccount[]
principals: WhoPrincipal[]
/**
 * Who can't be listed from here.
 */
unenumerable: string[]
unreadable: WhoUnreadable[]
/**
 * Pairs of accounts that can read it together and not alone: one defines a view, the other reads it.
 */
together?: WhoPair[]
}
export interface WhoAccount {
/**
 * name@db
 */
user?: string
/**
 * name@db of a role that no user holds and that an external group could assign.
 */
role?: string
/**
 * The shard whose own account it is, which acts on it past every mongos.
 */
shard?: string
/**
 * The last day on which the account is exempt by a policy, YYYY-MM-DD. Absent: it is not.
 */
breakGlass?: string
/**
 * How it can, by outcome: direct, escalation or server. An outcome that is absent it can't bring about.
 */
outcomes: {
[k: string]: "direct" | "escalation" | "server"
}
}
export interface WhoPrincipal {
/**
 * What it can, where no action was named.
 */
outcome?: string
/**
 * name@db
 */
user?: string
/**
 * name@db of a role that no user holds and that an external group (LDAP, OIDC) could assign.
 */
role?: string
/**
 * The shard whose own account it is, which acts on it past every mongos.
 */
shard?: string
kind: ("direct" | "escalation" | "server")
/**
 * The way's name.
 */
way?: string
/**
 * The account, then roles by inheritance, then for a takeover the account that it becomes.
 */
path: string[]
/**
 * What it can do, one after the other.
 */
steps: string[]
/**
 * What mends a weakness of the release.
 */
remedy?: string
/**
 * What the way takes besides: the path of each further grant.
 */
also?: string[][]
}
export interface WhoUnreadable {
what: string
why: string
}
export interface WhoPair {
definers: string[]
readers: string[]
/**
 * db.view; db.* is any name that nothing else is said about.
 */
view: string
/**
 * The shard whose own accounts they are.
 */
shard?: string
}
