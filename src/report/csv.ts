/** Comma-separated values as RFC 4180 has them, for spreadsheets; lines end as everywhere, without a carriage return. */
import { oneLine } from './layout.ts';

/** A spreadsheet computes what begins like a formula (OWASP, "CSV Injection"): such a cell begins with an apostrophe. */
const FORMULA = /^[=+\-@\t\r]/;

/** The head and the rows, a line each: what would begin another line is written as an escape. */
export function csvText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function cell(text: string): string {
  const plain = FORMULA.test(text) ? `'${oneLine(text)}` : oneLine(text);
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
