/** What every kind of operation answers for itself. Whoever adds a kind answers all of it in the kind's own file. */

import type { FileOperation } from '../../generated/migration.ts';
import type { User } from '../../model/role.ts';
import type { SecretReference } from '../../policy/intent.ts';
import type { AccessByRoles, Effect } from '../access-moved.ts';
import type { FileParts } from './file-parts.ts';
import type { Command } from './mongo-command.ts';
import type { Change, CommandKind, DataKeyKind, FormOf, Operation, OperationKind } from './operation.ts';
import type { Phase } from './phases.ts';
import type { StateParts } from './state-parts.ts';
import type { KnownForms, OperationTarget, TargetKey } from './target.ts';

/** The sign of a heading: something is made, changed, or goes. */
export type Mark = '+' | '~' | '-';

export interface OperationHandler<K extends OperationKind> {
  /** `create role`, with the sign of its heading: the name of the target follows. */
  readonly heading: readonly [mark: Mark, words: string];
  readonly target: OperationTarget<FormOf<K>>;
  /** When it runs. */
  readonly phase: Phase;
  /** Whether nothing of it can be read back: it is journalled, and never taken for done by comparison. */
  readonly unseen?: true;
  /** Tells operations of this kind on one target apart, where the target's text does not: part of the id. */
  idText?(change: Change<K>): string;
  /** The targets whose operations in the same phase must have ended before it begins. */
  waitsFor?(operation: Operation<K>): readonly TargetKey[];
  /** The targets whose operations in the same phase must not begin before it has ended. */
  holdsUp?(operation: Operation<K>): readonly TargetKey[];
  /** Carries it out on the parts of a state. */
  simulate(operation: Operation<K>, parts: StateParts): void;
  /** Carries it out on roles and users, and says what that moves. Absent: it moves nobody's access. */
  effect?(operation: Operation<K>, access: AccessByRoles): Effect;
  /** How it is undone. `present`: what the target is by then, which differs from `after` where something later stays. */
  reverse(operation: Operation<K>, present: FormOf<K> | undefined, options: ReverseOptions): Reversal;
  /** What its entry in a migration's file has besides kind and target, in the order of the file. */
  print(operation: Operation<K>): FileParts;
  /** The entry read back. Throws a {@link ChainBreak} for what can't be. */
  parse(entry: FileEntry<K>, known: KnownForms): Change<K>;
}

/** Of what one command carries out. */
export interface CommandHandler<K extends CommandKind> extends OperationHandler<K> {
  /** `secret`: the password, where the operation sets one. */
  command(operation: Operation<K>, secret?: string): Command;
  /** One command for all operations of this kind among those given, which may run side by side. */
  together?(operations: readonly Operation[]): Command;
}

/** Of what takes the encryption library. */
export interface DataKeyHandler<K extends DataKeyKind> extends OperationHandler<K> {
  /** The command by which the library writes it, for whoever judges what an account may send. */
  writesBy(operation: Operation<K>): Command;
}

/** The entry of a kind in a migration's file. */
export type FileEntry<K extends OperationKind> = { [P in K]: EntryFor<FileOperation, P> }[K];
type EntryFor<Entry, K> = Entry extends { readonly kind: infer Kind } ? (K extends Kind ? Entry : never) : never;

export interface ReverseOptions {
  /** Gives back what a migration took for protection's sake: weaker validation, narrower addresses lifted. */
  readonly allowUnprotect?: boolean;
  /** Where the password of a user is read from that has to be made anew, or given a mechanism back. */
  password?(user: User): SecretReference | undefined;
}

/** How an operation is undone. */
export interface Reversal {
  readonly change?: Change;
  /** Why something stays as the operation left it, in sentences that can follow the operation's title. */
  readonly kept: readonly string[];
}

export function undoneBy(change: Change): Reversal {
  return { change, kept: [] };
}

export function stays(why: string): Reversal {
  return { kept: [why] };
}
