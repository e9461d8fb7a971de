/** What the folder of migrations has in store for a cluster, as findings. */
import type { Violation } from '../access/violations.ts';
import type { DriftFinding } from './finding.ts';

/** What is to be said of a migration file. */
export interface NoteOnMigration {
  readonly what: 'edited' | 'pending' | 'unfit' | 'misleading' | 'violating';
  readonly name: string;
  readonly message: string;
  readonly violation?: Violation;
}

const BEFORE: Readonly<Record<NoteOnMigration['what'], string>> = {
  edited: '',
  pending: '',
  unfit: "it can't be applied: ",
  misleading: 'it says something else than its operations do: ',
  violating: 'once it is applied: ',
};

export function migrationFindings(notes: readonly NoteOnMigration[]): readonly DriftFinding[] {
  return notes.map(({ what, name, message, violation }) => ({
    kind: 'migration',
    rule: `migration/${what}`,
    severity: what === 'pending' ? 'warning' : 'error',
    target: name,
    message: `${name}: ${BEFORE[what]}${message}`,
    ...(violation?.principal && { path: violation.path }),
    ...(violation && {
      origin: violation.origin,
      identity: [violation.rule, violation.target, violation.on, ...violation.outcomes],
    }),
  }));
}
