/** Who can, as a list for other programs: spreadsheets and comments. The text has each technique with its steps. */
import { grantPathOf } from '../access/grant-paths.ts';
import type { WhoAnswer } from '../access/who.ts';
import { csvText } from './csv.ts';
import type { Evidence } from './evidence.ts';
import { code, evidenceBlock, table, text } from './formats/markdown-parts.ts';
import { exemptMarks, namedPrincipal, principalKind, principalName } from './principals.ts';

/** A row for each account and role. */
export function whoCsv({ principals }: WhoAnswer, evidence: Evidence): string {
  const markOf = exemptMarks(evidence);
  return csvText(
    ['account', 'is', 'exempt', 'by', 'through', 'steps'],
    principals.map((principal) => {
      const named = namedPrincipal(principal);
      return [
        named.name,
        principalKind(named),
        markOf(named) ?? '',
        principal.kind,
        grantPathOf(principal).join(' → '),
        principal.steps.join(', then '),
      ];
    }),
  );
}

export function whoMarkdown(answer: WhoAnswer, title: string, evidence: Evidence): string {
  const markOf = exemptMarks(evidence);
  const rows = answer.principals.map((principal) => {
    const named = namedPrincipal(principal);
    return [
      principalName({ ...named, name: code(named.name) }),
      text(markOf(named) ?? ''),
      principal.kind,
      text(grantPathOf(principal).join(' → ')),
      text(principal.steps.join(', then ')),
    ];
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

export function notSeen({ unreadable }: Pick<WhoAnswer, 'unreadable'>): readonly string[] {
  if (unreadable.length === 0) return [];
  return [unreadable.map(({ what, why }) => `- **not seen**: ${text(`${what}: ${why}`)}`).join('\n')];
}

export function notListed({ unenumerable }: Pick<WhoAnswer, 'unenumerable'>): readonly string[] {
  return unenumerable.length === 0 ? [] : [unenumerable.map((who) => `- not listed: ${text(who)}`).join('\n')];
}
