/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * cluster doctor --format json
 */
export interface DoctorReport {
server: DoctorServer
settings: DoctorSettings
connection?: DoctorConnection
/**
 * name@db; absent: nobody is logged in.
 */
account?: string
roles: string[]
commands: DoctorCommand[]
encryption?: DoctorEncryption
findings: DoctorFinding[]
summary: DoctorSummary
}
export interface DoctorServer {
version: string
edition: ("community" | "enterprise" | "atlas")
topology: ("standalone" | "replicaSet" | "sharded")
}
/**
 * What is absent is unknown.
 */
export interface DoctorSettings {
authorization?: ("enabled" | "disabled" | "transition")
tls?: string
tlsVersion?: string
mechanisms?: string[]
bindIp?: string[]
localhostException?: boolean
javascript?: boolean
auditing?: boolean
encryptionAtRest?: boolean
}
/**
 * How this very connection is secured.
 */
export interface DoctorConnection {
tls: boolean
protocol?: string
/**
 * Whether the server's certificate is checked.
 */
verified?: boolean
server?: DoctorServerCertificate
client?: DoctorClientCertificate
}
/**
 * The server's certificate.
 */
export interface DoctorServerCertificate {
subject: string
/**
 * YYYY-MM-DD
 */
until: string
/**
 * Whole days to its end; negative: it has ended.
 */
days: number
}
/**
 * What the client shows.
 */
export interface DoctorClientCertificate {
subject: string
/**
 * YYYY-MM-DD
 */
until: string
/**
 * Whole days to its end; negative: it has ended.
 */
days: number
}
export interface DoctorCommand {
command: string
/**
 * Actions and where: empty if the account may run it.
 */
lacks: string[]
}
/**
 * What sealed fields take; absent: the policy seals none, or there is none.
 */
export interface DoctorEncryption {
/**
 * Whether this edition has the query analysis that automatic encryption takes.
 */
automaticEncryption: boolean
keyVaults: DoctorKeyVault[]
library?: DoctorLibrary
/**
 * Providers of managed keys that kmsProviders does not say how to reach.
 */
unreachable: string[]
}
export interface DoctorKeyVault {
ns: string
dataKeys: ("managed" | "external")
}
/**
 * mongodb-client-encryption, where it is installed.
 */
export interface DoctorLibrary {
version: string
folder: string
}
export interface DoctorFinding {
severity: ("error" | "warning" | "info")
message: string
}
export interface DoctorSummary {
errors: number
}
