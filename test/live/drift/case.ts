/** What a case is, and what several of them do to a server. */
import type { Db, MongoClient } from 'mongodb';
import type { DriftRuleName } from '../../../src/drift/rules.ts';
import { db, type Policy } from './policy.ts';

export interface Case {
  readonly rule: DriftRuleName;
  readonly target: string | ((root: MongoClient) => string | Promise<string>);
  /** How it is brought about, where a rule has several ways. */
  readonly how?: string;
  readonly severity?: 'warning' | 'info';
  readonly policy?: Policy;
  /** The policy that mends it; absent: the same. */
  readonly mended?: Policy;
  /** What of it the sandbox does not do, where it takes a real server. */
  readonly beyondSandbox?: string;
  /** Of the report. */
  readonly options?: readonly string[];
  cause?(root: MongoClient): Promise<unknown>;
  mend?(root: MongoClient): Promise<unknown>;
  /** Takes away what is no finding, and no part of the next case. */
  clear?(root: MongoClient): Promise<unknown>;
}

export const of = (root: MongoClient): Db => root.db(db);
export const stranger = `${db}-stranger@admin`;
export const makeStranger = (root: MongoClient, roles: readonly object[]) =>
  root.db('admin').command({ createUser: `${db}-stranger`, pwd: 'p', roles: [...roles] });
export const dropStranger = (root: MongoClient) => root.db('admin').command({ dropUser: `${db}-stranger` });
export const grantedTo = (root: MongoClient, on: string, collection: string, actions: readonly string[]) =>
  root.db(on).command({
    createRole: `${db}-granted`,
    privileges: [{ resource: { db: on, collection }, actions: [...actions] }],
    roles: [],
  });

/** A role on a collection and its only holder, and both away. */
export function holder(on: string, collection: string, actions: readonly string[]) {
  return {
    cause: async (root: MongoClient) => {
      await grantedTo(root, on, collection, actions);
      await makeStranger(root, [{ role: `${db}-granted`, db: on }]);
    },
    mend: async (root: MongoClient) => {
      await dropStranger(root);
      await root.db(on).command({ dropRole: `${db}-granted` });
    },
  };
}
