/** What a finding is known by: to code scanning, and from one report to the next. */
import { createHash } from 'node:crypto';

/** 16 hexadecimal digits, the same for the same texts in the same order. */
export function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
