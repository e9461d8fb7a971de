/** What operations are about: each type of target has one file in `targets/`. */

import type { RoleRef, UserRef } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import type { ClusterState } from '../../state/state.ts';
import type { FormOf, OperationKind } from './operation.ts';

export type TargetNoun = 'role' | 'user' | 'collection' | 'index' | 'data key' | 'record';

/** One text for everything on the same target. Made by {@link OperationTarget.key} alone. */
export type TargetKey = `${TargetNoun} ${string}`;

export interface OperationTarget<Form> {
  /** A collection's validation and each of its indexes are targets of their own. */
  readonly noun: TargetNoun;
  /** Whether a migration's file says a form only once: what the target looks like later follows from the operations above. */
  readonly chained: boolean;
  key(form: Form): TargetKey;
  /** For people. */
  text(form: Form): string;
  /** For a migration's file, part by part: a name may hold any sign, so that one text could be read in two ways. */
  print(form: Form): object;
  /** Equal for forms that mean the same. */
  formKey(form: Form): string;
  /** The `formKey` of the target as it is, told like the operation's forms; nothing if it does not exist. */
  presentKey(forms: BeforeAndAfter<Form>, view: StateView): string | undefined;
}

/** The forms of one operation: at least one of them is there. */
export interface BeforeAndAfter<Form> {
  readonly before?: Form | undefined;
  readonly after?: Form | undefined;
}

/** A state with its roles and users by name. */
export interface StateView {
  readonly state: ClusterState;
  role(ref: RoleRef): Role | undefined;
  user(ref: UserRef): User | undefined;
}

/** What the operations above in a migration's file have made of each target: its form, or nothing if it is gone. */
export type KnownForms = Map<TargetKey, FormOf<OperationKind> | undefined>;
