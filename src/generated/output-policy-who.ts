/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * policy who --format json
 */
export interface WhoReport {
evidence?: ReportEvidence
/**
 * Where no action was named: every account and role that can bring about any outcome, those with the most first.
 */
accounts?: WhoAccount[]
principals: WhoPrincipal[]
/**
 * Who can't be listed from here.
 */
unenumerable: string[]
unreadable: WhoUnreadable[]
/**
 * Pairs of accounts that can read it together and not alone: one defines a view, the other reads it.
 */
together?: WhoPair[]
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
export interface WhoAccount {
/**
 * name@db
 */
user?: string
/**
 * name@db of a role that no user holds and that an external group could assign.
 */
role?: string
/**
 * The shard whose own account it is, which acts on it past every mongos.
 */
shard?: string
/**
 * The last day on which the account is exempt by a policy, YYYY-MM-DD. Absent: it is not.
 */
breakGlass?: string
/**
 * How it can, by outcome: direct, escalation or server. An outcome that is absent it can't bring about.
 */
outcomes: {
[k: string]: "direct" | "escalation" | "server"
}
}
export interface WhoPrincipal {
/**
 * What it can, where no action was named.
 */
outcome?: string
/**
 * name@db
 */
user?: string
/**
 * name@db of a role that no user holds and that an external group (LDAP, OIDC) could assign.
 */
role?: string
/**
 * The shard whose own account it is, which acts on it past every mongos.
 */
shard?: string
kind: ("direct" | "escalation" | "server")
/**
 * The way's name.
 */
way?: string
/**
 * The account, then roles by inheritance, then for a takeover the account that it becomes.
 */
path: string[]
/**
 * What it can do, one after the other.
 */
steps: string[]
/**
 * What mends a weakness of the release.
 */
remedy?: string
/**
 * What the way takes besides: the path of each further grant.
 */
also?: string[][]
}
export interface WhoUnreadable {
what: string
why: string
}
export interface WhoPair {
definers: string[]
readers: string[]
/**
 * db.view; db.* is any name that nothing else is said about.
 */
view: string
}
