/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * A user: name@db, or the two apart.
 */
export type UserName = (string | {
/**
 * The name of the user, without its database.
 */
name: string
/**
 * The database that the user is defined in: part of its name, not what it may reach.
 */
db: string
})
/**
 * forever: no TTL index; or the least time for which documents are kept. Either way the collection is not capped.
 */
export type Retention = (string | {
atLeast: Duration
})
/**
 * A number of seconds, minutes, hours, days, weeks or years: 365d.
 */
export type Duration = string
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
 * Accounts by name@db or pattern (* stands for anything), {holding: role@db}, or a list of these.
 */
export type UserSelector = (string | (string | {
holding: RoleName
})[] | {
holding: RoleName
})
/**
 * A day, YYYY-MM-DD.
 */
export type CalendarDate = string

/**
 * A Mongoward policy, version 1: who may do what in a MongoDB cluster.
 */
export interface PolicyFile {
/**
 * The version of the policy language.
 */
apiVersion: "mongoward/v1"
metadata: Metadata
variables?: Variables
collections?: Collections
roles?: Roles
users?: Users
/**
 * What accounts may not do, whichever roles they hold.
 */
restrictions?: RestrictionEntry[]
/**
 * Accounts that others manage (Atlas, an operator, a backup tool), by name@db or pattern (* stands for anything): watched, never changed.
 */
unmanaged?: string[]
/**
 * closed: an account or role of the cluster that no policy of the run declares is drift. open (the default): only protections and restrictions are about it. Policies that are adopted are closed.
 */
inventory?: ("open" | "closed")
/**
 * Accounts of last resort, exempt from protections and restrictions until a date.
 */
breakGlass?: BreakGlassEntry[]
/**
 * Findings of the drift report that somebody accepts until a date: they are told, and do not count.
 */
acceptedRisks?: AcceptedRiskEntry[]
cluster?: ClusterDemands
/**
 * What MongoDB can't show: declared by a person, reviewed on a schedule.
 */
attestations?: AttestationEntry[]
}
/**
 * Which policy this file belongs to.
 */
export interface Metadata {
/**
 * The policy's name. All files that bear it make one policy; what the policy owns on a cluster is recorded under it.
 */
name: string
/**
 * What the policy is for, in a sentence.
 */
description?: string
}
/**
 * Values for ${name} anywhere in this policy. A flag, MONGOWARD_VAR_name in the environment and the cluster's entry in mongoward.config.yaml win over them.
 */
export interface Variables {
[k: string]: string
}
/**
 * Collections by full name, db.collection: what must hold for each, whoever asks.
 */
export interface Collections {
[k: string]: CollectionEntry
}
export interface CollectionEntry {
/**
 * What it is for, for whoever reads the policy.
 */
description?: string
/**
 * An invariant over every account, by every way; only break-glass accounts are exempt. append-only: nobody alters or destroys; read-only: nobody inserts either.
 */
protection?: ("none" | "append-only" | "read-only")
access?: Access
/**
 * What to do about accounts that protection and access rule out. report (the default): only say so. rewrite: rewrite their grants.
 */
remedy?: ("report" | "rewrite")
/**
 * Nothing else may live in the collection's database.
 */
dedicatedDatabase?: boolean
retention?: Retention
schema?: JsonSchema
/**
 * strict (the default): every insert and update; moderate: not updates of documents that do not fit already; off.
 */
validationLevel?: ("strict" | "moderate" | "off")
/**
 * error (the default): what does not fit is refused; warn: it is stored, and logged.
 */
validationAction?: ("error" | "warn")
encryption?: EncryptionEntry
}
/**
 * Exclusive: for each outcome that is named, these accounts and nobody else.
 */
export interface Access {
[k: string]: UserName[]
}
/**
 * A $jsonSchema document that the server enforces on every write.
 */
export interface JsonSchema {
[k: string]: unknown
}
/**
 * Client-side field level encryption: which fields are sealed, and with which keys.
 */
export interface EncryptionEntry {
/**
 * The key vault's namespace, db.collection.
 */
keyVault: string
kms?: KmsEntry
/**
 * managed: migrations make the keys that fields name by keyAltName, and rewrap those under another master key or older than rotateAfter; external: somebody else does, and they are only watched. Default: external.
 */
dataKeys?: ("managed" | "external")
rotateAfter?: Duration
fields: EncryptedFields
}
/**
 * The provider and its master key, in the names of MongoDB's masterKey document.
 */
