/** What is known at a place of a script for mongosh. */
import type { Command, ImportNote, Node, Variables } from './node.ts';

/** Values that variables stand for. */
export type Names = Map<string, Node>;

export interface Scope {
  readonly file: string;
  readonly text: string;
  /** Where it begins in its file. */
  readonly firstLine: number;
  readonly names: Names;
  /** Variables that hold at some moment what nobody can tell: never among the names and databases. */
  readonly unsettled: ReadonlySet<string>;
  /** Variables that hold whether a user or role is there. */
  readonly answers: ReadonlySet<string>;
  /** Of the environment, as far as somebody has said. */
  readonly variables: Variables;
  /** Databases that variables stand for. */
  readonly databases: Map<string, Node>;
  db: Node;
  readonly commands: Command[];
  readonly notes: ImportNote[];
}

/** Counts from 1, in the file. */
export function lineIn(scope: Scope, at: { readonly start: number }): number {
  return scope.firstLine + scope.text.slice(0, at.start).split('\n').length - 1;
}
