/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * policy lint --format json
 */
export interface LintReport {
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
