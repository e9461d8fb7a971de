/** What Markdown is put together from, so that nothing in a text becomes markup, a mention or another cell. */
import { type Evidence, evidenceLines } from '../evidence.ts';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Nothing in a text may become markup, a mention or another cell. */
export function text(raw: string): string {
  return raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#|~!]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll(/\r?\n/g, '<br>');
}

/** In backquotes, of which there are more around it than in it. A bar would end the cell even there. */
export function code(raw: string): string {
  const longest = Math.max(0, ...[...raw.matchAll(/`+/g)].map(([run]) => run.length));
  const quotes = '`'.repeat(longest + 1);
  const gap = raw.startsWith('`') || raw.endsWith('`') ? ' ' : '';
  return `${quotes}${gap}${raw.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')}${gap}${quotes}`;
}

/** What the report is made from. */
export function evidenceBlock(evidence: Evidence): string {
  const lines = evidenceLines(evidence).map(
    ({ label, text: said, alarming }) => `- ${alarming ? `**${label}**` : label}: ${text(said)}`,
  );
  return ['#### Evidence', '', ...lines].join('\n');
}
