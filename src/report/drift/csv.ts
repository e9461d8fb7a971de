/**
 * The access matrix for a spreadsheet: a line for each account and protected place, a column for each outcome,
 * which says what the policy says to it.
 */
import { EVERY_OUTCOME } from '../../access/techniques.ts';
import { oneLine } from '../layout.ts';
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
  return [head, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** What begins like a formula a spreadsheet would run: an apostrophe before it keeps it a text (OWASP, "CSV Injection"). */
function field(raw: string): string {
  const text = /^[=+\-@\t\r]/.test(raw) ? `'${oneLine(raw)}` : oneLine(raw);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
