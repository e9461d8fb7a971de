/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * drift report --format json
 */
export interface DriftReport {
evidence?: ReportEvidence
findings: DriftFinding[]
/**
 * What could not be seen, and why: nothing is said about it.
 */
unreadable: UnreadablePart[]
/**
 * The policy's attestations: what people declare because MongoDB can't show it. Not observed.
 */
declared: DeclaredControl[]
since?: ChangesSince
baseline?: BaselineCover
scan?: ScanReport
summary: DriftSummary
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
export interface DriftFinding {
/**
 * missing, changed, orphaned, unrecorded: the cluster differs from the policy. obstacle: and no operation can mend it. protection: an account can what nobody may. restriction: an account can what a restriction denies it. uncovered: something is there that a managed role does not name yet. stranger: an account or role that no policy declares, where a policy says that its inventory is closed. server: the release lets it through. demand: the deployment is not as the policy wants it. break-glass: an exemption has ended. encryption: keys, key vaults and stored ciphertext are not as the policy wants them. attestation: the review of what people declare is overdue. migration: a migration file is pending, would violate a policy, says something else than it does, or is not as its sum or the journal says.
 */
kind: ("missing" | "changed" | "orphaned" | "unrecorded" | "obstacle" | "protection" | "restriction" | "uncovered" | "stranger" | "server" | "demand" | "break-glass" | "encryption" | "attestation" | "migration")
rule: string
severity: ("error" | "warning" | "info")
/**
 * name@db, db.collection, cluster, or a control that is declared.
 */
target: string
message: string
/**
 * The way: user, roles, privilege.
 */
path?: string[]
/**
 * A unified text difference, from what is to what the policy wants.
 */
diff?: string
file?: string
line?: number
}
export interface UnreadablePart {
what: string
why: string
}
export interface DeclaredControl {
control: string
value: string
owner: string
/**
 * YYYY-MM-DD
 */
reviewedOn: string
reviewEvery: string
}
/**
 * With --since: what is new and what is gone since the report of that file.
 */
export interface ChangesSince {
file: string
added: NamedFinding[]
gone: NamedFinding[]
}
export interface NamedFinding {
rule: string
target: string
message: string
}
/**
 * With --baseline: the findings that it accepts, which are left out of findings, and how many of its own are there no more.
 */
export interface BaselineCover {
file: string
accepted: NamedFinding[]
gone: number
}
/**
 * What is stored in sealed fields, with --scan. Counts only; values are never told.
 */
export interface ScanReport {
namespace: string
mode: ("all" | "sample")
/**
 * Documents looked at.
 */
documents: number
/**
 * Documents that the policy's validator would refuse.
 */
refused: number
fields: ScannedField[]
}
export interface ScannedField {
path: string
values: number
/**
 * Values that are as the policy says.
 */
sealed: number
defects: ScanDefects
}
/**
 * Values by what is wrong with them; one value may count several times.
 */
export interface ScanDefects {
plaintext: number
algorithm: number
unknownKey: number
wrongKey: number
bsonType: number
length: number
}
export interface DriftSummary {
policy: string
errors: number
warnings: number
infos: number
/**
 * The number of accounts exempt today.
 */
breakGlass: number
}
