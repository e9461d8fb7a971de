/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

/**
 * policy lint --format json
 */
export interface LintReport {
evidence?: ReportEvidence
findings: LintFinding[]
summary: LintSummary
}
export interface LintFinding {
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
 * Of a finding that the variables of other clusters do not bring about: those that have it.
 */
clusters?: string[]
}
export interface LintSummary {
errors: number
warnings: number
infos: number
/**
 * Findings held back by a suppression in place; absent if there are none.
 */
suppressed?: number
}
