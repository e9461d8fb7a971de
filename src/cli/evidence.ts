/** Where the clock and the program's version come into a report. */
import type { Argv } from 'yargs';
import { type Evidence, type EvidenceInput, evidenceOf } from '../report/evidence.ts';
import { VERSION } from './package-version.ts';
import type { Terminal } from './terminal.ts';

/** `--no-timestamp` */
export function withTimestamp<T>(yargs: Argv<T>) {
  return yargs.option('timestamp', {
    type: 'boolean',
    default: true,
    describe: 'Say when the report was made; --no-timestamp: the same input gives the same bytes',
  });
}

export function reportEvidence(
  terminal: Terminal,
  { timestamp }: { readonly timestamp: boolean },
  about: Omit<EvidenceInput, 'now' | 'today' | 'tool'>,
): Evidence {
  return evidenceOf({
    ...about,
    ...(timestamp && { now: terminal.now() }),
    today: terminal.today,
    tool: `mongoward ${VERSION}`,
  });
}
