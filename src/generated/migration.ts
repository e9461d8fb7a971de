/* Generated from schema/ by `npm run generate`. Do not edit. */
export type FileOperation = (CreateCollection | ModifyCollection | CreateIndex | DropIndex | CreateDataKey | RewrapDataKey | CreateRole | ChangePrivileges | ChangeInheritedRoles | UpdateRole | DropRole | CreateUser | ChangeGrantedRoles | UpdateUser | RotatePassword | DropUser | RecordObject | ForgetObject)
/**
 * A key of a key vault, by its alternative name or its id.
 */
export type KeyTarget = (KeyByAltName | KeyById)
/**
 * MongoDB's resource document.
 */
export type FileResource = (CollectionResource | ClusterResource | AnyResource | BucketsResource)
export type Restrictions = FileRestriction[]
/**
 * Where the password is read from when the operation runs.
 */
export type FilePasswordSource = (FromEnv | FromFile)

/**
 * migrations/<version>_<slug>.yaml: a plan that was written down. Written by migrate new; not to be edited by hand.
 */
export interface MigrationFile {
/**
 * The version of this format.
 */
mongowardMigration: 1
/**
 * metadata.name of the policy.
 */
policy: string
/**
 * Of the compiled policy: SHA-256 in hexadecimal.
 */
policyHash: string
/**
 * The version of the server that it was planned against.
 */
server: string
/**
 * The cluster or the snapshot that it was planned on, for the reader. Never with credentials.
 */
cluster?: string
/**
 * Of what it was planned on: SHA-256 in hexadecimal, for the reader.
 */
state?: string
/**
 * What it means for accounts, as it was when it was planned; those that gain first. What counts is worked out of the operations when it is applied, and a gain that is not told here is refused.
 */
accounts?: FileAccountChange[]
/**
 * For the reader: what will be refused once it is applied, and was taken when it was planned.
 */
warnings?: string[]
/**
 * In the order in which they run. The form of a target before an operation is given with the first one on it, and follows from those above afterwards.
 */
operations: FileOperation[]
}
export interface FileAccountChange {
/**
 * name@db of accounts that change alike; "whoever is given name@db" of a role that a group could be given.
 * 
 * @minItems 1
 */
accounts: [string, ...(string)[]]
/**
 * Roles that they hold themselves.
 */
holds?: string[]
/**
 * All that they will hold.
 */
willHold?: string[]
/**
 * stay: each of them holds other roles besides, which are not told here and stay. Only of accounts that gain nothing.
 */
others?: "stay"
/**
 * What they can do and could not.
 */
gains?: FileToldAccess[]
/**
 * How the places change that they may log in from.
 */
logins?: string
/**
 * How much they can no longer do: migrate plan --full shows all of it.
 */
loses?: string
}
export interface FileToldAccess {
/**
 * Places where it is the same.
 */
on: string[]
/**
 * Actions, with blanks between them.
 */
actions: string
}
/**
 * A collection that does not exist.
 */
export interface CreateCollection {
kind: "createCollection"
target: CollectionTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
after: ValidationForm
}
export interface CollectionTarget {
db: string
collection: string
}
export interface FileAccess {
actions: string[]
on: string
/**
 * name@db, the first ten.
 */
accounts: string[]
/**
 * Of how many accounts, where there are more.
 */
accountCount?: number
}
export interface ValidationForm {
/**
 * In Extended JSON.
 */
validator?: {
[k: string]: unknown
}
validationLevel?: string
validationAction?: string
}
/**
 * The validation of a collection.
 */
export interface ModifyCollection {
kind: "collMod"
target: CollectionTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before: ValidationForm
after: ValidationForm
}
/**
 * The unique index of a key vault.
 */
export interface CreateIndex {
kind: "createIndex"
target: IndexTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
after: IndexForm
}
export interface IndexTarget {
db: string
collection: string
index: string
}
/**
 * As listIndexes shows it, in Extended JSON.
 */
