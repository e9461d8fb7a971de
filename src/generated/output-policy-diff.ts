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
 * Roles that nobody holds and an LDAP or OIDC group could be given, which grant other things than before. Absent: none.
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
}
export interface AccessDiffChange {
resource: string
actions: string[]
/**
 * All of them; in a plan, the first ten.
 */
accounts: string[]
accountCount: number
}
export interface AccessDiffAssignable {
role: string
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
 * From where now, and from where before.
 */
change: string
/**
 * Whether logins are allowed that were not.
 */
opens: boolean
}
