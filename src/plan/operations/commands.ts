/** Operations as MongoDB's commands. */

import { commandHandlerOf, dataKeyHandlerOf } from './handlers.ts';
import type { Command } from './mongo-command.ts';
import {
  type CommandKind,
  type CommandOperation,
  type DataKeyOperation,
  isDataKeyOperation,
  type Operation,
} from './operation.ts';

/**
 * The command that carries an operation out. `secret` is the password, where the operation sets one.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { commandFor, compilePolicy, makePlan, parsePolicyFile } from 'mongoward';
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
 * const [, createRole] = makePlan(intent, state).operations;
 * assert.deepEqual(commandFor(createRole), {
 *   db: 'audit',
 *   command: {
 *     createRole: 'writer',
 *     privileges: [{ resource: { db: 'audit', collection: 'logs' }, actions: ['insert'] }],
 *     roles: [],
 *   },
 * });
 * ```
 */
export function commandFor(operation: CommandOperation, secret?: string): Command {
  return commandHandlerOf(operation.kind).command(operation, secret);
}

/** The kinds of commands by which an operation is carried out, for whoever judges what an account may send. */
export function commandsLike(operation: Operation): readonly Command[] {
  if (!isDataKeyOperation(operation)) return [commandFor(operation, '')];
  const { db, collection } = operation.after.ns;
  return [{ db, command: { find: collection } }, dataKeyHandlerOf(operation.kind).writesBy(operation)];
}

/** Operations that go to the server as one command, each an entry of it; or a data encryption key. */
export type Batch =
  | { readonly operations: readonly Operation[]; readonly command: Command }
  | { readonly operations: readonly [DataKeyOperation]; readonly command?: undefined };

/** The commands of a wave: those on the ownership record are put together, each of the others is its own. */
export function batchesOf(wave: readonly Operation[], secrets: ReadonlyMap<string, string>): Batch[] {
  const done = new Set<CommandKind>();
  return wave.flatMap((operation): Batch[] => {
    if (isDataKeyOperation(operation)) return [{ operations: [operation] }];
    if (done.has(operation.kind)) return [];
    const together = putTogether(operation.kind, wave);
    if (together !== undefined) done.add(operation.kind);
    return together ?? [{ operations: [operation], command: commandFor(operation, secrets.get(operation.id)) }];
  });
}

/** The server takes 100,000 writes in one command; a reply that lists errors must stay small. */
const LARGEST_BATCH = 1000;

/** The operations of a kind that share a command; nothing if each is its own. */
function putTogether(kind: CommandKind, wave: readonly Operation[]): Batch[] | undefined {
  const { together } = commandHandlerOf(kind);
  if (together === undefined) return undefined;
  const all = wave.filter((operation) => operation.kind === kind);
  return Array.from({ length: Math.ceil(all.length / LARGEST_BATCH) }, (_, index) => {
    const operations = all.slice(index * LARGEST_BATCH, (index + 1) * LARGEST_BATCH);
    return { operations, command: together(operations) };
  });
}
