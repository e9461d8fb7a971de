/**
 * `mongoward/cluster`: what connects, over the `mongodb` driver. Reads a state, applies policies and migrations, rolls
 * them back, makes data encryption keys. The types that its signatures name come along; what works on them without a
 * cluster is in `mongoward`.
 */

export { type LiveOptions, liveCluster } from '../cluster/live-cluster.ts';
export type { KmsAccess } from '../cluster/live-key-service.ts';
export type { ReadOptions } from '../cluster/read-state.ts';
export { Failure } from '../failure.ts';
export type { ApplyOptions, ApplyResult, Approval, ExecutionOptions } from '../migrate/apply.ts';
export type { FilesOptions, FilesResult, RollbackOptions, Step } from '../migrate/apply-files.ts';
export {
  type Cluster,
  type HeldLock,
  type KeyService,
  type LockOptions,
  type LockState,
  type Operator,
  StrangeLockFailure,
} from '../migrate/cluster.ts';
export type {
  Holder,
  JournalEntry,
  JournalOperation,
  JournalRun,
  JournalStatus,
  OperationOutcome,
} from '../migrate/journal.ts';
export type { Transition } from '../migrate/pending.ts';
export {
  type ApplyMigrationsOptions,
  type ApplyPolicyOptions,
  applyMigrations,
  applyPolicy,
  type ChangeOptions,
  type RollBackOptions,
  rollBack,
  type StillOpen,
} from './applying.ts';
export { type ClusterOptions, readState, withCluster } from './connecting.ts';
export { type KeyServiceOptions, keyService } from './key-service.ts';
export type * from './types.ts';
