/** What a finding of a drift report is known by: from one report to the next, in a baseline, for a webhook. */
import { documentKey } from '../state/document.ts';
import type { DriftFinding } from './finding.ts';
import { fingerprint } from './fingerprint.ts';

/**
 * 16 hexadecimal digits, the same for the same thing in two reports, whatever has changed in the words about it. An account
 * that can do more than before is another finding: what was accepted about it was less.
 */
export function fingerprintOf({ rule, target, ...rest }: Known): string {
  return fingerprint([rule, target, ...identityOf(rest)]);
}

type Known = Pick<DriftFinding, 'target' | 'message' | 'identity' | 'states'> & { readonly rule: string };

function identityOf({ identity, states, message }: Pick<Known, 'identity' | 'states' | 'message'>): readonly string[] {
  return identity ?? (states === undefined ? [message] : [documentKey(states.before), documentKey(states.after)]);
}
