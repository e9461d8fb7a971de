/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

/**
 * drift report --checklist --format json
 */
export interface ChecklistReport {
/**
 * Those that could be read, in the order in which they were named, then those that could not.
 */
clusters: ChecklistEntry[]
}
export interface ChecklistEntry {
/**
 * Its name in the configuration; of a connection string the hosts, of a snapshot the file.
 */
cluster: string
evidence?: ReportEvidence
/**
 * The points of the audit-trail guide, in its order.
 */
checklist?: ChecklistPoint[]
/**
 * Why it could not be read. Instead of a checklist.
 */
error?: string
}
export interface ChecklistPoint {
/**
 * The control to declare it by, where it can be declared.
 */
id: string
group: string
/**
 * What the guide asks.
 */
title: string
/**
 * verified: the cluster shows it. declared: a person answers for it. failed: it is not so, or the review is overdue. unknown: not verifiable from here.
 */
status: ("verified" | "declared" | "failed" | "unknown")
/**
 * Why, in sentences.
 */
evidence: string[]
/**
 * Where the proof of what is declared is kept.
 */
link?: string
}
