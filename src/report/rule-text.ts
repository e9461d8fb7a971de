/** Rules and their pages in a terminal. */
import type { DriftRule } from '../drift/rules.ts';
import type { LintRule } from '../lint/rule.ts';
import { sortedBy } from '../model/order.ts';
import { wrap } from './layout.ts';
import type { Paint } from './paint.ts';

/**
 * Every rule of the linter with its level in the preset `recommended`, and in `strict` where that is another, then what a
 * drift report finds; each by name.
 */
export function ruleListText(rules: readonly LintRule[], findings: readonly DriftRule[], paint: Paint): string {
  const line = (name: string, levels: string, description: string): string =>
    `${paint('bold', name)} ${paint('dim', `(${levels})`)}\n  ${wrap(`${description}.`, 2, paint.width)}`;
  const linted = sortedBy(rules, ({ name }) => name).map(({ name, description, recommended, strict }) => {
    const levels = strict === undefined || strict === recommended ? recommended : `${recommended}, strict: ${strict}`;
    return line(name, levels, description);
  });
  const found = sortedBy(findings, ({ name }) => name).map(({ name, severity, description }) =>
    line(name, severity, description),
  );
  return [
    ...linted,
    paint('bold', 'What drift report finds'),
    ...found,
    `${rules.length} rules of the linter, ${findings.length} of drift report. mongoward policy explain RULE says more about one.`,
  ].join('\n\n');
}

const EXAMPLE = /^(```.*\n(?:[^`].*\n|\n|`{1,2}[^`].*\n)*```)$/m;

/** A page as text: headings stand out, paragraphs fit the terminal, examples stay as they are. */
export function pageText(page: string, paint: Paint): string {
  return page
    .split(EXAMPLE)
    .flatMap((part) =>
      part.startsWith('```')
        ? [exampleText(part, paint)]
        : part
            .split(/\n{2,}/)
            .map((block) => block.trim())
            .filter((block) => block !== '')
            .map((block) => paragraphText(block, paint)),
    )
    .join('\n\n');
}

const TITLES: Readonly<Record<string, string>> = { hostile: 'An example that is found:', 'near-miss': 'Not found:' };

function exampleText(fenced: string, paint: Paint): string {
  const [head = '', ...lines] = fenced.split('\n').slice(0, -1);
  const title = TITLES[/^```\w+ ([a-z-]+)/.exec(head)?.[1] ?? ''];
  const text = lines.map((line) => (line === '' ? '' : `    ${line}`));
  return [...(title === undefined ? [] : [paint('dim', title), '']), ...text].join('\n');
}

function paragraphText(block: string, paint: Paint): string {
  const heading = /^#+ (.*)$/.exec(block)?.[1];
  if (heading !== undefined) return paint('bold', heading);
  const plainText = block.replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)');
  if (/^\s*([-|]|\d+\.)\s?/.test(plainText)) {
    return plainText
      .split(/\n(?=\s*(?:[-|]|\d+\.)\s?)/)
      .map((item) => (item.startsWith('|') ? item : wrap(item.replaceAll(/\s*\n\s*/g, ' '), 2, paint.width)))
      .join('\n');
  }
  return wrap(plainText.replaceAll(/\s*\n\s*/g, ' '), 0, paint.width);
}
