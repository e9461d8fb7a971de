/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { DriftReport } from './output-drift-report.ts';

/**
 * drift report --format json, where several clusters are named
 */
export interface DriftFleetReport {
/**
 * Those that could be read, in the order in which they were named, then those that could not.
 */
clusters: FleetEntry[]
}
export interface FleetEntry {
/**
 * Its name in the configuration; of a connection string the hosts.
 */
cluster: string
report?: DriftReport
/**
 * Why it could not be read. Instead of a report.
 */
error?: string
}
