/**
 * Mongoward as a library: policies compiled, states compared, plans, drift. Everything here is pure but `applyPolicy`,
 * which works on whatever implements `Cluster`, and what opens a cluster.
 */

export { type Assessment, assess, type Principal } from './access/analysis.ts';
export { liveCluster } from './cluster/cluster.ts';
export { type ConnectOptions, withClient } from './cluster/connect.ts';
export { type KmsAccess, liveKeyService } from './cluster/data-keys.ts';
export { loadEncryptionLibrary } from './cluster/encryption-library.ts';
export type { DriftFinding } from './drift/finding.ts';
export { type DriftReport, driftReport } from './drift/report.ts';
export { Failure } from './failure.ts';
export { type LintOptions, type LintReport, lintPolicies } from './lint/lint.ts';
export { type ApplyOptions, type ApplyResult, applyPolicy } from './migrate/apply.ts';
export type { Cluster, KeyService } from './migrate/cluster.ts';
export { type Migration, type MigrationHead, migrationOf, policyHash } from './migrate/migration.ts';
export { type ParsedMigration, parseMigration } from './migrate/parse-migration.ts';
export { printMigration } from './migrate/print-migration.ts';
export type { Outcome } from './model/outcomes.ts';
export type { Privilege } from './model/privilege.ts';
export type { Resource, Target } from './model/resource.ts';
export type { AuthenticationRestriction, Role, User } from './model/role.ts';
export type { Obstacle } from './plan/desired.ts';
export { type Effect, effectsOf } from './plan/effects.ts';
export { type Command, type CommandOperation, commandFor } from './plan/operations/command.ts';
export {
  type DataKeyOperation,
  isDataKeyOperation,
  type Operation,
  type OperationKind,
} from './plan/operations/operation.ts';
export { makePlan, type Plan } from './plan/plan.ts';
export { type Kept, type ReverseMigration, type ReverseOptions, reverseMigration } from './plan/reverse.ts';
export { simulate } from './plan/simulate.ts';
export {
  type Compiled,
  type CompileOptions,
  compilePolicy,
  type ParsedFile,
  parsePolicyFile,
} from './policy/compile.ts';
export type { Intent } from './policy/intent.ts';
export type { Position, Problem } from './policy/problem.ts';
export { canonicalState } from './state/canonical.ts';
export { formatSnapshot, parseSnapshot } from './state/snapshot.ts';
export type { ClusterState } from './state/state.ts';
