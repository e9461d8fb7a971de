/** One kind of operation, specified: everything that its handler answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORMAT_VERSION } from '../../../../src/migrate/migration.ts';
import { parseMigration } from '../../../../src/migrate/parse-migration.ts';
import { printMigration } from '../../../../src/migrate/print-migration.ts';
import { effectsOf } from '../../../../src/plan/effects.ts';
import { commandsLike } from '../../../../src/plan/operations/commands.ts';
import type { ReverseOptions } from '../../../../src/plan/operations/handler.ts';
import { handlerOf } from '../../../../src/plan/operations/handlers.ts';
import { makeOperation } from '../../../../src/plan/operations/make-operation.ts';
import type { Command } from '../../../../src/plan/operations/mongo-command.ts';
import type { Change, Operation } from '../../../../src/plan/operations/operation.ts';
import { isSeen, progressOf } from '../../../../src/plan/progress.ts';
import { reverseMigration } from '../../../../src/plan/reverse.ts';
import { simulate } from '../../../../src/plan/simulate.ts';
import { canonicalState } from '../../../../src/state/canonical.ts';
import type { ClusterState } from '../../../../src/state/state.ts';
import { commandOf, state } from '../../../support/build.ts';

export const SECRET = 's3cret';

export interface Specification {
  readonly change: Change;
  /** The sign, the words, and the target. */
  readonly heading: string;
  /** What the cluster is before it, and after it. */
  readonly from: Partial<ClusterState>;
  readonly to: Partial<ClusterState>;
  /** `+find on x.y: u@admin`: the access that it moves. */
  readonly moves: readonly string[];
  /** The changes that undo it, and why something stays. */
  readonly undone: readonly (Change | string)[];
  /** Its entry in a migration's file. */
  readonly entry: string;
}

export function operationOf(change: Change): Operation {
  return makeOperation(change, { text: 'why' });
}

export function specify({ change, heading, from, to, moves, undone, entry }: Specification): void {
  const operation = operationOf(change);
  const { kind } = change;

  test(`${kind}: its heading says what becomes of what`, () => {
    assert.equal([...handlerOf(kind).heading, operation.target].join(' '), heading);
  });

  test(`${kind}: carried out on a state it leaves another, and is then known to be done`, () => {
    const [before, after] = [state(from), state(to)];
    assert.deepEqual(canonicalState(simulate(before, [operation])), canonicalState(after));
    const left = (actual: ClusterState) => progressOf([operation], actual).left.length;
    assert.deepEqual([left(before), left(after)], [1, isSeen(operation) ? 0 : 1]);
    assert.deepEqual(progressOf([operation], before).changed, []);
  });

  test(`${kind}: the access that it moves, account by account`, () => {
    const { gained = [], lost = [] } = effectsOf(state(from), [operation]).get(operation.id) ?? {};
    const told = [...gained.map((one) => ({ sign: '+', ...one })), ...lost.map((one) => ({ sign: '-', ...one }))];
    assert.deepEqual(
      told.map(({ sign, actions, resource, accounts }) => `${sign}${actions} on ${resource}: ${accounts}`),
      moves,
    );
  });

  test(`${kind}: what undoes it, and what stays`, () => assert.deepEqual(undo(change), undone));

  test(`${kind}: its entry in a migration's file, read as it was written`, () => {
    assert.equal(entryOf(operation), entry);
    assert.deepEqual(reread(operation), operation);
  });
}

/** The changes that undo it, and why something stays. */
export function undo(change: Change, options: ReverseOptions = {}): readonly (Change | string)[] {
  const { operations, kept } = reverseMigration([operationOf(change)], options);
  const changes = operations.map(({ id: _id, target: _target, reason: _reason, ...rest }): Change => rest);
  return [...changes, ...kept.map(({ why }) => why)];
}

/** The whole command of a change, each under what it shows. */
export function specifyCommands(
  rows: Readonly<Record<string, readonly [change: Change, command: Command, secret?: string]>>,
): void {
  for (const [what, [change, command, secret]] of Object.entries(rows)) {
    test(`${what} is one command`, () => {
      const operation = operationOf(change);
      const found = commandOf(operation, secret);
      assert.deepEqual(found, command);
      assert.equal(Object.keys(found.command)[0], Object.keys(command.command)[0]);
      assert.deepEqual(
        commandsLike(operation).map(({ db }) => db),
        [command.db],
      );
    });
  }
}

const HEAD = { formatVersion: FORMAT_VERSION, version: '20260131120000', slug: 'a', server: '8.0.4' } as const;

function fileOf(operation: Operation): string {
  const head = { ...HEAD, policy: 'p', policyHash: 'a'.repeat(64) };
  return printMigration({ ...head, operations: [operation] });
}

/** Below the list's head, without its indent. */
function entryOf(operation: Operation): string {
  const [, entry = ''] = fileOf(operation).split('operations:\n');
  return entry.replaceAll(/^ {2}/gm, '').trimEnd();
}

function reread(operation: Operation): Operation | undefined {
  const { migration, problems } = parseMigration(`${HEAD.version}_${HEAD.slug}.yaml`, fileOf(operation));
  assert.deepEqual(problems, []);
  return migration?.operations[0];
}
