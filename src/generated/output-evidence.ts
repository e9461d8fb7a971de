/* Generated from schema/ by `npm run generate`. Do not edit. */
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
 * What else lowers the guard: rules that the configuration switches off or lowers, suppressions, accounts that are unmanaged, risks that are accepted, demands and variables that a cluster's entry says otherwise. Absent: nothing.
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
kind: ("rule" | "suppression" | "unmanaged" | "acceptedRisk" | "demand" | "variable")
/**
 * The rule, the account or pattern, the rule and target of what is accepted, the demand, the variable.
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
