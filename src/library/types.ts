/** Every type that a signature of the library names, room by room, so that each of them can be had. */

export type { Grant, Principal } from '../access/analysis.ts';
export type { Lack, Use } from '../access/commands/judge.ts';
export type { RunAnswer } from '../access/may-run.ts';
export type { Pair } from '../access/pairs.ts';
export type { Scope } from '../access/scope.ts';
export type { Requirement, Technique, TechniqueKind } from '../access/techniques.ts';
export type { Demand } from '../access/violations/demand.ts';
export type { Mend, Violation, ViolationOptions, ViolationRule } from '../access/violations.ts';
export type { AskedPrincipal, WhoAnswer } from '../access/who.ts';
export type { AcceptedFinding } from '../drift/accepted-risks.ts';
export type { DriftFinding, FindingKind } from '../drift/finding.ts';
export type { NoteOnMigration } from '../drift/migration-findings.ts';
export type { DriftOptions, DriftReport } from '../drift/report.ts';
export type { DriftRuleName } from '../drift/rules.ts';
export type { ScanResult } from '../drift/scan-findings.ts';
export type { KeyName } from '../encryption/key-names.ts';
export type { MasterKey } from '../encryption/master-key.ts';
export type { Defect, FieldCounts, Tally } from '../encryption/scan-documents.ts';
export type {
  AcceptedRiskEntry,
  AttestationEntry,
  CalendarDate,
  ClusterDemands,
  Duration,
  EncryptedFieldEntry,
  EncryptedFields,
  EncryptionEntry,
  JsonSchema,
  KmsEntry,
  PlaintextSchema,
} from '../generated/policy.ts';
export type { LevelOptions } from '../lint/levels.ts';
export type { Crash, LintFinding, LintReport } from '../lint/lint.ts';
export type { Edit, Level } from '../lint/rule.ts';
export type { Directory, DirectoryProblem, FileText, MigrationFile, ProblemKind } from '../migrate/directory.ts';
export type { MigrationName } from '../migrate/file-names.ts';
export type { FileHead, Migration, MigrationHead, ToldAccess, ToldChange } from '../migrate/migration.ts';
export type { ParsedMigration } from '../migrate/parse-migration.ts';
export type { Hashed } from '../migrate/sum.ts';
export type { Namespace, RoleRef, UserRef } from '../model/names.ts';
export type { Outcome } from '../model/outcomes.ts';
export type { Privilege } from '../model/privilege.ts';
export type { Resource, Target } from '../model/resource.ts';
export type { AuthenticationRestriction, Role, User } from '../model/role.ts';
export type { AccessChange, Effect } from '../plan/access-moved.ts';
export type { AccountChange } from '../plan/account-changes.ts';
export type { Obstacle, ResolveOptions } from '../plan/desired.ts';
export type { LoginGate } from '../plan/login-gates.ts';
export type { ReverseOptions } from '../plan/operations/handler.ts';
export type { Command } from '../plan/operations/mongo-command.ts';
export type {
  Change,
  Changes,
  CommandKind,
  CommandOperation,
  DataKeyKind,
  DataKeyOperation,
  DataKeyState,
  IndexState,
  Operation,
  OperationIdentity,
  OperationKind,
  Reason,
  ValidationState,
} from '../plan/operations/operation.ts';
export type { Plan, PlanOptions } from '../plan/plan.ts';
export type { Reach, Rewrite } from '../plan/restrictions/access-change.ts';
export type { Alternative } from '../plan/restrictions/alternative.ts';
export type { Undecided } from '../plan/restrictions/describe-undecided.ts';
export type { Loss } from '../plan/restrictions/losses.ts';
export type { ManagedRole } from '../plan/restrictions/managed-roles.ts';
export type { OpenTechnique } from '../plan/restrictions/revocation.ts';
export type { Kept, ReverseMigration } from '../plan/reverse.ts';
export type { AccessAt } from '../plan/role-set-changes.ts';
export type { PlanWarning } from '../plan/warnings.ts';
export type { Compiled, ParsedFile, PolicyText } from '../policy/compile.ts';
export type {
  Intent,
  IntentAcceptedRisk,
  IntentAttestation,
  IntentBreakGlass,
  IntentCollection,
  IntentGrant,
  IntentRestriction,
  IntentRole,
  IntentUser,
  Origin,
  PartOrigin,
  Protection,
  Remedy,
  SecretReference,
  UserSelector,
  Validation,
} from '../policy/intent.ts';
export type { DocumentPath, Position, Problem, Severity } from '../policy/problem.ts';
export type { SourceFile } from '../policy/source.ts';
export type { DataKey, KeyVault } from '../state/key-vault.ts';
export type { Shard } from '../state/shards.ts';
export type {
  ClusterState,
  Collection,
  CollectionOptions,
  Database,
  Index,
  OwnedObject,
  ServerInfo,
  Settings,
  Topology,
  Unreadable,
} from '../state/state.ts';