export interface IndexForm {
key: {
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * An index by which documents expire.
 */
export interface DropIndex {
kind: "dropIndex"
target: IndexTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before: IndexForm
}
/**
 * A data encryption key that does not exist.
 */
export interface CreateDataKey {
kind: "createDataKey"
target: KeyTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
after: KeyForm
}
export interface KeyByAltName {
db: string
collection: string
keyAltName: string
}
export interface KeyById {
db: string
collection: string
keyId: string
}
export interface KeyForm {
masterKey: MasterKeyForm
/**
 * When the key was made or last rewrapped.
 */
updateDate?: string
}
/**
 * In the names of MongoDB's masterKey document.
 */
export interface MasterKeyForm {
provider: string
[k: string]: unknown
}
/**
 * A data encryption key, its material sealed anew under the master key given.
 */
export interface RewrapDataKey {
kind: "rewrapDataKey"
target: KeyTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before: KeyForm
after: KeyForm
}
/**
 * A role that does not exist.
 */
export interface CreateRole {
kind: "createRole"
target: RoleTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
after: RoleForm
}
export interface RoleTarget {
role: string
db: string
}
export interface RoleForm {
privileges: FilePrivilege[]
roles: RoleTarget[]
authenticationRestrictions?: Restrictions
isBuiltin?: boolean
}
/**
 * Either a resource with a list of actions, or the short forms of several resources and of their actions, with blanks between them.
 */
export interface FilePrivilege {
resource?: FileResource
/**
 * Resources as db.collection, db.*, *.*, cluster or any, with blanks between them.
 */
on?: string
/**
 * A list; beside "on" the names with blanks between them.
 */
actions: (string[] | string)
}
export interface CollectionResource {
db: string
collection: string
}
export interface ClusterResource {
cluster: true
}
export interface AnyResource {
anyResource: true
}
export interface BucketsResource {
db: string
system_buckets: string
}
export interface FileRestriction {
clientSource?: string[]
serverAddress?: string[]
}
/**
 * Privileges of a role.
 */
export interface ChangePrivileges {
kind: ("grantPrivilegesToRole" | "revokePrivilegesFromRole")
target: RoleTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before?: RoleForm
/**
 * What is granted or revoked.
 * 
 * @minItems 1
 */
privileges: [FilePrivilege, ...(FilePrivilege)[]]
/**
 * Revoking anyAction would leave nothing on its resource: the actions that stay there.
 * 
 * @minItems 1
 */
kept?: [FilePrivilege, ...(FilePrivilege)[]]
}
/**
 * Roles that a role inherits.
 */
export interface ChangeInheritedRoles {
kind: ("grantRolesToRole" | "revokeRolesFromRole")
target: RoleTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
/**
 * Revoked before anything is granted, because both at once would be a cycle.
 */
early?: boolean
before?: RoleForm
/**
 * What is granted or revoked.
 * 
 * @minItems 1
 */
roles: [RoleTarget, ...(RoleTarget)[]]
}
/**
 * What a role has besides privileges and roles.
 */
export interface UpdateRole {
kind: "updateRole"
target: RoleTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before?: RoleForm
after: RoleSettings
}
export interface RoleSettings {
authenticationRestrictions?: Restrictions
}
/**
 * A role that the policy made and no longer names.
 */
export interface DropRole {
kind: "dropRole"
target: RoleTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before?: RoleForm
}
/**
 * A user that does not exist.
 */
export interface CreateUser {
kind: "createUser"
target: UserTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
password?: FilePasswordSource
after: UserForm
}
export interface UserTarget {
user: string
db: string
}
export interface FromEnv {
fromEnv: string
}
export interface FromFile {
fromFile: string
}
export interface UserForm {
roles: RoleTarget[]
mechanisms?: string[]
authenticationRestrictions?: Restrictions
/**
 * In Extended JSON.
 */
customData?: {
[k: string]: unknown
}
}
/**
 * Roles that a user holds.
 */
export interface ChangeGrantedRoles {
kind: ("grantRolesToUser" | "revokeRolesFromUser")
target: UserTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before?: UserForm
/**
 * What is granted or revoked.
 * 
 * @minItems 1
 */
roles: [RoleTarget, ...(RoleTarget)[]]
}
/**
 * What a user has besides roles.
 */
export interface UpdateUser {
kind: "updateUser"
target: UserTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
password?: FilePasswordSource
before?: UserForm
after: UserSettings
}
export interface UserSettings {
mechanisms?: string[]
authenticationRestrictions?: Restrictions
/**
 * In Extended JSON.
 */
customData?: {
[k: string]: unknown
}
}
/**
 * A new password for a user.
 */
export interface RotatePassword {
kind: "rotatePassword"
target: UserTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
password: FilePasswordSource
before?: UserForm
}
/**
 * A user that the policy made and no longer names.
 */
export interface DropUser {
kind: "dropUser"
target: UserTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before?: UserForm
}
/**
 * An entry of the record of what policies own.
 */
export interface RecordObject {
kind: "recordObject"
target: ObjectTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before?: ObjectForm
after: ObjectForm
}
export interface ObjectTarget {
kind: ("role" | "user" | "collection")
/**
 * name@db, or db.collection.
 */
name: string
}
export interface ObjectForm {
policy: string
created: boolean
/**
 * Of a role that a restriction made: the role, name@db, in whose place accounts hold it.
 */
replaces?: string
/**
 * And what its wildcards were written out to: a list, or names with blanks between them.
 */
covers?: (string[] | string)
}
/**
 * An entry of that record which goes.
 */
export interface ForgetObject {
kind: "forgetObject"
target: ObjectTarget
/**
 * Why, in a sentence.
 */
reason: string
/**
 * The line of the policy that it comes from: file:line:column.
 */
at?: string
/**
 * Access that accounts gained by it when it was planned.
 */
gained?: FileAccess[]
/**
 * Access that accounts lost by it when it was planned.
 */
lost?: FileAccess[]
before: ObjectForm
}
