/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * policy test --format json
 */
export interface PolicyTestReport {
evidence?: ReportEvidence
server?: PolicyTestServer
files: PolicyTestFile[]
findings: PolicyTestFinding[]
/**
 * By policy.
 */
coverage: PolicyTestCoverage[]
summary: PolicyTestSummary
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
/**
 * The server that was asked too; absent if only the model was.
 */
export interface PolicyTestServer {
label: string
version: string
/**
 * It is the sandbox, and no MongoDB.
 */
simulated: boolean
/**
 * In what it is not as the policy says, so that accounts can log in there.
 */
notes: string[]
}
export interface PolicyTestFile {
file: string
policy: string
expectations: PolicyTestExpectation[]
}
export interface PolicyTestExpectation {
sentence: string
/**
 * invalid: it could not be asked, or says nothing.
 */
status: ("passed" | "failed" | "invalid")
line: number
column: number
/**
 * A JSON pointer into the file's document.
 */
path: string
/**
 * One for each account, word and place.
 */
trials: PolicyTestTrial[]
}
export interface PolicyTestTrial {
/**
 * name@db
 */
account: string
/**
 * After "may": alter audit.logs.
 */
what: string
/**
 * Whether it is expected to be allowed.
 */
wanted: boolean
model: PolicyTestModel
/**
 * One for each command that was sent.
 */
server?: PolicyTestAnswer[]
}
export interface PolicyTestModel {
allowed: boolean
does?: string
/**
 * The grants that it rests on: the account, then roles by inheritance, then the privilege.
 */
via: string[][]
/**
 * Why it is refused, each after the name of the account.
 */
refusals?: string[]
/**
 * The remedy of a weakness of the release by which it is possible all the same.
 */
weakness?: string
}
export interface PolicyTestAnswer {
/**
 * Its name.
 */
command: string
db: string
outcome: ("allowed" | "refused" | "untried")
/**
 * The server's own.
 */
words: string
}
export interface PolicyTestFinding {
rule: string
severity: ("error" | "warning" | "info")
message: string
file: string
line: number
column: number
/**
 * A JSON pointer into the file's document.
 */
path: string
/**
 * The account, then roles by inheritance, then the privilege.
 */
grantPath?: string[]
}
export interface PolicyTestCoverage {
policy: string
/**
 * Rounded down: 100 is all of it.
 */
percent: number
grants: PolicyTestCovered
protections: PolicyTestCovered
uncovered: PolicyTestUncovered[]
}
export interface PolicyTestCovered {
covered: number
total: number
}
export interface PolicyTestUncovered {
kind: ("grant" | "protection")
what: string
file: string
line: number
column: number
}
export interface PolicyTestSummary {
expectations: number
passed: number
failed: number
invalid: number
trials: number
errors: number
warnings: number
/**
 * Commands to which model and server answer differently.
 */
disagreements: number
/**
 * Trials that only the model answered; absent where no server was asked.
 */
untried?: number
}
