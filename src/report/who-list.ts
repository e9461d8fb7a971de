/** Who can, as a list for other programs: spreadsheets and comments. The text has each technique with its steps. */
import type { AskedPrincipal, WhoAnswer } from '../access/who.ts';
import { nameOf } from '../access/who-table.ts';
import { formatResource } from '../model/resource.ts';
import { csvText } from './csv.ts';
import type { Evidence } from './evidence.ts';
import { code, evidenceBlock, table, text } from './formats/markdown-parts.ts';
import { exemptMark, rowKind, rowName } from './who-names.ts';

/** A row for each account and role. */
export function whoCsv({ principals }: WhoAnswer, evidence: Evidence): string {
  const markOf = exemptMark(evidence);
  return csvText(
    ['account', 'is', 'exempt', 'by', 'through', 'steps'],
    principals.map((principal) => {
      const row = rowOf(principal);
      const { kind, steps } = principal;
      return [row.name, rowKind(row), markOf(row) ?? '', kind, through(principal), steps.join(', then ')];
    }),
  );
}

export function whoMarkdown(answer: WhoAnswer, title: string, evidence: Evidence): string {
  const markOf = exemptMark(evidence);
  const rows = answer.principals.map((principal) => {
    const row = rowOf(principal);
    const { kind, steps } = principal;
    const name = rowName({ ...row, name: code(row.name) });
    return [name, text(markOf(row) ?? ''), kind, text(through(principal)), text(steps.join(', then '))];
  });
  const blocks = [
    `### ${text(title)}`,
    ...notSeen(answer),
    rows.length === 0 ? 'Nobody can.' : table(['Account', 'Exempt', 'By', 'Through', 'It can'], rows),
    ...notListed(answer),
    evidenceBlock(evidence),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function rowOf(principal: AskedPrincipal) {
  return { name: nameOf(principal), isRole: principal.role !== undefined, shard: principal.shard };
}

/** `app@admin → readWrite@audit → update on audit.*` */
function through({ path, privilege, action }: AskedPrincipal): string {
  return [...path, `${action} on ${formatResource(privilege.resource)}`].join(' → ');
}

export function notSeen({ unreadable }: Pick<WhoAnswer, 'unreadable'>): readonly string[] {
  if (unreadable.length === 0) return [];
  return [unreadable.map(({ what, why }) => `- **not seen**: ${text(`${what}: ${why}`)}`).join('\n')];
}

export function notListed({ unenumerable }: Pick<WhoAnswer, 'unenumerable'>): readonly string[] {
  return unenumerable.length === 0 ? [] : [unenumerable.map((who) => `- not listed: ${text(who)}`).join('\n')];
}
