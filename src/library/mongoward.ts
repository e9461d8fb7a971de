/**
 * `mongoward`: policies compiled and linted, questions about access answered, states compared, plans and migrations made.
 * Pure: data in, data out. It loads no driver and opens nothing; `mongoward/cluster` does.
 */

export { intentState } from '../access/intent-state.ts';
export { mayRun } from '../access/may-run.ts';
export { violationsMade, violationsOf, violationText } from '../access/violations.ts';
export { driftReport } from '../drift/report.ts';
export { Failure } from '../failure.ts';
export { formatMigrationName } from '../migrate/file-names.ts';
export { migrationOf } from '../migrate/migration.ts';
export { parseMigration } from '../migrate/parse-migration.ts';
export { policyHash } from '../migrate/policy-hash.ts';
export { printMigration } from '../migrate/print-migration.ts';
export { accessBetween } from '../plan/access-moved.ts';
export { commandFor } from '../plan/operations/commands.ts';
export { describeOperation } from '../plan/operations/describe-operation.ts';
export { isDataKeyOperation } from '../plan/operations/operation.ts';
export { makePlan } from '../plan/plan.ts';
export { reverseMigration } from '../plan/reverse.ts';
export { simulate } from '../plan/simulate.ts';
export { parsePolicyFile } from '../policy/compile.ts';
export { canonicalState } from '../state/canonical.ts';
export { formatSnapshot, parseSnapshot } from '../state/snapshot.ts';
export { migrationSum, readMigrations } from './migrations.ts';
export {
  type CompilePolicyOptions,
  compilePolicy,
  type LintPolicyOptions,
  lintPolicies,
  type Variables,
} from './policy-files.ts';
export { type CanAnswer, can, type WhoCanAnswer, whoCan } from './questions.ts';
export type * from './types.ts';
