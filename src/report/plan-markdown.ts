/** A plan as Markdown, for a comment on a pull request: who gains first and in full, the rest folded. */
import { violationText } from '../access/violations.ts';
import type { Position } from '../policy/problem.ts';
import { type ChangeBlock, changesShown } from './account-changes-shown.ts';
import type { Evidence } from './evidence.ts';
import { code, evidenceBlock, table, text } from './formats/markdown-parts.ts';
import { count } from './layout.ts';
import { plain } from './paint.ts';
import { closingText, type PlanTextOptions, planObjects, type ShownPlan } from './plan-text.ts';
import { reachByAccount, undecidedTexts } from './rewrite-text.ts';

/** `subject`: `policy "p" and prod`. */
export function planMarkdown(
  plan: ShownPlan,
  subject: string,
  evidence: Evidence,
  options: Omit<PlanTextOptions, 'evidence'> = {},
): string {
  const { pending = [], violations = [], open = [], full = false } = options;
  const sections = changesShown(plan.accounts, { full, reach: reachByAccount(plan.rewrites ?? []) });
  const objects = planObjects(plan, full);
  const undecided = undecidedTexts(plan.undecided ?? [], plain, full).map(unmarked);
  const blocks = [
    '### mongoward migrate plan',
    `**${text(closingText(plan, options))}** — ${text(subject)}`,
    list(
      `On top of ${count(pending.length, 'pending migration')}`,
      pending.map(({ name }) => code(name)),
    ),
    list(
      'What would be written violates what the policies demand',
      violations.map((violation) => at(violationText(violation), violation.origin())),
    ),
    list(
      'What the policy protects stays open',
      open.map((violation) => at(violationText(violation), violation.origin())),
    ),
    list(
      'Obstacles',
      (plan.obstacles ?? []).map(({ message, at: where }) => at(message, where)),
    ),
    ...sections.map(({ title, blocks: changes, rest }) => {
      const more = rest === 0 ? '' : `\n\nand ${rest} more like these; \`--full\` shows all`;
      const body = `${table(['Accounts', 'What changes', 'Why'], changes.map(row))}${more}`;
      return isGaining(changes) || full ? `#### ${text(title)}\n\n${body}` : folded(title, body);
    }),
    list(
      'What to know before',
      plan.warnings.map(({ message, at: where }) => at(message, where)),
    ),
    list('For a person to decide', undecided.map(text)),
    objects.length === 0
      ? ''
      : folded(`Objects: ${objects.length}`, objects.map((title) => `- ${text(unmarked(title))}`).join('\n')),
    evidenceBlock(evidence),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function isGaining(changes: readonly ChangeBlock[]): boolean {
  return changes.some(({ lines }) => lines.some(([label]) => label === 'gains'));
}

function row({ title, lines, why }: ChangeBlock): string[] {
  return [
    text(title),
    lines.map(([label, said]) => `**${label}** ${text(said)}`).join('<br>'),
    why.map(text).join('<br>'),
  ];
}

/** On one line, without the sign before it, which would begin a list. */
function unmarked(line: string): string {
  return line
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replace(/^[+~?-] /, '');
}

function list(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : `#### ${title}\n\n${entries.map((entry) => `- ${entry}`).join('\n')}`;
}

function folded(title: string, body: string): string {
  return `<details><summary>${text(title)}</summary>\n\n${body}\n\n</details>`;
}

function at(message: string, where: Pick<Position, 'file' | 'line'> | undefined): string {
  return where === undefined ? text(message) : `${text(message)} (${code(`${where.file}:${where.line}`)})`;
}