export interface KmsEntry {
/**
 * Where the master key is: aws, azure, gcp, kmip or local, which is for development only; gcp:name where several of a kind are told apart.
 */
provider: string
/**
 * aws: the region of the KMS.
 */
region?: string
/**
 * aws: the ARN of the customer master key.
 */
key?: string
/**
 * azure: the key vault, such as acme.vault.azure.net.
 */
keyVaultEndpoint?: string
/**
 * gcp: the project.
 */
projectId?: string
/**
 * gcp: the region, such as europe-west1 or global.
 */
location?: string
/**
 * gcp: the key ring.
 */
keyRing?: string
/**
 * azure, gcp: the key.
 */
keyName?: string
/**
 * azure, gcp: a version of the key, else its primary one.
 */
keyVersion?: string
/**
 * kmip: the identifier of the secret; left out, the KMIP server is asked for a new one.
 */
keyId?: string
/**
 * kmip: the KMIP server itself seals and opens.
 */
delegated?: boolean
/**
 * aws, gcp, kmip: another host than the provider's own, with a port.
 */
endpoint?: string
}
/**
 * Sealed fields by dotted path.
 */
export interface EncryptedFields {
[k: string]: EncryptedFieldEntry
}
export interface EncryptedFieldEntry {
/**
 * The BSON type of the value before it is sealed; number is MongoDB's alias for decimal, double, int and long.
 */
bsonType: ("array" | "binData" | "bool" | "date" | "dbPointer" | "decimal" | "double" | "int" | "javascript" | "javascriptWithScope" | "long" | "number" | "object" | "objectId" | "regex" | "string" | "symbol" | "timestamp")
/**
 * random; or deterministic, which can be searched for, and shows which documents have the same value.
 */
algorithm: ("deterministic" | "random")
/**
 * The data encryption key by its alternative name.
 */
keyAltName?: string
/**
 * The data encryption key by its UUID.
 */
keyId?: string
schema?: PlaintextSchema
}
/**
 * What the application sees in it: a $jsonSchema document for `policy types`. No server can check it.
 */
export interface PlaintextSchema {
[k: string]: unknown
}
/**
 * Custom roles by name@db. The policy owns each completely.
 */
