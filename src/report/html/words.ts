/** How the page says what stands for something: decisions, outcomes, relations, points of the checklist. */
import type { Decision, Relation } from '../../drift/access-matrix.ts';
import type { Outcome } from '../../model/outcomes.ts';

/** One letter for each outcome, in the order in which a cell shows them. */
export const LETTERS: Readonly<Record<Outcome, string>> = {
  read: 'R',
  insert: 'I',
  alter: 'A',
  destroy: 'D',
  unseal: 'U',
  suppress: 'S',
  administer: 'M',
};

export const OUTCOME_MEANINGS: Readonly<Record<Outcome, string>> = {
  read: 'see stored documents',
  insert: 'add documents',
  alter: 'change or remove stored documents',
  destroy: 'drop the collection, rename it away, let it expire',
  unseal: 'get plaintext past the validator',
  suppress: "make the writer's documents fail or vanish",
  administer: 'manage roles and users that can reach it',
};

export const DECISIONS: Readonly<Record<Decision, string>> = {
  broken: 'breaks the policy',
  release: "by the server's release",
  exempt: 'exempt today',
  allowed: 'allowed',
};

export const RELATIONS: Readonly<Record<Relation, string>> = {
  declared: 'declared',
  exempt: 'last resort',
  unmanaged: 'unmanaged',
  group: 'role for a group',
  shard: 'of a shard alone',
  other: 'not declared',
};
