/** A migration as the text of its file: for the reader of a pull request first, exact to the last BSON type all the same. */
import { Document, isScalar, type Node, Pair, visit, YAMLMap, YAMLSeq } from 'yaml';
import { besideAnyAction, subtractPrivileges } from '../model/privilege.ts';
import { type Role, subtractRoleRefs, type User } from '../model/role.ts';
import { targetKey } from '../plan/chain.ts';
import type { AccessChange } from '../plan/effects.ts';
import type { DataKeyState, Operation } from '../plan/operations/operation.ts';
import { undoText } from '../plan/reverse.ts';
import { describeOperation } from '../plan/words.ts';
import type { Position } from '../policy/problem.ts';
import { toExtendedJson } from '../state/extended-json.ts';
import type { Migration } from './migration.ts';

const HEAD = ` A migration of access control, planned by Mongoward. Review it, and do not edit it:
 mongoward.sum beside it holds its hash. To change it, remove it and plan again.`;

const LINE_WIDTH = 100;

interface PrivilegesChange {
  readonly kind: Operation['kind'];
  readonly before: Role;
  readonly after: Role;
}

/**
 * The same migration gives the same text. The file's name says version and slug, the text does not.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, makePlan, migrationOf, parseMigration, parsePolicyFile, policyHash, printMigration } from 'mongoward';
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
 * const head = { version: '20260131120000', slug: 'writer', policyHash: policyHash(intent), server: '8.0.4' };
 * const migration = migrationOf(makePlan(intent, state), head);
 * const printed = printMigration(migration);
 * assert.match(printed, /kind: createRole/);
 * assert.deepEqual(parseMigration('20260131120000_writer.yaml', printed).migration, migration);
 * ```
 */
export function printMigration(migration: Migration): string {
  const { formatVersion, policy, policyHash, server, operations, effects } = migration;
  const document = new Document();
  const known = new Set<string>();
  const list = new YAMLSeq();
  for (const [index, operation] of operations.entries()) {
    const { gained = [], lost = [] } = effects.get(operation.id) ?? {};
    const map = block({
      kind: operation.kind,
      target: flow(targetOf(operation)),
      reason: operation.reason.text,
      at: operation.reason.at && formatPlace(operation.reason.at),
      gained: gained.length > 0 ? sequence(gained.map(accessOf)) : undefined,
      lost: lost.length > 0 ? sequence(lost.map(accessOf)) : undefined,
      ...bodyOf(operation, known.has(targetKey(operation))),
    });
    const title = ` ${index + 1}. ${describeOperation(operation)}`.replaceAll('\n', escaped);
    map.commentBefore = `${title}\n undone by: ${undoText(operation)}`;
    if (index > 0) map.spaceBefore = true;
    known.add(targetKey(operation));
    list.add(map);
  }
  document.contents = block({ mongowardMigration: formatVersion, policy, policyHash, server, operations: list });
  document.commentBefore = HEAD;
  quoteHidden(document);
  const text = document.toString({ lineWidth: LINE_WIDTH, blockQuote: false, singleQuote: false });
  return text.replaceAll(HIDDEN, escaped);

  /** A map in block style. What is undefined is left out. */
  function block(entries: Readonly<Record<string, unknown>>): YAMLMap {
    const map = new YAMLMap();
    for (const [key, value] of Object.entries(entries)) {
      if (value !== undefined) map.items.push(new Pair(document.createNode(key), document.createNode(value)));
    }
    return map;
  }

  /** On one line, where it fits. */
  function flow(value: unknown): Node {
    return document.createNode(toExtendedJson(value), { flow: true, aliasDuplicateObjects: false });
  }

  /** A list in block style of entries in one line each. */
  function sequence(values: readonly unknown[]): Node {
    if (values.length === 0) return flow([]);
    const items = new YAMLSeq();
    for (const value of values) items.add(flow(value));
    return items;
  }

  function plain(value: unknown): Node | undefined {
    if (value === undefined) return undefined;
    return document.createNode(toExtendedJson(value), { aliasDuplicateObjects: false });
  }

  function roleForm({ privileges, roles, authenticationRestrictions, isBuiltin }: Role): YAMLMap {
    return block({
      privileges: sequence(privileges),
      roles: sequence(roles),
      authenticationRestrictions: authenticationRestrictions && sequence(authenticationRestrictions),
      isBuiltin,
    });
  }

  function userSettings({ mechanisms, authenticationRestrictions, customData }: User) {
    return {
      mechanisms: mechanisms && flow(mechanisms),
      authenticationRestrictions: authenticationRestrictions && sequence(authenticationRestrictions),
      customData: plain(customData),
    };
  }

  function userForm(user: User): YAMLMap {
    return block({ roles: sequence(user.roles), ...userSettings(user) });
  }

  function privilegesOf({ kind, before, after }: PrivilegesChange): Readonly<Record<string, Node | undefined>> {
    if (kind === 'grantPrivilegesToRole') {
      return { privileges: sequence(subtractPrivileges(after.privileges, before.privileges)) };
    }
    const kept = besideAnyAction(before.privileges, after.privileges);
    const privileges = sequence(subtractPrivileges(before.privileges, after.privileges));
    return { privileges, kept: kept.length === 0 ? undefined : sequence(kept) };
  }

  /** What the kind of operation has besides. `follows`: operations above have said what the target looks like. */
  function bodyOf(operation: Operation, follows: boolean): Readonly<Record<string, unknown>> {
    const first = <T>(form: (value: T) => Node, value: T): Node | undefined => (follows ? undefined : form(value));
    switch (operation.kind) {
      case 'createCollection':
        return { after: validationForm(operation.after) };
      case 'collMod':
        return { before: validationForm(operation.before), after: validationForm(operation.after) };
      case 'createIndex': {
        const { name: _name, ...index } = operation.after.index;
        return { after: plain(index) };
      }
      case 'dropIndex': {
        const { name: _name, ...index } = operation.before.index;
        return { before: plain(index) };
      }
      case 'createDataKey':
        return { after: keyForm(operation.after) };
      case 'rewrapDataKey':
        return { before: keyForm(operation.before), after: keyForm(operation.after) };
      case 'createRole':
        return { after: roleForm(operation.after) };
      case 'grantPrivilegesToRole':
      case 'revokePrivilegesFromRole': {
        const { before } = operation;
        return { before: first(roleForm, before), ...privilegesOf(operation) };
      }
      case 'grantRolesToRole':
      case 'revokeRolesFromRole': {
        const { before, after, kind, early } = operation;
        const [more, less] = kind === 'grantRolesToRole' ? [after, before] : [before, after];
        return { early, before: first(roleForm, before), roles: sequence(subtractRoleRefs(more.roles, less.roles)) };
      }
      case 'updateRole': {
        const { authenticationRestrictions: restrictions } = operation.after;
        const settings = restrictions && { authenticationRestrictions: sequence(restrictions) };
        return {
          before: first(roleForm, operation.before),
          after: settings === undefined ? flow({}) : block(settings),
        };
      }
      case 'dropRole':
        return { before: first(roleForm, operation.before) };
      case 'createUser':
        return { password: passwordOf(operation), after: userForm(operation.after) };
      case 'grantRolesToUser':
      case 'revokeRolesFromUser': {
        const { before, after, kind } = operation;
        const [more, less] = kind === 'grantRolesToUser' ? [after, before] : [before, after];
        return { before: first(userForm, before), roles: sequence(subtractRoleRefs(more.roles, less.roles)) };
      }
      case 'updateUser': {
        const { before, after } = operation;
        return {
          password: passwordOf(operation),
          before: first(userForm, before),
          after: block(userSettings(after)),
        };
      }
      case 'rotatePassword':
        return { password: passwordOf(operation), before: first(userForm, operation.before) };
      case 'dropUser':
        return { before: first(userForm, operation.before) };
      case 'recordObject': {
        const { before, after } = operation;
        return { before: before && objectForm(before), after: objectForm(after) };
      }
      case 'forgetObject':
        return { before: objectForm(operation.before) };
    }
  }

  function validationForm({
    validator,
    validationLevel,
    validationAction,
  }: Extract<Operation, { readonly kind: 'createCollection' }>['after']): Node {
    return block({ validator: plain(validator), validationLevel, validationAction });
  }

  function keyForm({ masterKey, updateDate }: DataKeyState): Node {
    return flow({ masterKey, ...(updateDate === undefined ? {} : { updateDate }) });
  }

  function objectForm({
    policy: owner,
    created,
    replaces,
    covers,
  }: Extract<Operation, { kind: 'recordObject' }>['after']): Node {
    return flow({ policy: owner, created, ...(replaces !== undefined && { replaces }), ...(covers && { covers }) });
  }

  function passwordOf(operation: Operation): Node | undefined {
    return 'password' in operation && operation.password !== undefined ? flow(operation.password) : undefined;
  }
}

