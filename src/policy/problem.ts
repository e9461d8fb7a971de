/** What is wrong in a policy, and where. */
import type { DocumentPath } from '../input/places.ts';

export type { DocumentPath };

/** A place in a file. Lines and columns count from 1; `path` is a JSON pointer into the document. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
}

/** How much a finding weighs. */
export type Severity = 'error' | 'warning' | 'info';

/** Something wrong that makes the policy unusable: named by the rule that it breaks. */
export interface Problem extends Position {
  readonly rule: string;
  readonly severity: Severity;
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
}

/** RFC 6901. */
export function jsonPointer(path: DocumentPath): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The inverse of {@link jsonPointer}; list positions stay texts. */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
