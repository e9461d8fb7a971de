/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

/**
 * policy diff --format json
 */
export interface AccessDiffReport {
evidence?: ReportEvidence
gained: AccessDiffChange[]
lost: AccessDiffChange[]
/**
 * Roles that an LDAP or OIDC group could be given, which grant other things than before: nobody holds them, or what they grant changes for no account that does. Absent: none.
 */
assignable?: AccessDiffAssignable[]
/**
 * Accounts of both policies whose password is read from another place: whoever knows that one may log in. Absent: none.
 */
passwords?: AccessDiffPassword[]
/**
 * Accounts that may log in from other places than before. Absent: none.
 */
logins?: AccessDiffLogins[]
authorization?: AccessDiffAuthorization
/**
 * What restrictions, protections and exclusive access no longer keep accounts from that neither policy defines, or only now. Only between policies. Absent: nothing.
 */
keptOut?: AccessDiffKeptOut[]
/**
 * What the policies demand more or less than before of collections (retention, sealed fields, a schema, a database of its own), of the deployment (`cluster`) and of exemptions (an account). Only between policies. Absent: nothing.
 */
demands?: AccessDiffDemand[]
/**
 * What accounts may read because a view is there that was not, or no longer. Absent: nothing.
 */
views?: AccessDiffView[]
}
export interface AccessDiffChange {
resource: string
actions: string[]
/**
 * All of them; in a plan, the first ten. Of a shard's own: `name@db of shard NAME`.
 */
accounts: string[]
accountCount: number
}
export interface AccessDiffAssignable {
role: string
/**
 * The role is none of admin: accounts hold it, if any, that neither policy defines. Only between policies. Absent: false.
 */
elsewhere?: boolean
gained: AccessDiffAccess[]
lost: AccessDiffAccess[]
}
export interface AccessDiffAccess {
on: string
actions: string[]
}
export interface AccessDiffPassword {
account: string
/**
 * From where now, and from where before.
 */
change: string
}
export interface AccessDiffLogins {
accounts: string[]
/**
 * The accounts are roles that an LDAP or OIDC group could be given. Absent: they are none.
 */
assignable?: boolean
/**
 * As of a role under assignable.
 */
elsewhere?: boolean
/**
 * From where now, and from where before.
 */
change: string
/**
 * Whether logins are allowed that were not.
 */
opens: boolean
}
/**
 * Whether clients have to log in, as the settings of the two states say. Absent: that does not change, or is not known.
 */
export interface AccessDiffAuthorization {
before: ("enabled" | "disabled" | "transition" | "unknown")
after: ("enabled" | "disabled" | "transition")
/**
 * Whether clients that have not logged in may do everything, and could not.
 */
opens: boolean
}
export interface AccessDiffKeptOut {
on: string
outcomes: string[]
/**
 * `name@db`, `accounts like PATTERN`, `holders of role@db`, `every other account`.
 */
accounts: string[]
/**
 * Whether they are no longer kept from it.
 */
opens: boolean
/**
 * The remedy is report: whoever can do it is told, or no longer, and no plan takes it away. Absent: false.
 */
reported?: boolean
}
export interface AccessDiffDemand {
/**
 * `db.collection`, `cluster`, `name@db`.
 */
on: string
/**
 * What is demanded now, and until now.
 */
change: string
/**
 * Whether less is demanded than before.
 */
opens: boolean
}
export interface AccessDiffView {
/**
 * The collection that the view shows.
 */
on: string
view: string
accounts: string[]
/**
 * Roles that an LDAP or OIDC group could be given. Absent: none.
 */
roles?: string[]
/**
 * Whether they can read it now and could not.
 */
opens: boolean
}