function formatPlace({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function accessOf({ resource, actions, accounts, accountCount }: AccessChange): object {
  const more = accountCount > accounts.length ? { accountCount } : {};
  return { actions, on: resource, accounts, ...more };
}

/** What an operation is about, part by part: a name may hold any sign, so that one text could be read in two ways. */
function targetOf(operation: Operation): object {
  switch (operation.kind) {
    case 'createCollection':
    case 'collMod': {
      const { db, collection } = operation.after.ns;
      return { db, collection };
    }
    case 'createIndex':
    case 'dropIndex': {
      const { ns, index } = operation.after ?? operation.before;
      return { db: ns.db, collection: ns.collection, index: index.name };
    }
    case 'createDataKey':
    case 'rewrapDataKey': {
      const { ns, key } = operation.after;
      return { db: ns.db, collection: ns.collection, ...key };
    }
    case 'createRole':
      return { role: operation.after.role, db: operation.after.db };
    case 'grantPrivilegesToRole':
    case 'revokePrivilegesFromRole':
    case 'grantRolesToRole':
    case 'revokeRolesFromRole':
    case 'updateRole':
    case 'dropRole':
      return { role: operation.before.role, db: operation.before.db };
    case 'createUser':
      return { user: operation.after.user, db: operation.after.db };
    case 'grantRolesToUser':
    case 'revokeRolesFromUser':
    case 'updateUser':
    case 'rotatePassword':
    case 'dropUser':
      return { user: operation.before.user, db: operation.before.db };
    case 'recordObject':
      return { kind: operation.after.kind, name: operation.after.target };
    case 'forgetObject':
      return { kind: operation.before.kind, name: operation.before.target };
  }
}

/** Control and format characters, among them those that turn the direction of a text: a reviewer must see them. */
const HIDDEN = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;

function hides(text: string): boolean {
  return text.search(/[\p{C}\p{Zl}\p{Zp}]/u) >= 0;
}

/** Only a text in double quotes can hold an escape. */
function quoteHidden(document: Document): void {
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === 'string' && hides(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xff_ff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
