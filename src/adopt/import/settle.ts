/**
 * What commands leave behind, one after the other. A user or role of which something could not be read is left out whole:
 * a policy owns what it names completely, and would take away what it does not know of.
 */
import { type RoleRef, roleKey } from '../../model/names.ts';
import type { Privilege } from '../../model/privilege.ts';
import { canonicalPrivileges } from '../../model/privilege.ts';
import { resourceKey } from '../../model/resource.ts';
import type { Role, User } from '../../model/role.ts';
import { secretIn } from '../../policy/secrets.ts';
import { type Command, firstUnresolved, type ImportNote, mapOf, type Node, plainOf, textOf } from './node.ts';
import {
  readPrivilegeList,
  readRestrictionList,
  readRoles,
  readTexts,
  refuseUnresolved,
  short,
  Unreadable,
} from './shapes.ts';

export interface Settled {
  readonly roles: readonly Role[];
  readonly users: readonly User[];
  readonly notes: readonly ImportNote[];
}

interface Standing {
  readonly roles: Map<string, Role>;
  readonly users: Map<string, User>;
  /** Of which something could not be read. */
  readonly lost: Set<string>;
}

/** The commands that are understood, and what each is about. */
export const COMMANDS: Readonly<Record<string, 'user' | 'role'>> = {
  createUser: 'user',
  updateUser: 'user',
  dropUser: 'user',
  dropAllUsersFromDatabase: 'user',
  grantRolesToUser: 'user',
  revokeRolesFromUser: 'user',
  createRole: 'role',
  updateRole: 'role',
  dropRole: 'role',
  dropAllRolesFromDatabase: 'role',
  grantRolesToRole: 'role',
  revokeRolesFromRole: 'role',
  grantPrivilegesToRole: 'role',
  revokePrivilegesFromRole: 'role',
};

export function settle(commands: readonly Command[]): Settled {
  const standing: Standing = { roles: new Map(), users: new Map(), lost: new Set() };
  const notes: ImportNote[] = [];
  for (const command of commands) {
    if (command.name.startsWith('dropAll')) {
      notes.push(...dropAll(command, standing));
      continue;
    }
    const { file, line } = command;
    const kind = COMMANDS[command.name] ?? 'user';
    const say = (at: number, message: string, lost: boolean): void =>
      void notes.push({ file, line: at, message, lost });
    const name = nameOf(command);
    if (name === undefined) {
      say(line, `a ${kind} is left out: ${unnamed(command)}`, true);
      continue;
    }
    const title = `${kind} ${name.name}@${name.db}`;
    for (const at of secretsIn(command)) {
      say(
        at,
        `a password of ${title} stands here in the clear: it is not taken over, and whoever reads the file has it`,
        false,
      );
    }
    if (standing.lost.has(title)) continue;
    const wrong = settleOne(command, name, standing);
    if (wrong !== undefined) {
      standing.lost.add(title);
      (kind === 'user' ? standing.users : standing.roles).delete(`${name.name}@${name.db}`);
      say(wrong.line, `the ${title} is left out: ${wrong.message}`, true);
    } else if (command.beyond !== undefined) {
      say(line, `the ${title} is taken over without ${command.beyond}`, true);
    }
  }
  return { roles: [...standing.roles.values()], users: [...standing.users.values()], notes };
}

