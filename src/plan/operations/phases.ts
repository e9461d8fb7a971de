/**
 * The phases of a run, in order: make what others need, widen before narrowing so that no running service loses access in
 * between, drop last. Operations of one phase do not depend on each other, those on roles that inherit each other excepted.
 */
const PHASES = [
  // What is about to be made is recorded first: after a crash in between, it is still known as ours.
  'record objects',
  // Before anybody may insert: a missing collection is made by the first insert, without a validator.
  'create collections',
  // Documents are expiring.
  'change indexes',
  // Before anything that may rest on them, and where the key management service may refuse: nothing else is half done then.
  'make data keys',
  'create roles',
  'grant privileges to roles',
  // Before the grants that would otherwise close a cycle of inheritance.
  'revoke early',
  'grant roles to roles',
  'create users',
  'grant roles to users',
  'change settings',
  'rotate passwords',
  'revoke roles from users',
  'narrow roles',
  'drop users',
  'drop roles',
  'forget objects',
] as const;

export type Phase = (typeof PHASES)[number];

/** Where a phase stands in the order. */
export function phaseIndex(phase: Phase): number {
  return PHASES.indexOf(phase);
}
