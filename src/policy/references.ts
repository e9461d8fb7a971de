/** What a policy's parts say of each other: roles that exist, no cycles, nothing that MongoDB refuses by its nature. */
import { builtinRoleNames, isBuiltinRoleName, isKnownAction, knownActions } from '../model/catalogue.ts';
import { findCycle } from '../model/graph.ts';
import { databaseNameProblem, formatRole, parseNamespace, type RoleRef, roleKey } from '../model/names.ts';
import { formatResource, type Resource } from '../model/resource.ts';
import type { Intent, IntentRole, Origin } from './intent.ts';
import { hinter, soleNearest } from './nearest.ts';
import type { Problem } from './problem.ts';

type Report = (rule: string, origin: Origin, message: string) => void;

/** Roles that do not exist can be told only if every file of the policy could be read (`complete`). */
export function checkReferences(intent: Intent, problems: Problem[], complete: boolean): void {
  const report: Report = (rule, origin, message) => problems.push({ rule, severity: 'error', message, ...origin() });
  if (complete) checkRolesExist(intent, report);
  const hintOf = hinter(knownActions());
  for (const entry of intent.roles) {
    checkName(entry, report);
    checkActions(entry, report, hintOf);
    checkStaysInDatabase(entry, report);
  }
  checkNoCycle(intent.roles, report);
}

function checkRolesExist(intent: Intent, report: Report): void {
  const defined = new Map(intent.roles.map((entry) => [roleKey(entry.role), formatRole(entry.role)]));
  const nearestOf = hinter(defined.values());
  const hintOf = (ref: RoleRef): string =>
    placeHint(ref) ?? builtinHint(ref) ?? (nearestOf(formatRole(ref)) || nearBuiltinHint(ref));
  for (const grant of [...intent.roles, ...intent.users].flatMap((entry) => entry.grants)) {
    if (grant.kind !== 'role' || defined.has(roleKey(grant.role)) || isBuiltinRoleName(grant.role)) continue;
    const name = formatRole(grant.role);
    const hint = hintOf(grant.role);
    report('document/unknown-role', grant.origin, `the role ${name} is neither in the policy nor built in${hint}`);
  }
}

/** Of a role where none can be: behind the `@` stands a database, and no collection. */
function placeHint({ role, db }: RoleRef): string | undefined {
  if (db === '$external') return ': $external holds accounts, and no roles';
  const wrong = databaseNameProblem(db);
  if (wrong === undefined) return undefined;
  const inDatabase = { role, db: parseNamespace(db)?.db ?? '' };
  const instead = isBuiltinRoleName(inDatabase)
    ? `. Write ${formatRole(inDatabase)}, or a role with privileges on ${db}`
    : '';
  return `: ${JSON.stringify(db)} can't be a database, ${wrong}${instead}`;
}

function builtinHint(ref: RoleRef): string | undefined {
  const meant = meantBuiltin(ref);
  if (meant === undefined) return undefined;
  const name = formatRole(meant);
  return meant.role === ref.role ? `: that role is in admin alone, as ${name}` : ` (did you mean "${name}"?)`;
}

/** The built-in role that is meant by one in another case, or by one of `admin` alone in another database. */
export function meantBuiltin({ role, db }: RoleRef): RoleRef | undefined {
  if (isBuiltinRoleName({ role, db: 'admin' })) return { role, db: 'admin' };
  const { admin, database } = builtinRoleNames();
  const same = (name: string): boolean => name.toLowerCase() === role.toLowerCase();
  const there = database.find(same);
  if (there !== undefined) return { role: there, db };
  const inAdmin = admin.find(same);
  return inAdmin === undefined ? undefined : { role: inAdmin, db: 'admin' };
}

/** Of a built-in role with a slip of the pen. */
function nearBuiltinHint({ role, db }: RoleRef): string {
  const { admin, database } = builtinRoleNames();
  const meant = soleNearest(role, db === 'admin' ? [...database, ...admin] : database);
  return meant === undefined ? '' : ` (did you mean "${formatRole({ role: meant, db })}"?)`;
}

