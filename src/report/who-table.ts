/** Who can do what at one place, as a table: a row for each account, a column for each outcome. */
import { EVERY_OUTCOME } from '../access/techniques.ts';
import type { AccessRow, WhoTable } from '../access/who-table.ts';
import { groupBy } from '../model/keyed.ts';
import { csvText } from './csv.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { code, evidenceBlock, table, text } from './formats/markdown-parts.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { exemptMarks, principalKind, principalName } from './principals.ts';
import { notListed, notSeen } from './who-list.ts';
import { pairTexts, unlistedTexts } from './who-text.ts';

/** In a cell: by its own grants, by a step of escalation, by a weakness of the release. */
const CELLS = { direct: 'yes', escalation: 'steps', server: 'flaw' } as const;
const NONE = '-';
const STYLES = { yes: 'red', steps: 'yellow', flaw: 'cyan', [NONE]: 'dim' } as const;

const LEGEND =
  'yes: by its own grants. steps: by first giving itself other rights or another identity. flaw: by a weakness of this release.';

/** Above it, accounts that can the same are told together. */
const MOST_ROWS = 60;
const MOST_NAMES = 3;

export function whoTableText(answer: WhoTable, evidence: Evidence, paint: Paint, full: boolean): string {
  const { rows, accounts, together } = answer;
  const markOf = exemptMarks(evidence);
  const cells = rows.map((row) => ({ row, cells: cellsOf(row), mark: markOf(row) }));
  const lines =
    full || rows.length <= MOST_ROWS
      ? cells.map((each) => ({ ...each, name: principalName(each.row) }))
      : [...groupBy(cells, ({ cells: said, mark = '' }) => JSON.stringify([said, mark])).values()].map((group) => ({
          ...group[0],
          name: groupName(group.map(({ row }) => principalName(row))),
        }));
  const widths = EVERY_OUTCOME.map((outcome) => Math.max(outcome.length, CELLS.escalation.length));
  const head = EVERY_OUTCOME.map((outcome, at) => outcome.padEnd(widths[at] ?? 0)).join(' ');
  const shown = lines.map(({ cells: said, name, mark }) => {
    const columns = said.map((cell, at) => paint(STYLES[cell], cell.padEnd(widths[at] ?? 0))).join(' ');
    const account = wrap(mark === undefined ? name : `${name} ${mark}`, head.length + 1, paint.width);
    return `${columns} ${mark === undefined ? account : paint('green', account)}`;
  });
  const users = rows.filter(({ isRole }) => !isRole);
  const exempt = users.filter((row) => markOf(row) !== undefined).length;
  return [
    ...(rows.length === 0
      ? []
      : [[paint('dim', `${head} account`), ...shown].join('\n'), paint('dim', wrap(LEGEND, 0, paint.width))]),
    ...pairTexts(together, paint),
    unlistedTexts(answer, paint),
    evidenceText(evidence, paint),
    paint('bold', wrap(closing(users.length, accounts, rows.length - users.length, exempt), 0, paint.width)),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function closing(able: number, accounts: number, roles: number, exempt: number): string {
  const others = roles === 0 ? '' : ` ${count(roles, 'role')} that a group could be given can, too.`;
  const marked = exempt === 0 ? '' : ` Break-glass among them: ${exempt}.`;
  return `${able} of ${count(accounts, 'account')} can do at least one of these.${marked}${others}`;
}

type Cell = (typeof CELLS)[keyof typeof CELLS] | typeof NONE;

function cellsOf({ outcomes }: AccessRow): readonly Cell[] {
  return EVERY_OUTCOME.map((outcome) => {
    const found = outcomes.get(outcome);
    return found === undefined ? NONE : CELLS[found.kind];
  });
}

function groupName(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return more > 0 ? `${count(names.length, 'account')}: ${shown} and ${more} more` : shown;
}

/** A row for each account; the cells are those of the text. */
export function whoTableCsv({ rows }: WhoTable, evidence: Evidence): string {
  const markOf = exemptMarks(evidence);
  return csvText(
    ['account', 'is', 'exempt', ...EVERY_OUTCOME],
    rows.map((row) => [row.name, principalKind(row), markOf(row) ?? '', ...cellsOf(row)]),
  );
}

export function whoTableMarkdown(answer: WhoTable, title: string, evidence: Evidence): string {
  const markOf = exemptMarks(evidence);
  const rows = answer.rows.map((row) => [
    principalName({ ...row, name: code(row.name) }),
    text(markOf(row) ?? ''),
    ...cellsOf(row),
  ]);
  const blocks = [
    `### ${text(title)}`,
    ...notSeen(answer),
    ...(rows.length === 0
      ? ['Nobody can do any of these.']
      : [table(['Account', 'Exempt', ...EVERY_OUTCOME], rows), LEGEND]),
    ...notListed(answer),
    evidenceBlock(evidence),
  ];
  return `${blocks.join('\n\n')}\n`;
}
