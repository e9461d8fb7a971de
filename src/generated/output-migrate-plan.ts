/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

/**
 * migrate plan --format json
 */
export interface PlanReport {
evidence?: ReportEvidence
basis?: PlanBasis
/**
 * In the order in which they run.
 */
operations: PlannedOperation[]
/**
 * What the plan does besides what accounts gain and lose: what will be refused and is taken today, new passwords, and what accounts can do only while it is carried out. Absent: nothing.
 */
warnings?: PlanWarning[]
/**
 * What stands in the way; a plan with obstacles is not applied.
 */
obstacles: PlanObstacle[]
/**
 * What has left the policy and still exists.
 */
orphans: string[]
/**
 * Before and after of every account that a restriction gives other roles; those that change alike together.
 */
rewrites: PlannedRewrite[]
/**
 * Accounts that stay able to do what a restriction denies, until a person decides.
 */
undecided: UndecidedAccount[]
/**
 * Migration files that are pending; the plan comes on top of them. Absent: none.
 */
pending?: string[]
/**
 * What it means for accounts, worked out of the state before and after; those that gain first.
 */
accounts: PlannedAccountChange[]
/**
 * What of the plan, or of what is pending, would violate a policy of the run that is not violated so today. migrate apply refuses it. Absent: none.
 */
violations?: PlannedViolation[]
/**
 * What is violated today and stays so: the plan does not change it, and migrate apply ends with 2 because of it. Absent: none.
 */
open?: PlannedViolation[]
summary: PlanSummary
}
/**
 * With -o: what the plan rests on, which apply --plan holds against what it finds.
 */
export interface PlanBasis {
/**
 * The cluster or the snapshot, as in the evidence.
 */
source: string
/**
 * The server's version.
 */
server: string
/**
 * metadata.name
 */
policy: string
/**
 * SHA-256 of the compiled policy.
 */
policyHash: string
prune: boolean
/**
 * name@db, sorted
 */
rotate: string[]
/**
 * Roles, users, the policy's collections, ownership records, key vaults and settings, with a digest of the form of each.
 */
state: {
[k: string]: string
}
}
export interface PlannedOperation {
id: string
kind: ("createCollection" | "createIndex" | "collMod" | "dropIndex" | "createDataKey" | "rewrapDataKey" | "createRole" | "grantPrivilegesToRole" | "grantRolesToRole" | "updateRole" | "revokeRolesFromRole" | "revokePrivilegesFromRole" | "dropRole" | "createUser" | "grantRolesToUser" | "updateUser" | "rotatePassword" | "revokeRolesFromUser" | "dropUser" | "recordObject" | "forgetObject")
/**
 * name@db, db.collection, db.collection.$index, or db.collection "keyAltName".
 */
target: string
/**
 * The target as it is, in canonical form and Extended JSON; absent: it does not exist.
 */
before?: {
[k: string]: unknown
}
/**
 * The target as it will be; absent: it will not exist.
 */
after?: {
[k: string]: unknown
}
reason: OperationReason
effect: OperationEffect
}
export interface OperationReason {
text: string
file?: string
line?: number
}
export interface OperationEffect {
gained: PlannedAccess[]
lost: PlannedAccess[]
}
export interface PlannedAccess {
resource: string
actions: string[]
/**
 * The first ten.
 */
accounts: string[]
accountCount: number
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
export interface PlanObstacle {
target: string
message: string
file?: string
line?: number
}
export interface PlannedRewrite {
/**
 * The first ten.
 */
accounts: string[]
accountCount: number
/**
 * The roles that go.
 */
before: string[]
/**
 * The roles that come.
 */
after: string[]
could: PlannedReach[]
/**
 * What it still can: see undecided.
 */
can: PlannedReach[]
loses: PlannedLoss[]
/**
 * What it gets back where less is denied than before.
 */
gains: PlannedLoss[]
}
export interface PlannedReach {
on: string
outcomes: string[]
}
export interface PlannedLoss {
on: string
actions: string[]
}
export interface UndecidedAccount {
account: string
/**
 * Others manage it: it is watched, never changed.
 */
unmanaged: boolean
roles: string[]
can: PlannedReach[]
/**
 * What it can do, after "can".
 */
steps: string[]
/**
 * What it could hold in the place of each role.
 */
alternatives: RoleAlternative[]
}
export interface RoleAlternative {
role: string
loses: PlannedLoss[]
privileges: {
[k: string]: unknown
}[]
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
export interface PlannedViolation {
/**
 * family/what, the word that the linter and the drift report use for it.
 */
rule: string
/**
 * The policy whose demand is violated.
 */
policy: string
/**
 * name@db of the account, or the database.
 */
target: string
message: string
/**
 * The grant path: account, roles, privilege.
 */
path: string[]
/**
 * Where the policy makes that demand.
 */
file?: string
line?: number
}
export interface PlanSummary {
policy: string
create: number
change: number
drop: number
/**
 * Entries of the ownership record that are written or removed.
 */
record: number
/**
 * Accounts that a restriction gives other roles.
 */
rewritten: number
/**
 * Accounts that a person has to decide about.
 */
undecided: number
/**
 * Accounts that are exempt.
 */
breakGlass: number
}
