/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

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
/**
 * Findings that the policy accepts today, under acceptedRisks: left out of findings and of what is counted. Absent: none.
 */
accepted?: AcceptedFinding[]
since?: ChangesSince
baseline?: BaselineCover
scan?: ScanReport
summary: DriftSummary
}
export interface DriftFinding {
/**
 * missing, changed, orphaned, unrecorded: the cluster differs from the policy. obstacle: and no operation can mend it. protection: an account can what nobody may. restriction: an account can what a restriction denies it. uncovered: something is there that a managed role does not name yet. stranger: an account or role that no policy declares, where a policy says that its inventory is closed. server: the release lets it through. demand: the deployment is not as the policy wants it. break-glass: an exemption has ended. encryption: keys, key vaults and stored ciphertext are not as the policy wants them. attestation: the review of what people declare is overdue. migration: a migration file is pending, would violate a policy, says something else than it does, or is not as its sum or the journal says. accepted-risk: the acceptance of a finding ends soon, has ended, or covers nothing.
 */
kind: ("missing" | "changed" | "orphaned" | "unrecorded" | "obstacle" | "protection" | "restriction" | "uncovered" | "stranger" | "server" | "demand" | "break-glass" | "encryption" | "attestation" | "migration" | "accepted-risk")
rule: string
severity: ("error" | "warning" | "info")
/**
 * name@db, db.collection, cluster, or a control that is declared.
 */
target: string
message: string
/**
 * What the finding is known by, the same in two reports as long as it is about the same: --since and --baseline go by it.
 */
fingerprint: string
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
export interface AcceptedFinding {
rule: string
severity: ("error" | "warning" | "info")
target: string
message: string
fingerprint: string
reason: string
/**
 * The last day, YYYY-MM-DD.
 */
until: string
}
/**
 * With --since: what is new and what is gone since the report of that file.
 */
export interface ChangesSince {
file: string
added: NamedFinding[]
gone: NamedFinding[]
/**
 * The file says nothing of this cluster, so that everything is new.
 */
absent?: boolean
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
/**
 * The file says nothing of this cluster, and accepts nothing.
 */
absent?: boolean
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