const READS = ': it is granted by "find"';

/** What people write who know the shell, or SQL: commands and words that are no privilege actions. */
const SHELL_WORDS: ReadonlyMap<string, string> = new Map([
  ...['aggregate', 'count', 'distinct', 'findOne', 'query', 'select'].map((word) => [word, READS] as const),
  ...['delete', 'deleteMany', 'deleteOne'].map((word) => [word, ': it is granted by "remove"'] as const),
  ...['insertMany', 'insertOne'].map((word) => [word, ': it is granted by "insert"'] as const),
  ...['modify', 'replaceOne', 'updateMany', 'updateOne'].map((word) => [word, ': it is granted by "update"'] as const),
  ['drop', ': it is "dropCollection", or "dropDatabase"'],
  ['findAndModify', ': it is granted by "find" and "update", and "remove" or "insert" for what it does'],
  ['mapReduce', ': it is granted by "find", and "insert" and "remove" where it writes'],
  ['read', ': list the actions, such as "find", or write the preset read-only in the place of the list'],
  ['readWrite', ': it is a role: name it under "roles", as readWrite@db'],
  ['rename', ': it is "renameCollectionSameDB"'],
  ['renameCollection', ': it is "renameCollectionSameDB"'],
  ['save', ': it is granted by "insert" and "update"'],
  ['upsert', ': it is granted by "insert" and "update"'],
  ['write', ': list the actions: "insert", "update", "remove"'],
]);

/**
 * The server refuses a built-in role's name where it has that role; elsewhere it takes `root@orders`, which misleads every
 * reader. One that is there already can be adopted.
 */
function checkName({ role, adopted, origin }: IntentRole, report: Report): void {
  const misleading = isBuiltinRoleName({ role: role.role, db: 'admin' }) && !adopted;
  if (!isBuiltinRoleName(role) && !misleading) return;
  report('document/builtin-role', origin, `"${role.role}" is the name of a built-in role of MongoDB: choose another`);
}

/** The server refuses an action that it does not know (FailedToParse). */
function checkActions({ grants }: IntentRole, report: Report, hintOf: (action: string) => string): void {
  for (const grant of grants) {
    for (const action of grant.kind === 'privilege' ? grant.privilege.actions : []) {
      if (isKnownAction(action)) continue;
      const hint = SHELL_WORDS.get(action) ?? hintOf(action);
      report('document/unknown-action', grant.origin, `no release of MongoDB knows the action "${action}"${hint}`);
    }
  }
}

/**
 * Outside `admin` a role reaches its own database only, and no buckets by `system_buckets`, those of its own database
 * included (tried on 8.3); the server answers InvalidRoleModification.
 */
function checkStaysInDatabase({ role, grants }: IntentRole, report: Report): void {
  if (role.db === 'admin') return;
  for (const grant of grants) {
    const buckets = grant.kind === 'privilege' && 'system_buckets' in grant.privilege.resource;
    const reach = buckets ? 'holds no privilege on system_buckets' : 'reaches its own database only';
    const advice = `outside admin a role ${reach}: define it as ${role.role}@admin`;
    const db = grant.kind === 'role' ? grant.role.db : databaseOf(grant.privilege.resource);
    if (db === role.db) continue;
    const what =
      grant.kind === 'role' ? formatRole(grant.role) : `a privilege on ${formatResource(grant.privilege.resource)}`;
    report('document/other-database', grant.origin, `${formatRole(role)} can't hold ${what}: ${advice}`);
  }
}

function databaseOf(resource: Resource): string | undefined {
  return 'collection' in resource ? resource.db : undefined;
}

function checkNoCycle(roles: readonly IntentRole[], report: Report): void {
  const cycle = findCycle(roles.map((entry) => entry.role));
  const start = roles.find((entry) => formatRole(entry.role) === cycle?.[0]);
  if (cycle === undefined || start === undefined) return;
  report('document/role-cycle', start.origin, `these roles inherit each other: ${cycle.join(' → ')}`);
}
