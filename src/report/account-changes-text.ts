/** What a change means for accounts, as text: a block for each, those that gain first. */
import type { AccountChange } from '../plan/account-changes.ts';
import { type ChangeBlock, type ChangesOptions, changesShown } from './account-changes-shown.ts';
import { wrap } from './layout.ts';
import type { Paint } from './paint.ts';

const SIGNS = {
  made: ['+', 'green'],
  dropped: ['-', 'red'],
  changed: ['~', 'yellow'],
  assignable: ['~', 'yellow'],
} as const;

/** The sections one after the other, each below its title. */
export function accountChangesText(
  changes: readonly AccountChange[],
  paint: Paint,
  options: ChangesOptions = {},
): readonly string[] {
  return changesShown(changes, options).flatMap(({ title, blocks, rest }) => [
    paint('bold', wrap(title, 0, paint.width)),
    ...blocks.map((block) => blockText(block, paint)),
    ...(rest === 0 ? [] : [paint('dim', `and ${rest} more like these; --full shows all`)]),
  ]);
}

function blockText({ kind, title, lines, why }: ChangeBlock, paint: Paint): string {
  const [sign, style] = SIGNS[kind];
  return [
    `${paint(style, sign)} ${paint('bold', wrap(title, 2, paint.width))}`,
    ...lines.map(([label, text]) => `    ${paint('cyan', label.padEnd(6))} ${wrap(text, 11, paint.width)}`),
    ...why.map((text) => `    ${paint('dim', wrap(text, 4, paint.width))}`),
  ].join('\n');
}
