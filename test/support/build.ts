/** Small factories: the least that a test has to say about a state, a role, a user or a policy. */
import assert from 'node:assert/strict';
import { type RoleRef, splitAt } from '../../src/model/names.ts';
import type { Privilege } from '../../src/model/privilege.ts';
import { parseResource, type Resource } from '../../src/model/resource.ts';
import type { Role, User } from '../../src/model/role.ts';
import { commandFor } from '../../src/plan/operations/commands.ts';
import type { Command } from '../../src/plan/operations/mongo-command.ts';
import { isDataKeyOperation, type Operation } from '../../src/plan/operations/operation.ts';
import { type Compiled, type CompileOptions, compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';
import type { DataKey } from '../../src/state/key-vault.ts';
import type { ClusterState, Collection, OwnedObject } from '../../src/state/state.ts';

function split(text: string): { readonly name: string; readonly db: string } {
  const parts = splitAt(text);
  assert.ok(parts, `${text} is not name@db`);
  return parts;
}

/** `read@app` as the server refers to it. */
export function ref(text: string): RoleRef {
  const { name, db } = split(text);
  return { role: name, db };
}

export function refs(...texts: readonly string[]): RoleRef[] {
  return texts.map(ref);
}

/** `{db: "audit", collection: "logs"}` of `audit.logs`. */
export function resource(text: string): Resource {
  const parsed = parseResource(text);
  assert.ok(parsed, `${text} is not a resource`);
  return parsed;
}

/** `privilege('audit.logs', 'insert')` */
export function privilege(on: string, ...actions: readonly string[]): Privilege {
  return { resource: resource(on), actions };
}

/** A role that grants `db.coll: [actions]` and inherits roles. */
export function role(
  name: string,
  grants: Readonly<Record<string, readonly string[]>> = {},
  inherits: readonly string[] = [],
): Role {
  return {
    ...ref(name),
    privileges: Object.entries(grants).map(([on, actions]) => privilege(on, ...actions)),
    roles: inherits.map(ref),
  };
}

export function user(name: string, roles: readonly string[] = [], rest: Partial<User> = {}): User {
  const { name: plain, db } = split(name);
  return { user: plain, db, roles: roles.map(ref), ...rest };
}

export function collection(name: string, rest: Partial<Collection> = {}): Collection {
  return { name, type: 'collection', options: {}, indexes: [ID_INDEX], ...rest };
}

export const ID_INDEX = { name: '_id_', key: { _id: 1 } } as const;

/** An index by which documents expire. */
export function ttl(seconds: number, name = 'ttl') {
  return { name, key: { timestamp: 1 }, expireAfterSeconds: seconds };
}

export function owned(kind: OwnedObject['kind'], target: string, created = true, policy = 'p'): OwnedObject {
  return { kind, target, policy, created };
}

/** A data encryption key under a local master key, with these alternative names. */
export function dataKey(keyAltNames: readonly string[], rest: Partial<DataKey> = {}): DataKey {
  return {
    _id: '00112233-4455-6677-8899-aabbccddeeff',
    keyAltNames,
    masterKey: { provider: 'local' },
    creationDate: '2026-01-01T00:00:00.000Z',
    updateDate: '2026-01-01T00:00:00.000Z',
    status: 0,
    ...rest,
  };
}

/** A cluster on which everything was looked at, and nothing is. */
export function state(parts: Partial<ClusterState> = {}): ClusterState {
  return {
    server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
    roles: [],
    users: [],
    databases: [],
    settings: {},
    objects: [],
    unreadable: [],
    ...parts,
  };
}

/** The head that every policy file needs, then the lines given. */
export function policyText(lines: string, name = 'p'): string {
  return `apiVersion: mongoward/v1\nmetadata: {name: ${name}}\n${lines}`;
}

/** Compiles files `policy.yaml`, or as they are named. */
export function compile(files: string | Readonly<Record<string, string>>, options?: CompileOptions): Compiled {
  const texts = typeof files === 'string' ? { 'policy.yaml': files } : files;
  return compilePolicy(
    Object.entries(texts).map(([file, text]) => parsePolicyFile({ file, text })),
    options,
  );
}

/** What a policy says; fails the test if it says anything wrong. */
export function intent(lines: string, options?: CompileOptions): Intent {
  const compiled = compile(policyText(lines), options);
  assert.deepEqual(compiled.problems, []);
  assert.ok(compiled.intent);
  return compiled.intent;
}

/** The command of an operation, where it is one that a command alone carries out. */
export function commandOf(operation: Operation, secret?: string): Command {
  assert.ok(!isDataKeyOperation(operation), `${operation.id} takes the encryption library`);
  return commandFor(operation, secret);
}
