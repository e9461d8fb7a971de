/** Who can, as a list for other programs: spreadsheets and comments. The text has each technique with its steps. */
import type { AskedPrincipal, WhoAnswer } from '../access/who.ts';
import { nameOf } from '../access/who-table.ts';
import { formatResource } from '../model/resource.ts';
import { csvText } from './csv.ts';
import type { Evidence } from './evidence.ts';
import { code, evidenceBlock, table, text } from './formats/markdown-parts.ts';
import { exemptMarks } from './who-text.ts';

/** A row for each account and role. */
export function whoCsv({ principals }: WhoAnswer, evidence: Evidence): string {
  const marks = exemptMarks(evidence);
  return csvText(
    ['account', 'is', 'exempt', 'by', 'through', 'steps'],
    principals.map((principal) => [
      nameOf(principal),
      principal.role === undefined ? 'user' : 'role',
      marks.get(nameOf(principal)) ?? '',
      principal.kind,
      through(principal),
      principal.steps.join(', then '),
    ]),
  );
}

export function whoMarkdown(answer: WhoAnswer, title: string, evidence: Evidence): string {
  const marks = exemptMarks(evidence);
  const rows = answer.principals.map((principal) => [
    principal.role === undefined ? code(nameOf(principal)) : `whoever is given the role ${code(nameOf(principal))}`,
    text(marks.get(nameOf(principal)) ?? ''),
    principal.kind,
    text(through(principal)),
    text(principal.steps.join(', then ')),
  ]);
  const blocks = [
    `### ${text(title)}`,
    ...notSeen(answer),
    rows.length === 0 ? 'Nobody can.' : table(['Account', 'Exempt', 'By', 'Through', 'It can'], rows),
    ...notListed(answer),
    evidenceBlock(evidence),
  ];
  return `${blocks.join('\n\n')}\n`;
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
