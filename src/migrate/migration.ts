/**
 * A migration: a plan that was written down, to be reviewed and carried out later. It holds everything that is needed
 * to apply it without the policy, and nothing secret: passwords only as where they are read from.
 */
import type { Operation } from '../plan/operations/operation.ts';
import type { Plan } from '../plan/plan.ts';
import { toldChanges } from './told-changes.ts';

/** Of the files that this version writes; it reads no newer ones. */
export const FORMAT_VERSION = 1;

export interface Migration {
  readonly formatVersion: typeof FORMAT_VERSION;
  /** When it was planned, in UTC: `YYYYMMDDHHMMSS`. The order in which migrations run. */
  readonly version: string;
  /** What it is about, in a word or a few: lower case letters, digits and hyphens. */
  readonly slug: string;
  /** `metadata.name` of the policy that it was planned from. */
  readonly policy: string;
  /** Of the compiled policy, in hexadecimal: whether the policy has changed since. */
  readonly policyHash: string;
  /** The version of the server that it was planned against: `8.0.4`. */
  readonly server: string;
  /** The cluster or snapshot that it was planned on, and the hash of its state, for the reader. Absent in files of old. */
  readonly cluster?: string;
  readonly state?: string;
  /** In the order in which they run. */
  readonly operations: readonly Operation[];
  /** For the reader: what it means for accounts, as it was when the migration was planned. Absent in files of old. */
  readonly accounts?: readonly ToldChange[];
  /** For the reader: what will be refused that was taken when the migration was planned. Absent: nothing. */
  readonly warnings?: readonly string[];
}

/** What a file's name and its head say of it. */
export type FileHead = Pick<Migration, 'version' | 'slug' | 'policy' | 'policyHash'>;

/** What a file tells of accounts that change alike. */
export interface ToldChange {
  /** `name@db` */
  readonly accounts: readonly string[];
  readonly holds?: readonly string[];
  readonly willHold?: readonly string[];
  /** Each of them holds other roles besides, which stay. */
  readonly others?: 'stay';
  readonly gains?: readonly ToldAccess[];
  /** Sentences, for the reader alone. */
  readonly logins?: string;
  readonly loses?: string;
}

export interface ToldAccess {
  /** As `AccessAt` says them. */
  readonly on: readonly string[];
  readonly actions: readonly string[];
}

export interface MigrationHead {
  readonly version: string;
  readonly slug: string;
  readonly policyHash: string;
  readonly server: string;
  readonly cluster?: string;
  readonly state?: string;
}

/**
 * Writes a plan down. Of the policy's positions only file, line and column are kept.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, makePlan, migrationOf, parsePolicyFile, policyHash } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: audit.logs, allow: insert-only }]
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const state = {
 *   server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
 *   roles: [],
 *   users: [],
 *   databases: [],
 *   objects: [],
 *   unreadable: [],
 * };
 * const migration = migrationOf(makePlan(intent, state), {
 *   version: '20260131120000',
 *   slug: 'writer',
 *   policyHash: policyHash(intent),
 *   server: state.server.version,
 * });
 * assert.deepEqual(migration.operations.map(({ id }) => id), ['recordObject role writer@audit', 'createRole writer@audit']);
 * ```
 */
export function migrationOf({ policy, operations, accounts, ...plan }: Plan, head: MigrationHead): Migration {
  // The others are true of the cluster, and not of the file.
  const warnings = plan.warnings.filter(({ kind }) => kind !== 'keys');
  return {
    formatVersion: FORMAT_VERSION,
    version: head.version,
    slug: head.slug,
    policy,
    policyHash: head.policyHash,
    server: head.server,
    ...(head.cluster !== undefined && { cluster: head.cluster }),
    ...(head.state !== undefined && { state: head.state }),
    ...(accounts.length > 0 && { accounts: toldChanges(accounts) }),
    ...(warnings.length > 0 && { warnings: warnings.map(({ message }) => message) }),
    operations: operations.map((operation) => {
      const { text, at } = operation.reason;
      return { ...operation, reason: { text, ...(at && { at: { ...at, path: '' } }) } };
    }),
  };
}
