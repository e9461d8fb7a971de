/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * db.coll, db.*, "*.coll", "*.*", cluster, any, or MongoDB's own resource document. Quote what begins with an asterisk.
 */
export type On = (string | {
/**
 * A database; empty: any but local and config.
 */
db?: string
/**
 * A collection; empty: every normal collection, not those that begin with system.
 */
collection?: string
/**
 * The buckets behind a time series collection (5.0 and newer); empty: any.
 */
system_buckets?: string
/**
 * The cluster itself: what is not about a database.
 */
cluster?: true
/**
 * Everything there is, system collections included.
 */
anyResource?: true
})
/**
 * insert-only (insert), read-only (find, listIndexes, collStats), insert-and-read (both), or a list of privilege actions.
 * 
 * @minItems 1
 */
export type Allow = (string | [string, ...(string)[]])
/**
 * A role: name@db, or the two apart.
 */
export type RoleName = (string | {
/**
 * The name of the role, without its database.
 */
name: string
/**
 * The database that the role is defined in: part of its name, not what it may reach.
 */
db: string
})
/**
 * IP addresses and CIDR ranges.
 * 
 * @minItems 1
 */
export type Addresses = [string, ...(string)[]]
/**
 * Who does it: name@db, a pattern ("*" is every account), {holding: role@db}, or a list of these.
 */
export type Accounts = (Account | [Account, ...(Account)[]])
export type Account = (string | {
holding: RoleName1
})
/**
 * A role: name@db, or the two apart.
 */
export type RoleName1 = (string | {
/**
 * The name of the role, without its database.
 */
name: string
/**
 * The database that the role is defined in: part of its name, not what it may reach.
 */
db: string
})
/**
 * Accounts that it is not about, by name@db or pattern.
 */
export type Accounts1 = (Account | [Account, ...(Account)[]])
/**
 * What each of them may do by its own grants.
 */
export type AccessWords = (AccessWord | [AccessWord, ...(AccessWord)[]])
/**
 * An outcome (read, insert, alter, destroy, unseal, suppress, administer), write for all of them that change something, or an action of MongoDB such as find.
 */
export type AccessWord = string
/**
 * What none of them may do. An outcome includes every way that is known, by escalation too.
 */
export type AccessWords1 = (AccessWord | [AccessWord, ...(AccessWord)[]])
/**
 * Where: db.collection, db or db.*, cluster, or a list of these.
 */
export type Places = (Place | [Place, ...(Place)[]])
/**
 * db.collection, a database as db or db.*, or cluster.
 */
export type Place = string

/**
 * Expectations about a policy, for mongoward policy test: who may do what, and who may not. The file is called NAME.test.yaml and lies beside the policy.
 */
export interface ExpectationsFile {
/**
 * The version of the language.
 */
apiVersion: "mongoward/v1"
/**
 * The policy that is tested: its metadata.name.
 */
test: string
/**
 * What the expectations are about, for whoever reads them.
 */
description?: string
given?: GivenEntry
/**
 * The expectations, one entry each. They are tried in this order.
 * 
 * @minItems 1
 * @maxItems 20000
 */
expect: [ExpectationEntry, ...(ExpectationEntry)[]]
}
/**
 * What the cluster has besides what the policies make. The accounts under breakGlass are there without being named, with the role root.
 */
export interface GivenEntry {
/**
 * The release of MongoDB, such as 8.0. Default: the oldest that the policy's cluster.version admits. A real server's own release wins.
 */
version?: string
/**
 * Databases, by name, and collections, as db.collection.
 * 
 * @maxItems 10000
 */
databases?: string[]
roles?: GivenRoles
users?: GivenUsers
}
/**
 * Custom roles by name@db, as a policy writes them.
 */
export interface GivenRoles {
[k: string]: RoleEntry
}
export interface RoleEntry {
/**
 * What it is for, for whoever reads the policy.
 */
description?: string
/**
 * What it grants itself, line by line.
 */
privileges?: PrivilegeEntry[]
/**
 * Roles that it inherits.
 */
roles?: RoleName[]
clientSource?: Addresses
serverAddress?: Addresses
/**
 * Several restrictions, of which a login must meet one. A role's restrictions gate every account that holds it.
 */
authenticationRestrictions?: AuthenticationRestrictionEntry[]
/**
 * Written from what a cluster had, and may be rewritten by a restriction.
 */
adopted?: boolean
}
export interface PrivilegeEntry {
on: On
allow: Allow
}
export interface AuthenticationRestrictionEntry {
clientSource?: Addresses
serverAddress?: Addresses
}
/**
 * Accounts by name@db, each with the roles that it holds.
 */
export interface GivenUsers {
/**
 * @maxItems 1000
 */
[k: string]: RoleName[]
}
/**
 * One of: {as, may, on}, {as, mayNot, on}, {as, run, db, refused}, {document, into, as, refused}.
 */
export interface ExpectationEntry {
as: Accounts
except?: Accounts1
may?: AccessWords
mayNot?: AccessWords1
on?: Places
run?: CommandEntry
/**
 * The database that the command is sent to.
 */
db?: string
document?: DocumentEntry
/**
 * The collection that it goes into: db.collection.
 */
into?: string
/**
 * Whether the server refuses it: a command for want of a right, a document by the collection's validator.
 */
refused?: boolean
/**
 * Why it is expected, for whoever reads it when it fails.
 */
because?: string
}
/**
 * A command document, in plain or relaxed Extended JSON.
 */
export interface CommandEntry {
[k: string]: unknown
}
/**
 * A document that is inserted, in plain or relaxed Extended JSON.
 */
export interface DocumentEntry {
[k: string]: unknown
}
