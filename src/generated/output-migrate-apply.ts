/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * migrate apply --format json, migrate rollback --format json
 */
export interface ApplyReport {
/**
 * in-place: there was nothing to do, and nothing was written. dry-run: what would be done, nothing was written.
 */
outcome: ("in-place" | "dry-run" | "declined" | "applied" | "rolled-back")
/**
 * In the order in which they run.
 */
operations: AppliedOperation[]
/**
 * What a rollback leaves as it is, and why.
 */
kept: KeptOperation[]
/**
 * Who can still do what the policy rules out, and what of the policy is in no migration.
 */
open: string[]
/**
 * Accounts that can still do what a restriction denies them, until a person decides. The exit code does not hang on them. Absent: none.
 */
undecided?: string[]
summary: ApplySummary
}
export interface AppliedOperation {
/**
 * The file that it comes from.
 */
migration?: string
id: string
kind: string
/**
 * name@db, db.collection, or db.collection.$index
 */
target: string
}
export interface KeptOperation {
target: string
why: string
}
export interface ApplySummary {
policy?: string
/**
 * How many operations were carried out by this run.
 */
done: number
/**
 * Those that were carried out.
 */
migrations: string[]
/**
 * On a sharded cluster: for how long other routers may serve the rights as they were.
 */
routerCacheSeconds?: number
}
