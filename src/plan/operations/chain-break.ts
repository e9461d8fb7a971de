import type { DocumentPath } from '../../policy/problem.ts';
import { fromExtendedJson } from '../../state/extended-json.ts';

/** The operations of a migration's file don't hang together; `path` leads from the operation to what is wrong in it. */
export class ChainBreak extends Error {
  readonly path: DocumentPath;

  constructor(message: string, path: DocumentPath = []) {
    super(message);
    this.path = path;
  }
}

/** Extended JSON of a migration's file; what the schema has seen as a map stays one. Throws a {@link ChainBreak} for anything else. */
export function decoded<T extends object>(value: object): T {
  try {
    return fromExtendedJson(value) as T;
  } catch (error) {
    throw new ChainBreak(`it is not Extended JSON: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

/** Throws a {@link ChainBreak} about the entry's key unless the two lists say the same. */
export function refuseUnequal(left: readonly unknown[], right: readonly unknown[], message: string, key: string): void {
  if (JSON.stringify(left) !== JSON.stringify(right)) throw new ChainBreak(message, [key]);
}