function settleOne(command: Command, name: Name, standing: Standing): Unreadable | undefined {
  if (command.uncertain !== undefined) return new Unreadable(command.line, command.uncertain);
  try {
    carryOut(command, name, standing);
    return undefined;
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

/** Drops all users or roles of a database; those of which nobody can tell whether they are dropped are left out. */
function dropAll({ name, db, file, line, uncertain }: Command, standing: Standing): readonly ImportNote[] {
  const home = textOf(db);
  const why = uncertain ?? (home === undefined ? `whether ${name} drops it hangs on its database` : undefined);
  const kind = COMMANDS[name] ?? 'user';
  const all: Map<string, User | Role> = kind === 'user' ? standing.users : standing.roles;
  return [...all].flatMap(([key, there]): readonly ImportNote[] => {
    if (home !== undefined && there.db !== home) return [];
    all.delete(key);
    if (why === undefined) return [];
    standing.lost.add(`${kind} ${key}`);
    return [{ file, line, message: `the ${kind} ${key} is left out: ${why}`, lost: true }];
  });
}

interface Name {
  readonly name: string;
  readonly db: string;
}

function nameOf({ target, db }: Command): Name | undefined {
  const [name, home] = [textOf(target), textOf(db)];
  return name === undefined || home === undefined || name === '' || home === '' ? undefined : { name, db: home };
}

/** What of the name it is that nobody could work out. */
function unnamed({ target, db }: Command): string {
  const [part, value] = (textOf(target) ?? '') === '' ? (['name', target] as const) : (['database', db] as const);
  const found = firstUnresolved(value)?.data.unresolved ?? '';
  return found === '' ? `its ${part} is not written` : `its ${part} is ${short(found)}, which is not known here`;
}

const SECRETS = ['pwd', 'password'];

/** Lines in which a password is written out. */
function secretsIn({ fields }: Command): readonly number[] {
  return SECRETS.flatMap((key) => {
    const value = fields.get(key);
    const isWritten = typeof value?.data === 'number' || (textOf(value) ?? '') !== '';
    return value !== undefined && isWritten ? [value.line] : [];
  });
}

/** What the commands take besides the name; the server refuses others (IDLUnknownField). */
const FIELDS = new Set([
  ...['pwd', 'roles', 'privileges', 'customData', 'mechanisms', 'authenticationRestrictions'],
  ...['digestPassword', 'passwordDigestor', 'writeConcern', 'comment', 'maxTimeMS', '$db', 'lsid', 'apiVersion'],
]);

function carryOut(command: Command, name: Name, standing: Standing): void {
  const unknown = [...command.fields.keys()].find((key) => !FIELDS.has(key));
  if (unknown !== undefined)
    throw new Unreadable(command.line, `${command.name} takes no "${unknown}": the server refuses it`);
  if (COMMANDS[command.name] === 'role') carryOutOnRole(command, name, standing.roles);
  else carryOutOnUser(command, name, standing.users);
}

function carryOutOnUser(command: Command, name: Name, users: Map<string, User>): void {
  const key = `${name.name}@${name.db}`;
  const there = users.get(key);
  switch (command.name) {
    case 'createUser': {
      const made = userOf(command, name, undefined);
      if (there !== undefined && !isSame(there, made)) throw twice(command);
      users.set(key, made);
      return;
    }
    case 'updateUser':
      users.set(key, userOf(command, name, there ?? missing(command)));
      return;
    case 'dropUser':
      users.delete(key);
      return;
    default: {
      const held = there ?? missing(command);
      users.set(key, { ...held, roles: movedRoles(command, name, held.roles) });
    }
  }
}

function carryOutOnRole(command: Command, name: Name, roles: Map<string, Role>): void {
  const key = `${name.name}@${name.db}`;
  const there = roles.get(key);
  switch (command.name) {
    case 'createRole': {
      const made = roleOf(command, name, undefined);
      if (there !== undefined && !isSame(there, made)) throw twice(command);
      roles.set(key, made);
      return;
    }
    case 'updateRole':
      roles.set(key, roleOf(command, name, there ?? missing(command)));
      return;
    case 'dropRole':
      roles.delete(key);
      return;
    case 'grantPrivilegesToRole':
    case 'revokePrivilegesFromRole': {
      const held = there ?? missing(command);
      const moved = readPrivilegeList(command.fields.get('privileges') ?? missingField(command, 'privileges'));
      const grants = command.name === 'grantPrivilegesToRole';
      const privileges = grants ? [...held.privileges, ...moved] : minus(held.privileges, moved);
      roles.set(key, { ...held, privileges: canonicalPrivileges(privileges) });
      return;
    }
    default: {
      const held = there ?? missing(command);
      roles.set(key, { ...held, roles: movedRoles(command, name, held.roles) });
    }
  }
}

function movedRoles(command: Command, { db }: Name, held: readonly RoleRef[]): readonly RoleRef[] {
  const moved = readRoles(command.fields.get('roles') ?? missingField(command, 'roles'), db);
  return command.name.startsWith('grant') ? [...held, ...moved] : without(held, moved);
}

/** The same object in several files, or in both branches of a script. */
function isSame(a: User | Role, b: User | Role): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function twice(command: Command): Unreadable {
  return new Unreadable(command.line, 'it is made a second time, in another way');
}

function missing({ line }: Command): never {
  throw new Unreadable(line, 'what it was made with is not in these files');
}

function missingField({ line, name }: Command, field: string): never {
  throw new Unreadable(line, `${name} has no "${field}"`);
}

function userOf({ fields }: Command, { name, db }: Name, there: User | undefined): User {
  const roles = fields.get('roles');
  const mechanisms = fields.get('mechanisms');
  const restrictions = fields.get('authenticationRestrictions');
  const customData = fields.get('customData');
  return {
    ...(there ?? { user: name, db }),
    roles: roles === undefined ? (there?.roles ?? []) : readRoles(roles, db),
    ...(mechanisms && { mechanisms: readTexts(mechanisms, 'a mechanism') }),
    ...(restrictions && { authenticationRestrictions: readRestrictionList(restrictions) }),
    ...(customData && { customData: customDataOf(customData) }),
  };
}

/** Custom data is nothing that anybody guards, and secrets are found there all the same. */
function customDataOf(value: Node): Readonly<Record<string, unknown>> {
  refuseUnresolved(value, 'its custom data');
  const fields = mapOf(value);
  if (fields === undefined) throw new Unreadable(value.line, 'its custom data is no document');
  for (const [key, field] of fields) {
    const secret = secretIn({ [key]: plainOf(field) });
    if (secret !== undefined) throw new Unreadable(field.line, `its custom data holds ${secret}`);
  }
  return plainOf(value) as Readonly<Record<string, unknown>>;
}

function roleOf({ fields }: Command, { name, db }: Name, there: Role | undefined): Role {
  const privileges = fields.get('privileges');
  const roles = fields.get('roles');
  const restrictions = fields.get('authenticationRestrictions');
  return {
    ...(there ?? { role: name, db }),
    privileges:
      privileges === undefined ? (there?.privileges ?? []) : canonicalPrivileges(readPrivilegeList(privileges)),
    roles: roles === undefined ? (there?.roles ?? []) : readRoles(roles, db),
    ...(restrictions && { authenticationRestrictions: readRestrictionList(restrictions) }),
  };
}

function without(held: readonly RoleRef[], moved: readonly RoleRef[]): readonly RoleRef[] {
  const gone = new Set(moved.map(roleKey));
  return held.filter((role) => !gone.has(roleKey(role)));
}

/** Actions taken from the very resource that they were granted on, as the server does it. */
function minus(held: readonly Privilege[], moved: readonly Privilege[]): readonly Privilege[] {
  return held.map((privilege) => {
    const gone = new Set(
      moved
        .filter(({ resource }) => resourceKey(resource) === resourceKey(privilege.resource))
        .flatMap(({ actions }) => actions),
    );
    return { ...privilege, actions: privilege.actions.filter((action) => !gone.has(action)) };
  });
}
