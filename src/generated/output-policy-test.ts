/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

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
