/**
 * The access matrix for a spreadsheet: a line for each account and protected place, a column for each outcome,
 * which says what the policy says to it.
 */
import { EVERY_OUTCOME } from '../../access/techniques.ts';
import { csvText } from '../csv.ts';
import type { DriftDocument } from './document.ts';

export function csvFormat(documents: readonly DriftDocument[]): string {
  const head = ['cluster', 'policy', 'account', 'relation', 'roles', 'place', ...EVERY_OUTCOME];
  const rows = documents.flatMap(({ cluster, report, matrix: { places, accounts } }) =>
    accounts.flatMap(({ account, relation, holds, cells }) =>
      places.map((place, at) => [
        cluster,
        report.policy,
        account,
        relation,
        holds.join(' '),
        place,
        ...EVERY_OUTCOME.map((outcome) => cells[at]?.find((access) => access.outcome === outcome)?.decision ?? 'none'),
      ]),
    ),
  );
  return csvText(head, rows);
}
