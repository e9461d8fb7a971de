/** Comma-separated values as RFC 4180 has them, for spreadsheets; lines end as everywhere, without a carriage return. */

/** A spreadsheet computes what begins like a formula (OWASP, "CSV Injection"): such a cell begins with an apostrophe. */
const FORMULA = /^[=+\-@\t\r]/;

/** The head and the rows, each line ended. */
export function csvText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function cell(text: string): string {
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
