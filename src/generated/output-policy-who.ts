/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * policy who --format json
 */
export interface WhoReport {
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
export interface WhoPrincipal {
/**
 * name@db
 */
user?: string
/**
 * name@db of a role that no user holds and that an external group (LDAP, OIDC) could assign.
 */
role?: string
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
}
