/** What a command demands, in words; or what is wrong with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CommandContext, describeCondition, requirementsOf } from '../../../src/access/commands/index.ts';

export type Command = Readonly<Record<string, unknown>>;

export const ON_8_0: CommandContext = { version: '8.0.4', sharded: false };
export const ON_4_4: CommandContext = { version: '4.4.4', sharded: false };
export const BY_MONGOS: CommandContext = { version: '8.0.4', sharded: true };

/** A collection's UUID in Extended JSON, and where it is known. */
export const UUID = { $uuid: '0B1F8A6C-3D5E-4F70-8192-A3B4C5D6E7F8' };
export const KNOWN: CommandContext = {
  ...ON_8_0,
  collectionOf: (uuid) => (uuid === UUID.$uuid.toLowerCase() ? { db: 'app', collection: 'hidden' } : undefined),
};

/** Demanded of the command on the database `app`, or on `admin` where the server takes it nowhere else. */
export type Said = readonly [command: Command, demands: string, context?: CommandContext, db?: string];

export function says(table: readonly Said[]): void {
  for (const [command, demands, context = ON_8_0, db = 'app'] of table) {
    const where = `${db}${context.sharded ? ', by mongos' : ''}, ${context.version}`;
    test(`${JSON.stringify(command)} on ${where} needs ${demands}`, () => {
      assert.equal(describeCondition(requirementsOf(command, db, context)), demands);
    });
  }
}

export type Refused = readonly [command: Command, message: string, db?: string];

export function refuses(table: readonly Refused[]): void {
  for (const [command, message, db = 'app'] of table) {
    test(`${JSON.stringify(command).slice(0, 200)} is refused: ${message}`, () => {
      assert.throws(() => requirementsOf(command, db, ON_8_0), { message });
    });
  }
}
