/** The table of rules. Each has a page of its name in docs/rules/. */
import type { LintRule } from './rule.ts';
import { acceptedRiskEnded } from './rules/accepted-risk/ended.ts';
import { acceptedRiskFar } from './rules/accepted-risk/far.ts';
import { missing } from './rules/attestations/missing.ts';
import { overdue } from './rules/attestations/overdue.ts';
import { twice } from './rules/attestations/twice.ts';
import { literalSecret } from './rules/credentials/literal-secret.ts';
import { mechanismsUnstated } from './rules/credentials/mechanisms-unstated.ts';
import { noAuthenticationRestriction } from './rules/credentials/no-authentication-restriction.ts';
import { openRestriction } from './rules/credentials/open-restriction.ts';
import { scramSha1 } from './rules/credentials/scram-sha-1.ts';
import { breakGlassExpired } from './rules/default-users/break-glass-expired.ts';
import { breakGlassFar } from './rules/default-users/break-glass-far.ts';
import { noAdministrator } from './rules/default-users/no-administrator.ts';
import { noBreakGlass } from './rules/default-users/no-break-glass.ts';
import { unenforceable } from './rules/default-users/unenforceable.ts';
import { idleAction } from './rules/document/idle-action.ts';
import { lookAlike } from './rules/document/look-alike.ts';
import { matchesNothing } from './rules/document/matches-nothing.ts';
import { misleadingName } from './rules/document/misleading-name.ts';
import { mixedScript } from './rules/document/mixed-script.ts';
import { nameCase } from './rules/document/name-case.ts';
import { noWildcard } from './rules/document/no-wildcard.ts';
import { notInRelease } from './rules/document/not-in-release.ts';
import { refusedSchema } from './rules/document/refused-schema.ts';
import { shadowedPrivilege } from './rules/document/shadowed-privilege.ts';
import { unheldRole } from './rules/document/unheld-role.ts';
import { byHand } from './rules/encryption/by-hand.ts';
import { id } from './rules/encryption/id.ts';
import { keyVaultPlace } from './rules/encryption/key-vault-place.ts';
import { keyVaultWritable } from './rules/encryption/key-vault-writable.ts';
import { localKms } from './rules/encryption/local-kms.ts';
import { lowCardinality } from './rules/encryption/low-cardinality.ts';
import { masterKey } from './rules/encryption/master-key.ts';
import { noKey } from './rules/encryption/no-key.ts';
import { administersAndReads } from './rules/least-privilege/administers-and-reads.ts';
import { anyAction } from './rules/least-privilege/any-action.ts';
import { anyResource } from './rules/least-privilege/any-resource.ts';
import { becomesRoot } from './rules/least-privilege/becomes-root.ts';
import { readsCredentials } from './rules/least-privilege/reads-credentials.ts';
import { readsEverything } from './rules/least-privilege/reads-everything.ts';
import { wideBuiltin } from './rules/least-privilege/wide-builtin.ts';
import { wildcardDatabase } from './rules/least-privilege/wildcard-database.ts';
import { writesAndReadsTrail } from './rules/least-privilege/writes-and-reads-trail.ts';
import { access } from './rules/protection/access.ts';
import { appendOnly } from './rules/protection/append-only.ts';
import { authorizationOff } from './rules/protection/authorization-off.ts';
import { contradiction } from './rules/protection/contradiction.ts';
import { dedicatedDatabase } from './rules/protection/dedicated-database.ts';
import { noReader } from './rules/protection/no-reader.ts';
import { noWriter } from './rules/protection/no-writer.ts';
import { readOnly } from './rules/protection/read-only.ts';
import { restriction } from './rules/protection/restriction.ts';
import { unheldRole as openingRole } from './rules/protection/unheld-role.ts';
import { unseal } from './rules/protection/unseal.ts';
import { accountMechanisms } from './rules/release/account-mechanisms.ts';
import { belowPatch } from './rules/release/below-patch.ts';
import { notJudged } from './rules/release/not-judged.ts';
import { roleRestrictions } from './rules/release/role-restrictions.ts';
import { voidsProtection } from './rules/release/voids-protection.ts';
import { REPORTED } from './rules/reported.ts';
import { grafanaRetention } from './rules/retention/grafana.ts';
import { kafkaRetention } from './rules/retention/kafka.ts';
import { trailRetention } from './rules/retention/trail.ts';
import { kafkaTransport } from './rules/transport/kafka.ts';
import { tls } from './rules/transport/tls.ts';

export const RULES: readonly LintRule[] = [
  ...REPORTED,
  notInRelease,
  nameCase,
  mixedScript,
  lookAlike,
  matchesNothing,
  noWildcard,
  idleAction,
  misleadingName,
  unheldRole,
  shadowedPrivilege,
  anyAction,
  anyResource,
  wildcardDatabase,
  wideBuiltin,
  readsEverything,
  readsCredentials,
  becomesRoot,
  writesAndReadsTrail,
  administersAndReads,
  appendOnly,
  readOnly,
  access,
  unseal,
  restriction,
  contradiction,
  openingRole,
  dedicatedDatabase,
  noWriter,
  noReader,
  authorizationOff,
  noBreakGlass,
  breakGlassExpired,
  breakGlassFar,
  unenforceable,
  noAdministrator,
  literalSecret,
  scramSha1,
  mechanismsUnstated,
  noAuthenticationRestriction,
  openRestriction,
  refusedSchema,
  lowCardinality,
  byHand,
  id,
  noKey,
  localKms,
  masterKey,
  keyVaultPlace,
  keyVaultWritable,
  voidsProtection,
  belowPatch,
  notJudged,
  roleRestrictions,
  accountMechanisms,
  kafkaRetention,
  grafanaRetention,
  trailRetention,
  kafkaTransport,
  tls,
  missing,
  overdue,
  twice,
  acceptedRiskEnded,
  acceptedRiskFar,
];
