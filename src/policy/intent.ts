/**
 * What a policy says, compiled: objects with the fields it owns, invariants, restrictions and demands. It needs no
 * cluster. Everything carries its origin, so that a finding or an operation can name the line it comes from.
 */

import type {
  AcceptedRiskEntry,
  AttestationEntry,
  ClusterDemands,
  EncryptionEntry,
  JsonSchema,
} from '../generated/policy.ts';
import type { Namespace, RoleRef, UserRef } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Privilege } from '../model/privilege.ts';
import type { Role, User } from '../model/role.ts';
import type { Position } from './problem.ts';

/** Looked up when it is needed: most origins never are. */
export type Origin = () => Position;

/** The same for something with parts: of the part at the path below it. */
export type PartOrigin = (...below: readonly (string | number)[]) => Position;

export interface Intent {
  /** `metadata.name` */
  readonly policy: string;
  readonly description?: string;
  readonly roles: readonly IntentRole[];
  readonly users: readonly IntentUser[];
  readonly collections: readonly IntentCollection[];
  readonly restrictions: readonly IntentRestriction[];
  readonly breakGlass: readonly IntentBreakGlass[];
  /** Accounts that others manage, as patterns of `name@db`: watched, never changed. */
  readonly unmanaged: readonly string[];
  /** `closed`: an account or role of the cluster that no policy of the run declares is drift. */
  readonly inventory: 'open' | 'closed';
  /** Findings of the drift report that are accepted for a time. */
  readonly acceptedRisks: readonly IntentAcceptedRisk[];
  readonly cluster: ClusterDemands;
  readonly attestations: readonly IntentAttestation[];
  /** The files that it was compiled from. */
  readonly files: readonly string[];
}

/** A policy that says nothing. */
export function emptyIntent(policy: string): Intent {
  return {
    policy,
    roles: [],
    users: [],
    collections: [],
    restrictions: [],
    breakGlass: [],
    unmanaged: [],
    inventory: 'open',
    acceptedRisks: [],
    cluster: {},
    attestations: [],
    files: [],
  };
}

/** One line of a policy that grants something, as it was written. */
export type IntentGrant =
  | { readonly kind: 'privilege'; readonly privilege: Privilege; readonly origin: Origin }
  | { readonly kind: 'role'; readonly role: RoleRef; readonly origin: Origin };

export interface IntentRole {
  /** In canonical form. */
  readonly role: Role;
  /** What it grants, line by line. */
  readonly grants: readonly IntentGrant[];
  readonly adopted: boolean;
  readonly origin: Origin;
}

export interface IntentUser {
  /** In canonical form; `mechanisms` absent: as the server has them. `customData` is relaxed Extended JSON, as it was written. */
  readonly user: User;
  readonly grants: readonly IntentGrant[];
  readonly password?: SecretReference;
  readonly adopted: boolean;
  readonly origin: Origin;
}

/** Where a secret is read from, when it is needed. */
export type SecretReference = { readonly fromEnv: string } | { readonly fromFile: string };

export type Protection = 'none' | 'append-only' | 'read-only';

export interface IntentCollection {
  readonly ns: Namespace;
  readonly protection: Protection;
  /** Who may, and nobody else, by outcome. An outcome that is not named is not exclusive. */
  readonly access: ReadonlyMap<Outcome, readonly UserRef[]>;
  /** What to do about accounts that protection and access rule out. */
  readonly remedy: Remedy;
  readonly dedicatedDatabase: boolean;
  /** Absent: nothing is said about retention. `seconds` absent: for ever. */
  readonly retention?: { readonly seconds?: number };
  /** The schema as the policy says it, without what encryption adds. */
  readonly schema?: JsonSchema;
  /** Absent: the policy does not own the validator. */
  readonly validation?: Validation;
  readonly encryption?: EncryptionEntry;
  readonly origin: PartOrigin;
}

export interface Validation {
  readonly validator: Readonly<Record<string, unknown>>;
  readonly validationLevel: string;
  readonly validationAction: string;
}

export type IntentAttestation = AttestationEntry & { readonly origin: Origin };

export type IntentAcceptedRisk = AcceptedRiskEntry & { readonly origin: Origin };

/** `report`: only say so. `rewrite`: give the accounts the nearest grants that keep them out. */
export type Remedy = 'report' | 'rewrite';

export type UserSelector =
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'holding'; readonly role: RoleRef };

export interface IntentRestriction {
  readonly users: readonly UserSelector[];
  readonly except: readonly UserRef[];
  readonly on: readonly string[];
  /** `write` is already taken apart. */
  readonly deny: readonly Outcome[];
  readonly remedy: Remedy;
  readonly origin: PartOrigin;
}

export interface IntentBreakGlass {
  readonly user: UserRef;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string;
  readonly origin: Origin;
}
