/** What a finding is known by: from one report to the next, in a baseline, in code scanning, for a webhook. */
import { createHash } from 'node:crypto';
import { documentKey } from '../state/document.ts';
import type { DriftFinding } from './finding.ts';

/**
 * 16 hexadecimal digits, the same for the same thing in two reports, whatever has changed in the words about it. An account
 * that can do more than before is another finding: what was accepted about it was less.
 */
export function fingerprintOf({ rule, target, ...rest }: Known): string {
  return fingerprint([rule, target, ...identityOf(rest)]);
}

type Known = Pick<DriftFinding, 'rule' | 'target' | 'message' | 'identity' | 'states'>;

function identityOf({ identity, states, message }: Pick<Known, 'identity' | 'states' | 'message'>): readonly string[] {
  return identity ?? (states === undefined ? [message] : [documentKey(states.before), documentKey(states.after)]);
}

export function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
