/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * policy diff --format json
 */
export interface AccessDiffReport {
gained: AccessDiffChange[]
lost: AccessDiffChange[]
}
export interface AccessDiffChange {
resource: string
actions: string[]
/**
 * The first ten.
 */
accounts: string[]
accountCount: number
}
