/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * cluster doctor --format json
 */
export interface DoctorReport {
server: DoctorServer
settings: DoctorSettings
/**
 * name@db; absent: nobody is logged in.
 */
account?: string
roles: string[]
commands: DoctorCommand[]
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
}
export interface DoctorCommand {
command: string
/**
 * Actions and where: empty if the account may run it.
 */
lacks: string[]
}
export interface DoctorFinding {
severity: ("error" | "warning" | "info")
message: string
}
export interface DoctorSummary {
errors: number
}
