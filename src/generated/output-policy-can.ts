/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { ReportEvidence } from './output-evidence.ts';

/**
 * policy can --format json
 */
export interface CanReport {
evidence?: ReportEvidence
allowed: boolean
/**
 * Every way; for a command, every privilege that it uses.
 */
via: CanVia[]
/**
 * For a command that is refused: what it lacks.
 */
missing?: string[]
}
export interface CanVia {
kind: ("direct" | "escalation" | "server")
path: string[]
steps?: string[]
privilege: CanPrivilege
/**
 * What the way takes besides.
 */
also?: CanGrant[]
}
export interface CanPrivilege {
resource: {
[k: string]: unknown
}
actions: string[]
}
export interface CanGrant {
path: string[]
privilege: CanPrivilege
}
