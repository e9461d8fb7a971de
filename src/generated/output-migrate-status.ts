/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * migrate status --format json
 */
export interface StatusReport {
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
 * The account that ran it, else the user of the operating system.
 */
by?: string
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
kind: ("edited" | "missing" | "inserted" | "reordered" | "out-of-order" | "invalid")
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
