/** What a command is: who may run it, and what it does. The table of all of them is `commands/index.ts`. */
import type { Accounts } from './accounts.ts';
import type { Caller, Login } from './authorize.ts';
import type { Cursors } from './cursors.ts';
import type { Databases } from './databases.ts';
import type { Request } from './request.ts';
import type { Conversation } from './scram.ts';
import type { Document } from './values.ts';

/** What all connections share. */
export interface Sandboxed {
  readonly version: string;
  readonly port: () => number;
  readonly accounts: Accounts;
  readonly databases: Databases;
  readonly cursors: Cursors;
  readonly counters: Counters;
}

/** What `serverStatus` tells. */
export interface Counters {
  readonly operations: {
    insert: number;
    query: number;
    update: number;
    delete: number;
    getmore: number;
    command: number;
  };
  readonly commands: Map<string, { total: number; failed: number }>;
  readonly connections: { current: number; totalCreated: number };
}

/** What one connection has beside the others. */
export interface Connection {
  readonly id: number;
  readonly login: Login;
  /** An authentication that waits for the client's next message. */
  conversation: { readonly scram: Conversation; readonly skipEmptyExchange: boolean; proven: boolean } | undefined;
}

export interface Context {
  readonly request: Request;
  readonly caller: Caller;
  readonly connection: Connection;
  readonly sandbox: Sandboxed;
}

export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Whether it runs on the `admin` database only. */
  readonly adminOnly?: boolean;
  /** Whether it may run before anybody has logged in. */
  readonly anonymous?: boolean;
  /**
   * Whether the caller may run it, in the server's own terms. It may throw what the server says of a command that can't
   * be parsed, which it says before it says no.
   */
  authorize(context: Context): boolean;
  /** Gives the fields of the reply, `ok` excepted. */
  run(context: Context): Document;
}

/** For commands whose authorization is that somebody is logged in. */
export const anybody = (): boolean => true;
