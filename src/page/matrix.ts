/** The matrix: its filters, its order, and what opens an account. */
import type { AccessRow, MatrixData } from '../report/html/matrix-data.ts';
import { DECISIONS } from '../report/html/words.ts';

interface Row {
  readonly element: HTMLTableRowElement;
  /** Its place in the data. */
  readonly at: number;
  /** Name and roles, in lower case. */
  readonly text: string;
  readonly relation: string;
  readonly cells: readonly (readonly AccessRow[])[];
}

export function makeInteractive(data: MatrixData, id: string, open: (account: number) => void): void {
  const table = document.getElementById(`${id}matrix`);
  const controls = document.getElementById(`${id}controls`);
  const shown = document.getElementById(`${id}shown`);
  if (!(table instanceof HTMLTableElement) || !(controls instanceof HTMLFormElement) || shown === null) return;
  const body = table.tBodies[0];
  if (body === undefined) return;
  const rows = readRows(body, data);
  controls.hidden = false;
  controls.addEventListener('submit', (event) => event.preventDefault());
  controls.addEventListener('input', () => filter(rows, new FormData(controls), shown));
  body.addEventListener('click', (event) => {
    const element = event.target instanceof Element ? event.target.closest('tr') : null;
    const row = rows.find((each) => each.element === element);
    if (row !== undefined) open(row.at);
  });
  makeSortable(table, body, rows);
}

function readRows(body: HTMLTableSectionElement, data: MatrixData): Row[] {
  return [...body.rows].map((element, at) => {
    const [account = '', relation = '', holds = [], numbers = []] = data.accounts[at] ?? [];
    const cells = numbers.map((number) => data.cells[number] ?? []);
    for (const [index, accesses] of cells.entries()) {
      // Letters say little to whoever listens.
      const cell = element.cells[index + 2];
      const words = accesses.map(([outcome, decision]) => `${outcome}, ${DECISIONS[decision]}`).join('; ');
      if (cell !== undefined) cell.title = words === '' ? 'nothing' : words;
    }
    return { element, at, text: [account, ...holds].join('\n').toLowerCase(), relation, cells };
  });
}

function filter(rows: readonly Row[], form: FormData, status: HTMLElement): void {
  const field = (name: string): string => String(form.get(name) ?? '');
  const text = field('text').trim().toLowerCase();
  const [decision, outcome, place] = [field('decision'), field('outcome'), field('place')];
  let count = 0;
  for (const { element, text: own, cells } of rows) {
    const looked = place === '' ? cells : [cells[Number(place)] ?? []];
    const ofOutcome = looked.flatMap((cell) => cell.filter((access) => outcome === '' || access[0] === outcome));
    const fits =
      decision === 'none'
        ? ofOutcome.length === 0
        : decision === '' && outcome === '' && place === ''
          ? true
          : ofOutcome.some((access) => decision === '' || access[1] === decision);
    const visible = fits && own.includes(text);
    if (element.hidden === visible) element.hidden = !visible;
    if (visible) count++;
  }
  status.textContent = count === rows.length ? `${count} accounts.` : `${count} of ${rows.length} accounts.`;
}

/** What the policy rules out weighs most. */
const WEIGHTS: Readonly<Record<string, number>> = { broken: 1000, release: 100, exempt: 10, allowed: 1 };

function weight(cell: readonly AccessRow[] | undefined): number {
  return (cell ?? []).reduce((sum, [, decision]) => sum + (WEIGHTS[decision] ?? 0), 0);
}

function makeSortable(table: HTMLTableElement, body: HTMLTableSectionElement, rows: readonly Row[]): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const [column, head] of heads.entries()) {
    head.querySelector('button')?.addEventListener('click', () => {
      const texts = column < 2;
      const first = texts ? 'ascending' : 'descending';
      const before = head.getAttribute('aria-sort');
      const now = before === null ? first : before === 'ascending' ? 'descending' : 'ascending';
      for (const each of heads) each.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', now);
      const compare = (a: Row, b: Row): number => {
        if (column === 0) return a.text < b.text ? -1 : 1;
        if (column === 1) return a.relation.localeCompare(b.relation) || a.at - b.at;
        return weight(a.cells[column - 2]) - weight(b.cells[column - 2]);
      };
      const sign = now === 'ascending' ? 1 : -1;
      const order = [...rows].sort((a, b) => sign * compare(a, b) || a.at - b.at);
      body.append(...order.map(({ element }) => element));
    });
  }
}
