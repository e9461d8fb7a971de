/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * migrate unlock --format json
 */
export interface UnlockReport {
outcome: ("free" | "held" | "unlocked")
holder?: LockHolder
}
export interface LockHolder {
/**
 * name@db
 */
account?: string
/**
 * Of the operating system.
 */
user: string
host: string
pid: number
tool: string
since: string
expires: string
expired: boolean
}