export interface Roles {
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
 * Users by name@db. The policy owns each completely, the password excepted.
 */
export interface Users {
[k: string]: UserEntry
}
export interface UserEntry {
/**
 * What it is for, for whoever reads the policy.
 */
description?: string
/**
 * The roles that it holds, of the policy or built in.
 */
roles?: RoleName[]
/**
 * The SCRAM mechanisms that the user may log in with. Absent: as the server has them.
 * 
 * @minItems 1
 */
mechanisms?: [("SCRAM-SHA-1" | "SCRAM-SHA-256"), ...(("SCRAM-SHA-1" | "SCRAM-SHA-256"))[]]
password?: SecretSource
clientSource?: Addresses
serverAddress?: Addresses
/**
 * Several restrictions, of which a login must meet one.
 */
authenticationRestrictions?: AuthenticationRestrictionEntry[]
customData?: CustomData
/**
 * Written from what a cluster had, and may be rewritten by a restriction.
 */
adopted?: boolean
}
/**
 * Where a secret is read from when it is needed; never the secret itself.
 */
export interface SecretSource {
/**
 * The name of an environment variable.
 */
fromEnv?: string
/**
 * A file whose content, without the final line end, is the secret.
 */
fromFile?: string
}
/**
 * Any document; never secrets.
 */
export interface CustomData {
[k: string]: unknown
}
export interface RestrictionEntry {
/**
 * What it is for, for whoever reads the policy.
 */
description?: string
users: UserSelector
/**
 * Accounts that this restriction leaves alone.
 */
except?: UserName[]
/**
 * db.coll or db.*, or several.
 */
on: (string | string[])
/**
 * Outcomes; write stands for insert, alter, destroy, unseal and suppress.
 * 
 * @minItems 1
 */
deny: [("read" | "insert" | "alter" | "destroy" | "unseal" | "suppress" | "administer" | "write"), ...(("read" | "insert" | "alter" | "destroy" | "unseal" | "suppress" | "administer" | "write"))[]]
/**
 * report (the default): only say so. rewrite: rewrite the grants.
 */
remedy?: ("report" | "rewrite")
}
export interface BreakGlassEntry {
user: UserName
/**
 * Why it is exempt, for whoever reviews the policy.
 */
reason: string
until: CalendarDate
}
export interface AcceptedRiskEntry {
/**
 * What is accepted: the rule of the finding, as the drift report names it.
 */
rule: ("drift/missing" | "drift/changed" | "drift/orphaned" | "drift/unrecorded" | "drift/obstacle" | "inventory/stranger" | "protection/append-only" | "protection/read-only" | "protection/access" | "protection/dedicated-database" | "restriction/reach" | "restriction/uncovered" | "restriction/own-records" | "cluster/authorization" | "cluster/tls" | "cluster/tls-version" | "cluster/version" | "cluster/end-of-life" | "cluster/mechanisms" | "cluster/bind-ip" | "cluster/localhost-exception" | "cluster/javascript" | "cluster/auditing" | "cluster/encryption-at-rest" | "encryption/key-vault-index" | "encryption/key-vault-expiry" | "encryption/key-vault-type" | "encryption/key-shared-name" | "encryption/key-missing" | "encryption/master-key" | "encryption/key-age" | "encryption/key-vault-access" | "encryption/key-vault-find" | "encryption/scan-refused" | "encryption/scan-plaintext" | "encryption/scan-algorithm" | "encryption/scan-unknown-key" | "encryption/scan-wrong-key" | "encryption/scan-bson-type" | "encryption/scan-length" | "break-glass/near-end" | "break-glass/expired" | "attestations/overdue" | "migration/pending" | "migration/edited" | "migration/unfit" | "migration/misleading" | "migration/violating")
/**
 * On what: the target of the finding, as the drift report names it: name@db, db.collection, cluster.
 */
target: string
/**
 * Only this one finding, and no further one of the rule on the target: its fingerprint, as drift report --format json tells it.
 */
fingerprint?: string
/**
 * Why it is accepted, for whoever reviews the policy.
 */
reason: string
until: CalendarDate
}
/**
 * What the deployment itself must be.
 */
export interface ClusterDemands {
/**
 * Whether clients must log in (security.authorization).
 */
authorization?: ("enabled" | "disabled")
/**
 * The least that net.tls.mode may be.
 */
tls?: ("disabled" | "allowTLS" | "preferTLS" | "requireTLS")
/**
 * A range of server versions, such as >=5.0.
 */
version?: string
/**
 * true: MongoDB must still support the release line of the server.
 */
supported?: boolean
/**
 * The lowest version of TLS that the server may speak.
 */
tlsVersion?: ("1.1" | "1.2" | "1.3")
/**
 * The authentication mechanisms that the server may accept, and no others.
 * 
 * @minItems 1
 */
mechanisms?: [string, ...(string)[]]
/**
 * The addresses that the server may listen on (net.bindIp), and no others.
 * 
 * @minItems 1
 */
bindIp?: [string, ...(string)[]]
/**
 * disabled: nobody on the machine may make the first account without a login (enableLocalhostAuthBypass).
 */
localhostException?: ("enabled" | "disabled")
/**
 * disabled: no query may run JavaScript on the server (security.javascriptEnabled).
 */
serverSideJavaScript?: ("enabled" | "disabled")
/**
 * enabled: the server keeps an audit log of its own (auditLog; Enterprise, Percona, Atlas).
 */
auditing?: ("enabled" | "disabled")
/**
 * enabled: the server encrypts its files (security.enableEncryption; Enterprise, Percona).
 */
encryptionAtRest?: ("enabled" | "disabled")
}
export interface AttestationEntry {
/**
 * Which control of the audit-trail guide it is about, or one of your own: log-level, log-content, monitoring, alerting, last-resort, access-review, separate-instance, encryption-at-rest, https-between-services, kafka-transport, kafka-authentication, kafka-topic, kafka-retention, grafana-copy, grafana-retention.
 */
control: string
/**
 * What holds: 3d, SASL_SSL/SCRAM-SHA-512.
 */
value: string
/**
 * Who answers for it.
 */
owner: string
reviewedOn: CalendarDate
reviewEvery: Duration
/**
 * Where the proof of it is kept: a ticket, a dashboard, a page of the audit.
 */
evidence?: string
}
