/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * migrate plan --format json
 */
export interface PlanReport {
/**
 * In the order in which they run.
 */
operations: PlannedOperation[]
/**
 * What stands in the way; a plan with obstacles is not applied.
 */
obstacles: PlanObstacle[]
/**
 * What has left the policy and still exists.
 */
orphans: string[]
/**
 * Parts of the policy that this version does not carry out yet.
 */
unchecked: string[]
summary: PlanSummary
}
export interface PlannedOperation {
id: string
kind: ("createCollection" | "createIndex" | "collMod" | "dropIndex" | "createRole" | "grantPrivilegesToRole" | "grantRolesToRole" | "updateRole" | "revokeRolesFromRole" | "revokePrivilegesFromRole" | "dropRole" | "createUser" | "grantRolesToUser" | "updateUser" | "revokeRolesFromUser" | "dropUser" | "recordObject" | "forgetObject")
/**
 * name@db, db.collection, or db.collection.$index.
 */
target: string
/**
 * The target as it is, in canonical form; absent: it does not exist.
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
export interface PlanObstacle {
target: string
message: string
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
}
