/** Expectations about a policy as data: what a file of them says, compiled, with the place of each part. */
import type { Namespace } from '../model/names.ts';
import type { Role, User } from '../model/role.ts';
import type { Origin, PartOrigin, UserSelector } from '../policy/intent.ts';

/** A file of expectations, `NAME.test.yaml`. */
export interface ExpectationFile {
  readonly file: string;
  /** The policy that it is about: `metadata.name`. */
  readonly policy: string;
  readonly policyOrigin: Origin;
  readonly given: Given;
  readonly expectations: readonly Expectation[];
}

/** What the cluster has besides what the policies make. */
export interface Given {
  /** The release of MongoDB; absent: the oldest that the policy admits. */
  readonly version?: string;
  readonly databases: readonly GivenDatabase[];
  readonly roles: readonly { readonly role: Role; readonly origin: Origin }[];
  readonly users: readonly GivenUser[];
}

/** A database, or with `collection` one of its collections. */
export interface GivenDatabase extends Pick<Namespace, 'db'>, Partial<Pick<Namespace, 'collection'>> {
  readonly origin: Origin;
}

export interface GivenUser {
  readonly user: User;
  readonly origin: PartOrigin;
}

export type Expectation = AccessExpectation | RunExpectation | DocumentExpectation;

interface Common {
  /** Whom it is about. */
  readonly as: readonly UserSelector[];
  readonly except: readonly UserSelector[];
  /** In one sentence, without a full stop. */
  readonly sentence: string;
  readonly because?: string;
  readonly origin: PartOrigin;
}

/** Outcomes and actions that each account may (`wanted`), or that none may. */
export interface AccessExpectation extends Common {
  readonly kind: 'access';
  readonly wanted: boolean;
  /** `write` is taken apart already. */
  readonly words: readonly string[];
  /** As they were written: `audit.logs`, `audit`, `audit.*`, `cluster`. */
  readonly on: readonly string[];
}

/** A command, and whether it is refused for want of a right. */
export interface RunExpectation extends Common {
  readonly kind: 'run';
  readonly command: Readonly<Record<string, unknown>>;
  readonly db: string;
  readonly refused: boolean;
}

/** A document, and whether the validator of the collection refuses it. */
export interface DocumentExpectation extends Common {
  readonly kind: 'document';
  /** Relaxed Extended JSON. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly into: Namespace;
  readonly refused: boolean;
}
