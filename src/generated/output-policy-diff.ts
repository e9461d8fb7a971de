/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * policy diff --format json
 */
export interface AccessDiffReport {
gained: AccessDiffChange[]
lost: AccessDiffChange[]
/**
 * Roles that nobody holds and an LDAP or OIDC group could be given, which grant other things than before. Absent: none.
 */
assignable?: AccessDiffAssignable[]
/**
 * Accounts that may log in from other places than before. Absent: none.
 */
logins?: AccessDiffLogins[]
}
export interface AccessDiffChange {
resource: string
actions: string[]
/**
 * The first ten.
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
