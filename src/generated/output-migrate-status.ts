/* Generated from schema/ by `npm run generate`. Do not edit. */
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
/**
 * What a report is made from, so that it can be held against others later: by which program, from which policies and which states, whom these exempt, what they only declare, what could not be seen.
 */
export interface ReportEvidence {
/**
 * When the report was made, in UTC: 2026-11-23T12:00:00Z. Absent with --no-timestamp.
 */
generatedAt?: string
/**
 * mongoward and its version.
 */
tool: string
/**
 * The policies that counted, by name.
 */
policies: EvidencePolicy[]
/**
 * The states that were looked at. Empty: policies alone.
 */
sources: EvidenceSource[]
/**
 * Accounts that are exempt by name: from everything (breakGlass), or from one restriction (except).
 */
exemptions: EvidenceExemption[]
/**
 * What else lowers the guard: rules that the configuration switches off or lowers, suppressions, accounts that are unmanaged, demands and variables that a cluster's entry says otherwise. Absent: nothing.
 */
lowered?: EvidenceLowered[]
/**
 * What people declare, and nothing here has observed.
 */
attestations: EvidenceAttestation[]
/**
 * What could not be looked at, and why: the report says nothing about it.
 */
unseen: EvidenceUnseen[]
}
export interface EvidencePolicy {
name: string
/**
 * SHA-256 of the compiled policy, as in migration files. Absent: the policy does not compile.
 */
hash?: string
}
export interface EvidenceSource {
kind: ("cluster" | "snapshot" | "policy")
/**
 * The cluster's name in the configuration and its hosts, never with credentials; the file; the policy.
 */
name: string
server: EvidenceServer
/**
 * name@db of the account that read it. Absent: a file, or a server without authorization.
 */
readAs?: string
}
export interface EvidenceServer {
version: string
edition: ("community" | "enterprise" | "atlas")
topology: ("standalone" | "replicaSet" | "sharded")
simulated?: boolean
}
export interface EvidenceExemption {
policy: string
kind: ("breakGlass" | "except")
account: string
/**
 * Of except: what the restriction is about.
 */
on?: string[]
/**
 * Of breakGlass.
 */
reason?: string
/**
 * Of breakGlass: the last day, YYYY-MM-DD.
 */
until?: string
/**
 * Of breakGlass: whether that day is over.
 */
ended?: boolean
}
export interface EvidenceLowered {
kind: ("rule" | "suppression" | "unmanaged" | "demand" | "variable")
/**
 * The rule, the account or pattern, the demand, the variable.
 */
what: string
/**
 * A sentence.
 */
text: string
}
export interface EvidenceAttestation {
policy: string
control: string
value: string
owner: string
/**
 * YYYY-MM-DD
 */
reviewedOn: string
reviewEvery: string
/**
 * The last day on which the review holds, YYYY-MM-DD. Absent: beyond any calendar.
 */
dueOn?: string
/**
 * Whether that day is over.
 */
overdue?: boolean
}
export interface EvidenceUnseen {
what: string
why: string
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
