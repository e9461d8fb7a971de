/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

/**
 * migrate status --format json
 */
export interface StatusReport {
evidence?: ReportEvidence
folder: string
/**
 * In the order in which they run.
 */
migrations: MigrationStatus[]
/**
 * Policies applied without files, cut short.
 */
unfinished: UnfinishedRun[]
problems: MigrationProblem[]
summary: StatusSummary
}
export interface MigrationStatus {
name: string
version: string
policy: string
status: ("applied" | "half-done" | "rolled-back" | "pending")
/**
 * When the last run on it ended, or began.
 */
at?: string
/**
 * Of what is still to come: what it means for accounts once those before it are applied. Absent: applied, or nobody can tell.
 */
accounts?: PlannedAccountChange[]
/**
 * Of what is still to come: what will be refused once it is applied, and is taken today. Absent: nothing.
 */
warnings?: PlanWarning[]
/**
 * The account that ran it, else the user of the operating system.
 */
by?: string
}
export interface PlannedAccountChange {
/**
 * name@db of the accounts that change alike; of what a group could be given the role.
 */
accounts: string[]
/**
 * made, dropped, changed; assignable: nobody holds the role, and whoever is given it by an LDAP or OIDC group does.
 */
kind: ("made" | "dropped" | "changed" | "assignable")
/**
 * Roles that they hold themselves.
 */
holds: string[]
/**
 * All that they will hold. What is in both stays.
 */
willHold: string[]
gains: PlannedLoss[]
loses: PlannedLoss[]
logins?: PlannedLogins
why: PlannedReason[]
}
export interface PlannedLoss {
on: string
actions: string[]
}
/**
 * From where they may log in, where that changes. Every entry has to be met, by one of its restrictions; none: from anywhere.
 */
export interface PlannedLogins {
before: LoginGate[]
after: LoginGate[]
/**
 * Whether logins are allowed that were not.
 */
opens: boolean
}
export interface LoginGate {
/**
 * The role that has them; absent: the account itself.
 */
by?: string
restrictions: {
[k: string]: unknown
}[]
}
export interface PlannedReason {
text: string
file?: string
line?: number
}
export interface PlanWarning {
/**
 * sealed: documents that clients do not seal; unsealed: plaintext that is taken and was refused; logins: logins from elsewhere; password: another password; passing: what an account can do only while the plan is carried out; keys: data encryption keys that the server deletes, or that nothing can hold.
 */
kind: ("sealed" | "unsealed" | "logins" | "password" | "passing" | "keys")
target: string
message: string
file?: string
line?: number
}
export interface UnfinishedRun {
id: string
/**
 * When the last run on it ended, or began.
 */
at?: string
/**
 * The account that ran it, else the user of the operating system.
 */
by?: string
}
export interface MigrationProblem {
kind: ("edited" | "missing" | "inserted" | "reordered" | "out-of-order" | "invalid" | "misleading" | "violating")
file: string
line?: number
message: string
}
export interface StatusSummary {
applied: number
halfDone: number
/**
 * With those that were rolled back.
 */
pending: number
problems: number
}
