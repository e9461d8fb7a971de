/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

/**
 * policy crud-service --format json
 */
export interface CrudServiceReport {
evidence?: ReportEvidence
findings: CrudServiceFinding[]
/**
 * Definitions that are not as the policy says and can be made so.
 */
changes: DefinitionChange[]
/**
 * Whether the changes were made (--write).
 */
written: boolean
unreadable: UnreadDefinition[]
summary: CrudServiceSummary
}
export interface CrudServiceFinding {
rule: string
severity: ("error" | "warning" | "info")
message: string
/**
 * Absent with its place: it is about what was given on the command line.
 */
file?: string
line?: number
column?: number
/**
 * A JSON pointer into the file's document.
 */
path?: string
}
export interface DefinitionChange {
file: string
/**
 * A unified difference.
 */
diff: string
}
export interface UnreadDefinition {
what: string
why: string
}
export interface CrudServiceSummary {
errors: number
warnings: number
infos: number
}
