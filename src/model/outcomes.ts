/** What somebody can bring about, whichever actions and detours it takes: the words of a policy's `deny` and `access`. */

/**
 * - `read`: see stored documents
 * - `insert`: add documents
 * - `alter`: change or remove stored documents, by any technique
 * - `destroy`: drop the collection, rename it away, let it expire, cap it
 * - `unseal`: get plaintext past a validator, or weaken the validator
 * - `suppress`: make the legitimate writer's documents fail or vanish
 * - `administer`: change roles and users that can reach it
 */
export type Outcome = 'read' | 'insert' | 'alter' | 'destroy' | 'unseal' | 'suppress' | 'administer';
